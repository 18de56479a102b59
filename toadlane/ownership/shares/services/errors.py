from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected


class NotOnOffer(Expected):
    words = _("The bylaws have no such shares for this class of members.")
    status = 422
    field = "share_class"


class BeyondTheCap(Expected):
    words = _("Nobody may hold so many of these shares.")
    status = 422
    field = "shares"


class TooMuchInvested(Expected):
    words = _("Those who only invest would hold too much of the capital. Other members’ shares come first.")
    status = 422
    field = "shares"


class ReasonNeeded(Expected):
    words = _("Say which good reason there was for leaving early.")
    status = 422
    field = "reason"


class NotEnoughShares(Expected):
    words = _("That is more than this member holds and has not given up already.")
    status = 422
    field = "shares"


class StillUnpaid(Expected):
    words = _("These shares are not paid in full yet. Pay the rest first.")


class NothingUnpaid(Expected):
    words = _("Everything that was subscribed is paid.")


class NotTransferable(Expected):
    words = _("The bylaws do not let these shares pass to this person.")
    status = 422
    field = "to"


class NotYours(Expected):
    words = _("Shares go to another member, not to oneself.")
    status = 422
    field = "to"


class WrongDay(Expected):
    words = _("This day is yet to come.")
    status = 422
    field = "died_on"


class OwnCase(Expected):
    words = _("Nobody decides what comes to themselves. Let somebody else do it.")
    status = 403


class ProofNeeded(Expected):
    words = _("Say what proves it, such as a certificate of inheritance with its number.")
    status = 422
    field = "proof"


class UnderWay(Expected):
    words = _("This is being collected from your account by direct debit.")


class WrongMoment(Expected):
    words = _("This is not in a state in which that can be done.")


class SecondPersonNeeded(Expected):
    words = _("Whoever recorded it cannot confirm it. Another person has to look as well.")
    status = 403
