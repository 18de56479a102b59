"""What the pages and the API show of an order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.payments import queries as payments
from toadlane.money.payments.models import Payment
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import CoopQuerySet
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.messaging import queries as threads
from toadlane.society.messaging.models import Thread
from toadlane.society.people.models import Person
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.orders.models import Order, OrderMoment
from toadlane.trade.orders.permissions import actors
from toadlane.trade.orders.queries import beside, notice, processes, reversals, splits, words
from toadlane.ui import formats, shapes

ENDING = frozenset({"cancel", "call_off", "dispute", "no_show"})
ASKED_MORE = ENDING | {"decline", "assign", "move", "settle"}
SIDES = ("customer", "provider", "worker", "coop")


@dataclass(frozen=True)
class Line:
    text: str
    amount: Money
    code: str = ""
    quantity: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Deed:
    """Something that can be done now, by whoever looks."""

    name: str
    label: str
    until: datetime | None = None
    # The one step that takes the order further; the others stand back.
    is_next: bool = False

    @property
    def is_asked_more(self) -> bool:
        """Say whether it takes more than a press of a button: a name, a time, a reason."""
        return self.name in ASKED_MORE


@dataclass(frozen=True)
class Page:
    order: Order
    # How it stands, each in a word and its tone.
    standing: Sequence[tuple[str, str]]
    lines: Sequence[Line]
    split: shapes.Split | None
    story: Sequence[shapes.Moment]
    deeds: Sequence[Deed]
    waiting_for: str
    payment: Payment | None
    sides: frozenset[str]
    terms: notice.Terms | None
    note: str
    reversals: Sequence[reversals.Reversal]
    why_untaxed: str
    # Whether the payer's bank has taken it back: `reversals.taken_back`.
    taken: str
    # What became of the price: paid, held, still to pay, not charged.
    paid: str
    # What the customer pays besides, after the visit.
    beside: Sequence[beside.Beside]

    @property
    def is_customer(self) -> bool:
        return "customer" in self.sides

    @property
    def bearers_shown(self) -> bool:
        """Whether whoever looks is concerned by who bears what went back: those who were paid, and the co-op."""
        return bool(self.reversals and self.sides & {"provider", "coop", "mediator"})

    @property
    def shows_address(self) -> bool:
        """Whether whoever looks may know where it is: the customer, and the other side once it is taken on."""
        return bool(self.sides & {"customer", "coop"} or (self.order.is_taken_on and self.sides & {"provider", "worker"}))


def lines(priced: Any, language: str | None = None) -> list[Line]:
    """Return the lines of a quote or an order, in the reader's language."""
    language = language or get_language() or "en"
    return [_line(row, priced.currency, language) for row in priced.lines]


def _line(row: dict[str, Any], currency: str, language: str) -> Line:
    name, quantity = catalog.say(row["names"], language), Fraction(row["quantity"])
    if row["code"] == "hours":
        # Half an hour and one and a half are some hours, as six of them are.
        count = int(quantity) if quantity.denominator == 1 else 2
        text = ngettext("%(name)s, %(hours)s hour", "%(name)s, %(hours)s hours", count) % {
            "name": name,
            "hours": _plain(quantity),
        }
    elif row["code"] == "days":
        text = ngettext("%(name)s, %(n)s day", "%(name)s, %(n)s days", int(quantity)) % {"name": name, "n": int(quantity)}
    elif row["code"] == "nights":
        text = ngettext("%(name)s, %(n)s night", "%(name)s, %(n)s nights", int(quantity)) % {"name": name, "n": int(quantity)}
    elif quantity != 1:
        text = f"{_plain(quantity)} \N{MULTIPLICATION SIGN} {name}"
    else:
        text = name
    return Line(text, Money(row["minor"], currency), row["code"], row["quantity"], row["rule"])


def _plain(quantity: Fraction) -> str:
    return formats.number(Decimal(quantity.numerator) / Decimal(quantity.denominator))


