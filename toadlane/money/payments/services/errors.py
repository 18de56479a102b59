"""What can go wrong with a payment, in words for the person who pays."""

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected


class NotOnOffer(Expected):
    words = _("One cannot pay this way here.")
    status = 422
    field = "method"


class InvalidCard(Expected):
    words = _("This card number is not right.")
    status = 422
    field = "card.number"


class NotPossible(Expected):
    """The payment is not in a state where this can be done."""


class TooMuch(Expected):
    words = _("That is more than there is.")
    status = 422
    field = "amount"


class BeyondCredit(Expected):
    words = _("That is more credit than you have.")
    status = 422
    field = "method"


class SecondPersonNeeded(Expected):
    words = _("Somebody other than the person who recorded it has to confirm it.")
    status = 403
