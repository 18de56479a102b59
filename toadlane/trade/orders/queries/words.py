"""What states and transitions are called, and the sentence each leaves in the story."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

STATES = {
    "unpaid": (lazy("Waiting for payment"), "warn"),
    "offered": (lazy("Looking for who comes"), "live"),
    "requested": (lazy("Waiting for an answer"), "live"),
    "accepted": (lazy("Accepted"), "live"),
    "assigned": (lazy("Somebody is coming"), "live"),
    "started": (lazy("Under way"), "live"),
    "done": (lazy("Done"), "good"),
    "confirmed": (lazy("Done and confirmed"), "good"),
    "released": (lazy("Done and paid"), "good"),
    "paid": (lazy("Paid"), "live"),
    "shipped": (lazy("On its way"), "live"),
    "received": (lazy("Received"), "good"),
    "lapsed": (lazy("Lapsed"), "off"),
    "declined": (lazy("Not this time"), "off"),
    "cancelled": (lazy("Cancelled"), "off"),
    "disputed": (lazy("Something was not right"), "bad"),
    "settled": (lazy("Settled"), "good"),
    "open": (lazy("Waiting for an answer"), "live"),
    "answered": (lazy("Answered"), "good"),
    "closed": (lazy("Closed"), "off"),
}
BACK = {
    "open": lazy("Taken back by the payer’s bank"),
    "open_part": lazy("Part of it taken back by the payer’s bank"),
    "lost": lazy("Taken back by the payer’s bank for good"),
}
DEEDS = {
    "accept": lazy("Accept"),
    "decline": lazy("Say no"),
    "cancel": lazy("Cancel"),
    "call_off": lazy("Call it off"),
    "no_show": lazy("Nobody opened"),
    "assign": lazy("Say who goes"),
    "start": lazy("Begin"),
    "finish": lazy("It is done"),
    "confirm": lazy("All was well"),
    "dispute": lazy("Something was wrong"),
    "drop_dispute": lazy("It is settled between us"),
    "settle": lazy("Decide"),
    "move": lazy("Move it"),
    "ship": lazy("It is on its way"),
    "receive": lazy("It has arrived"),
    "answer": lazy("Answered"),
    "ask": lazy("Ask again"),
    "close": lazy("Close"),
}


# What a state says of money, a bank or a refund can make untrue.
SAYS_PAID = frozenset({"paid", "released"})


def standing(order: Any, taken: str = "") -> list[tuple[str, str]]:
    """Return how an order stands, each in a word and its tone: what its process says, and what has become of its money.

    :param taken: what `reversals.taken_back` says of it
    """
    told = (state(order.state), tone(order.state))
    if taken in BACK:
        money = (str(BACK[taken]), "bad" if taken.startswith("open") else "off")
        return [money] if order.state in SAYS_PAID else [told, money]
    if order.state in SAYS_PAID and order.captured_minor and order.refunded_minor == order.captured_minor:
        return [(_("Given back"), "off")]
    return [told]


def state(name: str) -> str:
    return str(STATES[name][0]) if name in STATES else name.replace("_", " ").capitalize()


def tone(name: str) -> str:
    return STATES[name][1] if name in STATES else "live"


def deed(name: str, *, again: bool = False) -> str:
    """Return what somebody can do.

    :param again: it was done before, and can be done otherwise
    """
    if again and name == "assign":
        return _("Send somebody else")
    return str(DEEDS[name]) if name in DEEDS else name.replace("_", " ").capitalize()


def placed(kind: str) -> str:
    """Return how an order began, to be read after the name of who ordered."""
    told = {
        "purchase": _("ordered “%(title)s”."),
        "inquiry": _("asked about “%(title)s”."),
        "booking": _("asked for “%(title)s”."),
    }
    return told.get(kind) or _("booked “%(title)s”.")


def placed_now(kind: str) -> str:
    """Return what is said to whoever has just ordered."""
    told = {
        "purchase": _("Ordered. The story of it is on this page."),
        "booking": _("Asked for. You hear from us; the story of it is on this page."),
        "inquiry": _("Asked. The answer comes on this page."),
    }  # fmt: skip
    return told.get(kind) or _("Booked. The story of it is on this page.")


def sentence(name: str, actor: str) -> str:
    """Return what happened, to be read after the name of who did it, or alone when nobody in particular did."""
    if actor == "system":
        return _by_itself(name)
    told = {
        "accept": _("accepted."), "decline": _("said no."), "cancel": _("cancelled."), "call_off": _("called it off."),
        "no_show": _("came, and nobody opened."), "assign": _("said who goes."), "start": _("began."), "finish": _("finished."),
        "confirm": _("confirmed that all was well."), "dispute": _("said that something was not right."),
        "drop_dispute": _("settled it."), "settle": _("decided."), "move": _("moved it."), "ship": _("sent it."),
        "receive": _("received it."), "refund": _("gave money back."), "answer": _("answered."), "ask": _("asked again."),
        "close": _("closed it."),
    }  # fmt: skip
    return told.get(name, f"{deed(name)}.")


def _by_itself(name: str) -> str:
    told = {
        "lapse": _("The time for paying ran out."),
        "expire": _("Nobody answered in time."),
        "decline": _("Nobody could take it on."),
        "never_came": _("Nobody came, so all of it goes back."),
        "never_sent": _("It was not sent in time, so all of it goes back."),
        "nobody_decided": _("Nobody decided in time, so all of it goes back."),
        "finish": _("Nobody said otherwise, so it counts as done."),
        "confirm": _("Nobody objected in time, so it counts as confirmed."),
        "receive": _("Nobody said otherwise, so it counts as received."),
        "release": _("The money went to everyone’s shares."),
        "refund": _("Money went back."),
        "chargeback_lost": _("The payer’s bank took money back for good."),
        "chargeback_won": _("The payer’s bank had to return what it took."),
        "close": _("Nothing was said for a while, so it was closed."),
        "accept": _("It was accepted."),
        "assign": _("It was said who goes."),
        "start": _("It began."),
    }
    return told.get(name, f"{deed(name)}.")


def why_untaxed(priced: Any) -> str:
    """Say why no VAT is charged on a quote or an order, where that is not by the bylaws alone."""
    told = {
        "small": _("No VAT: the seller is a small business"), "reverse": _("No VAT: the business that buys owes it"),
        "intra": _("No VAT: it goes to a business in another state"),
    }  # fmt: skip
    return told.get(priced.tax.get("why", ""), "")
