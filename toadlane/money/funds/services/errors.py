"""What can stand in the way of spending, in words for whoever it happens to."""

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected


class NotDecided(Expected):
    words = _("No decision allows this, and it is more than the officers may pay without one.")
    hint = _("Put it to the vote; when it has passed, it can be paid.")  # type: ignore[assignment]


class Decided(Expected):
    words = _("This rests on a decision already.")


class NotAnAccount(Expected):
    words = _("This is not an account number (IBAN). Look at it again: its check digits do not fit.")
    status = 422
    field = "payee_account"


class OverDecided(Expected):
    words = _("That is more than the members decided to spend.")
    status = 422
    field = "amount"


class OverMonth(Expected):
    words = _("The officers have paid as much without a vote as they may in a month.")
    hint = _("Put it to the vote, or wait until the month is over.")  # type: ignore[assignment]


class TooMuchInAdvance(Expected):
    words = _("That is more than the bylaws let be paid before there is a receipt.")
    status = 422
    field = "amount"


class NoReceipt(Expected):
    words = _("There is no receipt yet.")
    hint = _("Whoever asked for it attaches the receipt; then it can be paid.")  # type: ignore[assignment]


class NotOpen(Expected):
    words = _("This expense is over.")


class OneByOne(Expected):
    words = _("A payment for this is prepared already.")
    hint = _("A second officer pays it, or drops it.")  # type: ignore[assignment]


class SecondPersonNeeded(Expected):
    words = _("You prepared it. Another officer has to pay it.")


class OwnExpense(Expected):
    words = _("It is your own expense. Two others have to pay it.")


class PayeeDiffers(Expected):
    words = _("The members decided whom to pay, and this is somebody else.")
    status = 422
    field = "payee"


class BelongsToOthers(Expected):
    words = _("The co-op has not that much of its own: what is left belongs to customers and to those who worked.")


class NothingAdvanced(Expected):
    words = _("Nothing has been paid in advance that could be accounted for or given back.")


class NotAnAmount(Expected):
    words = _("Say an amount above nothing.")
    status = 422
    field = "amount"
