"""What can go wrong with a payment, in words for the person who pays."""

from toadlane.kernel.errors import Expected


class NotOnOffer(Expected):
    """One cannot pay this way here."""

    status = 422
    field = "method"


class InvalidCard(Expected):
    """This card number is not complete."""

    status = 422
    field = "card.number"


class NotPossible(Expected):
    """The payment is not in a state where this can be done."""


class TooMuch(Expected):
    """That is more than there is."""

    status = 422
    field = "amount"


class SecondPersonNeeded(Expected):
    """Somebody other than the person who recorded it has to confirm it."""

    status = 403
