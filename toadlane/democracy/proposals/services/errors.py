"""What can stand in the way, said so that people know what to do."""

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.society.bylaws.rules.decisions import Fault


class NotNow(Expected):
    words = _("The proposal is not at this point of its way.")


class NotReady(Expected):
    words = _("This cannot be voted on yet.")


class SayMore(Expected):
    words = _("Write it in words: the others read them.")
    status = 422
    field = "text"


class CannotBeDecided(Expected):
    """This cannot be decided so."""

    status = 422
    field = "contents"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(" ".join(fault.words for fault in faults))
        self.code_of_fault = faults[0].code
        self.errors = [{"field": fault.field or "contents", "detail": fault.words} for fault in faults]


class TooSoon(Expected):
    words = _("The members decided on this not long ago.")


class TooWeak(Expected):
    words = _("This takes a stricter way of deciding.")
    status = 422
    field = "procedure"


class AlreadySigned(Expected):
    words = _("Your name is under it already.")


class Changed(Expected):
    words = _("What was decided is not what stands here. Nothing was done.")
