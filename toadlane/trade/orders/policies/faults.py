from toadlane.kernel.errors import Expected


class BadProcess(Expected):
    """This order process cannot be run."""

    status = 422