def page(order: Order, by: Principal, at: datetime) -> Page:
    """Return all that somebody may see and do of an order."""
    sides = actors(by, order)
    book = bylaws.book(version=order.bylaws_version)
    process = processes.of(order)
    nothing_taken = order.state in process.ends and not order.captured_minor
    split = splits.of_order(order, book, worker=order.worker_name) if order.total_minor and not nothing_taken else None
    cancellable = process.find("cancel", order.state)
    payment = payments.of_subject(order.checkout.subject) if order.checkout and order.total_minor else None
    # It came when the order was over already, and goes back.
    is_late = nothing_taken and order.paid_at is None and payment is not None and payment.captured_minor > 0
    went_back = reversals.of_order(order) if order.captured_minor else []
    taken = reversals.taken_back([order]).get(order.pk, "")
    by_notice = order.starts_at and cancellable and "refund_by_notice" in cancellable.deeds
    return Page(
        order=order, standing=words.standing(order, taken), lines=lines(order), split=split, taken=taken,
        story=story(order), deeds=_held_back(deeds(order, sides, at), taken), sides=sides,
        waiting_for=_waiting_for(order, taken, sides),
        payment=payment,
        terms=notice.terms(order, book, at) if by_notice else None,
        note=_note(order, went_back, nothing_taken=nothing_taken, is_late=is_late),
        reversals=went_back, why_untaxed=words.why_untaxed(order),
        paid=_("Came too late") if is_late else _paid(order, taken, nothing_taken=nothing_taken),
        beside=beside.of_order(order, book) if "customer" in sides and not nothing_taken else [],
    )  # fmt: skip


def deeds(order: Order, sides: frozenset[str], at: datetime) -> list[Deed]:
    """Return what these sides can do with an order now."""
    anchors = processes.Anchors(order)
    lengths = processes.Lengths(lambda: bylaws.book(version=order.bylaws_version))
    found = []
    for transition in processes.of(order).leaving(order.state):
        if not (transition.actors - {"system"}) & sides:
            continue
        if transition.opens and at < transition.opens.at(anchors, lengths):
            continue
        closes = transition.closes.at(anchors, lengths) if transition.closes else None
        if closes is None or at < closes:
            label = words.deed(transition.name, again=transition.name == "assign" and bool(order.worker_name))
            found.append(Deed(transition.name, label, closes))
    # What takes the order further stands before what ends it. Who was chosen already can be changed, but need not be.
    aside = ENDING | {"decline", "move"} | ({"assign"} if order.worker_name else set())
    first = next((deed.name for deed in found if deed.name not in aside), "")
    marked = [replace(deed, is_next=deed.name == first) for deed in found]
    return sorted(marked, key=lambda deed: (deed.name in ENDING, not deed.is_next))


def _held_back(found: list[Deed], taken: str) -> list[Deed]:
    """Let no step stand out while it is not decided whether the payer's bank may keep the money."""
    return [replace(deed, is_next=False) for deed in found] if taken.startswith("open") else found


def story(order: Order) -> list[shapes.Moment]:
    """Return the order as a dated story, with what is still to come at its end."""
    who = {"customer": order.name or _("The customer"), "provider": str(order.provider or ""), "worker": order.worker_name}
    told = [shapes.Moment(order.placed_at, words.placed(order.kind) % {"title": order.title}, who=who["customer"])]
    if order.paid_at and order.total_minor:
        words_of = _("%(amount)s paid.") if order.captured_minor else _("%(amount)s held on the card.")
        text = words_of % {"amount": formats.money(order.total)}
        told.append(shapes.Moment(order.paid_at, text))
    happened = [_moment(moment, order, who) for moment in order.moments.all()]
    for row in order.chargebacks.all() if order.captured_minor else ():
        text = _("The payer’s bank took %(amount)s back.") % {"amount": formats.money(row.amount)}
        happened.append(shapes.Moment(row.opened_at, text))
    told += sorted(happened, key=lambda moment: moment.at)
    if order.due_at:
        told.append(shapes.Moment(order.due_at, _to_come(order.due_to), is_to_come=True))
    return told


def _moment(moment: OrderMoment, order: Order, who: dict[str, str]) -> shapes.Moment:
    name = "" if moment.actor == "system" else who.get(moment.actor) or _("The co-op")
    detail = str(moment.facts.get("reason", ""))
    if detail == "nobody" and moment.actor == "system":
        detail = ""  # The sentence says it already.
    if moment.deed == "refund" or moment.facts.get("back_minor"):
        minor = moment.facts.get("minor") or moment.facts.get("back_minor")
        detail = _("%(amount)s went back.") % {"amount": formats.money(Money(minor, order.currency))} + (
            f" {detail}" if detail else ""
        )
    if moment.facts.get("kept_minor"):
        kept = Money(moment.facts["kept_minor"], order.currency)
        detail += " " + _("%(amount)s goes to whoever kept the time free.") % {"amount": formats.money(kept)}
    if moment.deed == "move" and (to := moment.facts.get("starts_at")):
        detail = formats.moment(datetime.fromisoformat(to))
    if moment.deed == "assign" and order.worker_name:
        return shapes.Moment(moment.at, _("chose %(worker)s for the visit.") % {"worker": order.worker_name}, who=name)
    return shapes.Moment(moment.at, words.sentence(moment.deed, moment.actor), who=name, detail=detail.strip())


