from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected


class NoScale(Expected):
    words = _("The bylaws say what dues are; there is nothing to choose.")


class OffTheScale(Expected):
    words = _("That is not on the scale that the bylaws have.")
    status = 422
    field = "amount"


class NothingToPay(Expected):
    words = _("Nothing is to be paid.")
    status = 422
    field = "amount"


class TooFarAhead(Expected):
    words = _("That is more than is owed and a year’s dues ahead.")
    status = 422
    field = "amount"


class UnderWay(Expected):
    words = _("This is being collected from your account by direct debit.")


class ReasonNeeded(Expected):
    words = _("Say why, in a few words: whoever looks at the books later asks.")
    status = 422
    field = "reason"


class NotThatLong(Expected):
    words = _("A waiver begins today or later and ends within two years. It can be given again.")
    status = 422
    field = "until"


class Over(Expected):
    words = _("This is over or settled already.")
