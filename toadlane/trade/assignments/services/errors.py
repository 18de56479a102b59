"""What can be wrong about activities, and what to do then."""

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected


class NotEmploying(Expected):
    words = _("This co-op employs nobody for clients: its bylaws say so.")
    hint = _("Members can decide it: the rule is called “work.activities”.")  # type: ignore[assignment]


class NotOfHere(Expected):
    words = _("Join the co-op first, or ask to.")
    status = 403


class ManagerIsNoMember(Expected):
    words = _("No new money enters an activity while whoever manages it is not a member.")
    hint = _("What the activity has can still be spent. Join the co-op to invoice again.")  # type: ignore[assignment]


class TooManyOpen(Expected):
    words = _("There are too many of these already. Finish or drop some first.")


class JustSent(Expected):
    words = _("It was sent a moment ago. Give the client an hour before you send it again.")


class NotEnough(Expected):
    words = _("The activity does not have that much that nobody has been promised.")
    status = 422
    field = "amount"


class NotAnAmount(Expected):
    words = _("Say an amount above nothing, in the money of the activity.")
    status = 422
    field = "amount"


class NoSuchPerson(Expected):
    words = _("Nobody on this server has that e-mail address.")
    status = 422
    field = "email"


class SameActivity(Expected):
    words = _("Choose another activity to move the money to.")
    status = 422
    field = "target"


class NoLines(Expected):
    words = _("Say what is to be paid for, with an amount above nothing on each line.")
    status = 422
    field = "lines"


class DaysOutOfOrder(Expected):
    words = _("The last day comes after the first, and the work is done between them.")
    status = 422
    field = "last_day"


class NotACountry(Expected):
    words = _("Give the country as two letters, such as IE.")
    status = 422
    field = "country"


class NotAVatNumber(Expected):
    words = _("This is not a number for value added tax: it begins with the two letters of its country, such as IE1234567FA.")
    status = 422
    field = "vat_number"


class WrongMoment(Expected):
    words = _("This order is past that, or not there yet.")


class TextChanged(Expected):
    words = _("The quote is not the one you read. Please read it again.")
    field = "digest"


class NameNeeded(Expected):
    words = _("Write your name: it is kept with the confirmation.")
    status = 422
    field = "name"


class NoSuchTrade(Expected):
    words = _("The bylaws name no such trade.")
    status = 422
    field = "trade"


class NotAPart(Expected):
    words = _("A part of a day is more than nothing and at most the whole of it.")
    status = 422
    field = "part"


class NotAWorker(Expected):
    words = _("A contract is made with somebody of the activity.")
    status = 422
    field = "worker"


class BelowFloor(Expected):
    """The wage of a day is below what the bylaws say for the trade and the date."""

    status = 422
    field = "amount"


class OverBudget(Expected):
    words = _("The order leaves less than that for labor.")
    status = 422
    field = "amount"


class WagesFirst(Expected):
    words = _("Wages for this order are still to be paid, and the guarantee fund answers for them. Give it up after that.")


class ReceiptNeeded(Expected):
    words = _("There is no receipt yet. Attach one first.")
    field = "file"


class Decided(Expected):
    words = _("This was decided already.")


class OwnOutlay(Expected):
    words = _("Somebody else has to look at what one asked for oneself.")
    status = 403


class ReasonNeeded(Expected):
    words = _("Say why, in a few words.")
    status = 422
    field = "reason"


class NothingLeft(Expected):
    words = _("The client has nothing with the co-op that is not on its way back already.")


class OtherClient(Expected):
    words = _("It goes against an invoice of the same client, in the same currency.")
    status = 422
    field = "target"


class NotAQuestion(Expected):
    words = _("Write a few words: a thousand letters at most.")
    status = 422
    field = "text"


class TooManyRemarks(Expected):
    words = _("That is a lot of letters already. Please talk to each other.")


class NewerQuote(Expected):
    words = _("There is a newer quote. Use the address in the newest letter.")
    status = 410