def _to_come(deed: str) -> str:
    return {
        "lapse": _("If it is not paid by then, it lapses."),
        "decline": _("If nobody has taken it on by then, nothing is charged."),
        "expire": _("If nobody has answered by then, nothing is charged."),
        "confirm": _("If nobody objects by then, it counts as confirmed and the money goes to everyone’s shares."),
        "release": _("The money goes to everyone’s shares."),
        "receive": _("It counts as received."),
        "finish": _("If nobody says otherwise by then, it counts as done."),
        "never_sent": _("If it is not sent by then, all of it goes back."),
        "never_came": _("If nobody has come by then, all of it goes back."),
        "close": _("It closes by itself."),
    }.get(deed, words.deed(deed))


def _waiting_for(order: Order, taken: str, sides: frozenset[str]) -> str:
    if taken.startswith("open") and order.state not in processes.of(order).ends:
        return _("It waits until it is decided whether the payer’s bank may keep the money.")
    return {
        "unpaid": _("It waits for the payment."),
        "offered": _("It waits for a member to take it on."),
        "requested": _("It waits for an answer."),
        "accepted": _("It waits for its day, and for the name of who comes.")
        if order.kind == "visit"
        else _("It waits for its day."),
        "assigned": _("It waits for its day."),
        "started": _("The work is under way."),
        "done": _("It waits for a word from you; silence counts as yes.")
        if "customer" in sides
        else _("It waits for a word from the customer; silence counts as yes."),
        "paid": _("It waits to be sent."),
        "shipped": _("It is on its way."),
        "disputed": _("It waits for the mediator."),
    }.get(order.state, "")


def _paid(order: Order, taken: str, *, nothing_taken: bool) -> str:
    if nothing_taken:
        return _("Not charged")
    if taken in ("open", "lost"):
        return str(words.BACK[taken])
    return _("Paid") if order.captured_minor else _("Held") if order.paid_at else _("To pay")


def _note(order: Order, reversed_: Sequence[reversals.Reversal], *, nothing_taken: bool, is_late: bool) -> str:
    if any(one.state == "waits" for one in reversed_):
        return _("The payer’s bank took the money back before it could be refunded. The refund waits until that is decided.")
    if any(one.state == "open" for one in reversed_):
        return _("The payer’s bank has taken the money back. Nothing is shared out while the card company looks into it.")
    if nothing_taken and order.total_minor:
        return _("The payment came too late. All of it goes back.") if is_late else _("Nothing was charged.")
    if order.refunded_minor and order.refunded_minor == order.captured_minor:
        return _("All of it went back.")
    if order.refunded_minor:
        return _("%(amount)s of it went back.") % {"amount": formats.money(order.refunded)}
    return ""


def seen_by(by: Principal, side: str = "") -> CoopQuerySet:
    """Return the orders somebody may see, of one side or of all theirs."""
    rows = Order.objects.select_related("provider__organisation", "provider__person", "process")
    if side == "coop" and by.roles & {"board", "coordinator", "founder", "treasurer", "mediator", "system"}:
        return rows
    none = rows.none()
    mine = rows.filter(customer_id=by.person_id) if by.person_id else none
    ours = rows.filter(provider_id__in=by.memberships) if by.memberships and by.roles else none
    done = rows.filter(worker_id=by.person_id) if by.person_id else none
    return {"": mine, "customer": mine, "provider": ours, "worker": done}.get(side, none)


def person(pk: int | None) -> Person | None:
    return Person.objects.filter(pk=pk).first() if pk else None


def said(order: Order, by: Principal) -> list[threads.Said]:
    """Return what both sides said to each other, oldest first; nothing to whom it is not meant for."""
    about = threads.thread_about(order.subject)
    try:
        return threads.messages(threads.thread(about.pk, by=by), by=by) if about else []
    except Thread.DoesNotExist:
        return []
