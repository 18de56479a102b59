"""What can go wrong with an order, in words for whoever it happens to."""

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected


class NotNow(Expected):
    words = _("This cannot be done with the order as it is now.")


class TooEarly(Expected):
    """It is too early for this."""


class TooLate(Expected):
    words = _("It is too late for this.")


class MovedOn(Expected):
    words = _("Somebody was quicker: the order has moved on meanwhile.")
    hint = _("Look at it again.")  # type: ignore[assignment]


class NotInCredit(Expected):
    words = _("Only members pay with credit, and for the work of other members.")
    hint = _("Pay another way.")  # type: ignore[assignment]
    status = 422
    field = "method"


class NotPaidYet(Expected):
    words = _("The money has not arrived yet.")
    hint = _("We look again by ourselves.")  # type: ignore[assignment]


class NotAVatNumber(Expected):
    words = _("This is not a VAT number: it begins with the two letters of its country, such as IE1234567FA.")
    hint = _("Look whether a digit is missing. Without a number of a business the field stays empty.")  # type: ignore[assignment]
    status = 422


class ChargedBack(Expected):
    words = _("The payer’s bank has taken the money back.")

    hint = _("Nothing is shared out or given back a second time while the card company looks into it.")  # type: ignore[assignment]


class NoSuchProcess(Expected):
    words = _("This co-op has no such way of ordering.")
    status = 422
    field = "process"


class NotOnSale(Expected):
    words = _("This cannot be ordered at the moment.")
    status = 409
    field = "listing"


class BelowTheFloor(Expected):
    """At this price an hour of work would bring less than the members agreed on."""

    status = 422
    field = "level"


class LessThanNothing(Expected):
    words = _("Fee, tax and funds would come to more than the price: whoever does the work would have to pay for it.")
    hint = _("The members can change the shares; until they do, nothing is sold at this price.")  # type: ignore[assignment]


class InThePast(Expected):
    words = _("This time is over already.")
    status = 422
    field = "starts"


class TooFarAhead(Expected):
    words = _("Nobody can say today what will be then. Choose a time within the next two years.")
    status = 422
    field = "starts"


class TooLong(Expected):
    words = _("This is longer than can be booked at once.")
    status = 422
    field = "ends"


class TooMuchAtOnce(Expected):
    words = _("This comes to more than can be paid at once.")
    status = 422
    field = "quantity"


class ChooseATime(Expected):
    words = _("Choose a day and a time first.")
    status = 422
    field = "starts"


class QuoteExpired(Expected):
    words = _("This price was good for a while, and that while is over.")
    status = 409
    field = "quote"
    hint = _("Ask for the price again; what you chose is still there.")  # type: ignore[assignment]


class QuoteUsed(Expected):
    words = _("This has been ordered already.")
    field = "quote"
    hint = _("To order it a second time, ask for the price again.")  # type: ignore[assignment]


class QuoteOutdated(Expected):
    words = _("The members changed the rules since this price was worked out.")
    field = "quote"
    hint = _("Ask for the price again.")  # type: ignore[assignment]


class DearerNow(Expected):
    words = _("It costs more now than you were shown, and nothing was ordered.")
    field = "total_minor"
    hint = _("Look at the new price, and order again if you like it.")  # type: ignore[assignment]


class NoSuchQuote(Expected):
    words = _("There is no such price.")
    status = 404
    field = "quote"
    hint = _("Ask for the price again.")  # type: ignore[assignment]


class KeyReused(Expected):
    words = _("This key was used for another order.")
    status = 422
    hint = _("Use a new key for a new order, and the same key only to send the same order again.")  # type: ignore[assignment]


class WhoAreYou(Expected):
    words = _("Leave a name, and an e-mail address or a phone number, so that we can reach you.")
    status = 422
    field = "email"


class EmptyCart(Expected):
    words = _("There is nothing in your cart.")
    status = 422


class OneAtATime(Expected):
    words = _("Visits and bookings are paid one by one; things from stock can be paid together.")
    status = 422


class NotInSteps(Expected):
    words = _("The card company cannot move exactly this amount.")
    status = 422
    field = "amount"


class TooMuchBack(Expected):
    words = _("That is more than what is left of the payment.")
    status = 422
    field = "amount"


class NothingBack(Expected):
    words = _("Say how much goes back.")
    status = 422
    field = "amount"


class OfferGone(Expected):
    words = _("This job is not offered to you any more.")
