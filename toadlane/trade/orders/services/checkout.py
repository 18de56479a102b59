"""From prices to orders and one payment: placed once, paid once, whoever presses how often."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery

from toadlane.kernel import canonical
from toadlane.money.payments import queries as payments_made
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Method, Payment, State
from toadlane.money.payments.services import Card, KeptCard, OwnCredit
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.prepared import Param, Prepared, insert
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.trade.orders.events import OrderPlaced
from toadlane.trade.orders.models import Checkout, Chore, Order, ProcessVersion, Quote, Series
from toadlane.trade.orders.permissions import PLACE, RUN
from toadlane.trade.orders.policies.process import Process
from toadlane.trade.orders.queries import processes, splits, taxes
from toadlane.trade.orders.services import chores, in_credit, moving, quoting, series
from toadlane.trade.orders.services import processes as kept
from toadlane.trade.orders.services.deeds import AT_PLACING
from toadlane.trade.orders.services.errors import (
    ChooseATime,
    KeyReused,
    MovedOn,
    NoSuchQuote,
    NotInCredit,
    OneAtATime,
    QuoteExpired,
    QuoteOutdated,
    QuoteUsed,
    WhoAreYou,
)

# Stands for the checkout in an address to come back to, which is made before there is a checkout.
CHECKOUT = "CHECKOUT"
# Money that comes by hand takes days; the thing is kept that long, and not beyond its day.
BY_HAND = timedelta(days=5)
PAID = (State.AUTHORISED, State.CAPTURED)


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who orders, and where to. `company` and `vat_number` are those of a business that it is bought for."""

    name: str
    company: str = ""
    vat_number: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    notes: str = ""
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class Placed:
    """What a checkout came to. `payment` is None where there was nothing to pay."""

    checkout: Checkout
    orders: list[Order]
    payment: Payment | None

    @property
    def is_paid(self) -> bool:
        return self.payment is None or self.payment.state in PAID


def check_out(
    *, quote_ids: Sequence[UUID], contact: Contact, key: str, by: Principal, at: datetime, method: str = "card",
    card: Card | None = None, return_url: str = "", until: Any = None,
) -> Placed:  # fmt: skip
    """Place an order for each quote, and pay them all with one payment.

    Places and holds in one transaction, asks for the payment after it, and moves the orders on with the answer. Sent again
    with the same key it answers with what the first one came to; nothing is held, placed or charged twice.

    :param key: derived from the intent: an Idempotency-Key, or the nonce of a form
    :param method: what is paid with `credit` is paid at once
    :param card: to pay at once; without it the payment page is where it is paid
    :raises KeyReused: when the key came with something else before
    :raises NotInCredit: when it cannot be paid with credit; `payments.BeyondCredit` when there is not enough of it
    :raises QuoteExpired, QuoteOutdated, QuoteUsed: when the price has to be asked for again
    :raises WhoAreYou: when there is no way to reach whoever orders
    """
    by.must(PLACE)
    if not contact.name.strip() or not (contact.email or contact.phone):
        raise WhoAreYou(field="name" if not contact.name.strip() else "email")
    contact = replace(contact, vat_number=quoting.vat_number(contact.vat_number))
    instrument = in_credit.instrument(by) if method == Method.CREDIT else card
    fingerprint = canonical.digest([sorted(str(q) for q in quote_ids), method, vars(contact)])
    intent = {
        "quote_ids": quote_ids, "contact": contact, "key": key, "fingerprint": fingerprint, "method": method, "card": instrument,
        "return_url": return_url, "until": until, "by": by, "at": at,
    }  # fmt: skip
    try:
        placed = _place(**intent)
    except IntegrityError:
        # Somebody was there first: the same intent sent again, another one for the same price, or the same time taken.
        if known := _there_already(key, fingerprint, quote_ids):
            return known
        placed = _place(**intent, careful=True)
    if placed.payment is None:
        _settle(placed, by, at)
    elif instrument is not None:
        placed = pay(placed=placed, card=instrument, by=by, at=at)
    return placed


def pay(*, placed: Placed, card: Card | KeptCard | OwnCredit, by: Principal, at: datetime) -> Placed:
    """Pay a checkout by card or with credit, and move its orders on when that worked. What is under way is not tried again."""
    by.must(PLACE)
    assert placed.payment is not None
    outcome = payments.ask(payment=placed.payment, instrument=card, by=by, at=at)
    if outcome is None:
        return placed
    # The answer and what follows from it are one transaction, and tell what happened in one insert.
    with transaction.atomic(), events.together():
        payment = payments.settle(payment=placed.payment, outcome=outcome, by=by, at=at)
        placed = Placed(checkout=placed.checkout, orders=placed.orders, payment=payment)
        late = _move_on(placed, by, at) if payment.state in PAID else []
    chores.do(order_ids=late, by=by, at=at)
    return placed


def pay_in_credit(*, checkout: Checkout, by: Principal, at: datetime) -> Placed:
    """Pay with credit what was to be paid so and could not be, and move the orders on when that works now.

    :raises NotInCredit: when it was ordered to be paid another way, or by whoever is no member
    """
    by.must(PLACE)
    if checkout.method != Method.CREDIT:
        raise NotInCredit
    placed = _as_it_is(checkout)
    if placed.is_paid:
        return placed
    return pay(placed=placed, card=in_credit.instrument(by), by=by, at=at)


def placed_before(*, key: str, by: Principal) -> Placed | None:
    """Return what a key came to before, or None."""
    by.must(PLACE)
    checkout = Checkout.objects.filter(key=key[:120]).first()
    return _as_it_is(checkout) if checkout else None


def settle(*, checkout: Checkout, by: Principal, at: datetime, is_in_a_job: bool = False) -> Placed:
    """Move the orders of a checkout on if it is paid. The same for a browser that comes back, an event and a sweep.

    :param is_in_a_job: a transaction is open, in which nobody outside is called: what goes back is left to the sweep of chores
    """
    by.must(PLACE)
    placed = _as_it_is(checkout)
    if placed.is_paid and is_in_a_job:
        with transaction.atomic():
            _move_on(placed, by, at)
    elif placed.is_paid:
        _settle(placed, by, at)
    return placed


def try_again(*, checkout: Checkout, key: str, by: Principal, at: datetime, return_url: str = "") -> Payment:
    """Begin another payment after one that failed, while the orders still wait for it.

    :raises QuoteExpired: when the orders have lapsed
    """
    by.must(PLACE)
    known = payments_made.of_subject(checkout.subject)
    if known is not None and (known.doing or known.state not in (State.CREATED, State.FAILED, State.VOIDED)):
        return known
    orders = list(checkout.orders.select_related("process"))
    waits = [processes.of(order).find("pay", order.state) is not None for order in orders]
    if known is not None and known.state == State.CREATED and any(waits):
        return known
    if not all(waits):
        raise QuoteExpired
    return payments.begin(
        subject=checkout.subject, amount=checkout.total, method=checkout.method, key=f"{checkout.subject}:{key}"[:120], by=by,
        at=at, capture_at_once=_takes_at_once(orders), return_url=return_url.replace(CHECKOUT, str(checkout.pk)),
    )  # fmt: skip


@transaction.atomic
def place_visit(
    *, quote: Quote, series: Series, contact: Contact, key: str, due_at: datetime, by: Principal, at: datetime
) -> Placed:  # fmt: skip
    """Place the next visit of a series. It is paid for later, by the link in the letter.

    :param due_at: until when it can be paid
    """
    by.must(RUN)
    again = _Again(series=series, due_at=due_at)
    return _place(quote_ids=[quote.pk], contact=contact, key=key, fingerprint="", method="card", by=by, at=at, again=again)


@dataclass(frozen=True, kw_only=True)
class _Again:
    series: Series
    due_at: datetime


@transaction.atomic
def _place(
    *, quote_ids: Sequence[UUID], contact: Contact, key: str, fingerprint: str, method: str, by: Principal, at: datetime,
    return_url: str = "", until: Any = None, again: _Again | None = None, card: Card | OwnCredit | None = None,
    careful: bool = False,
) -> Placed:  # fmt: skip
    quotes = _quotes(quote_ids, at)
    currency = quotes[0].currency
    checkout = Checkout(key=key[:120], fingerprint=fingerprint, method=method, currency=currency, placed_at=at)
    orders = [_order(quote, checkout, contact, by, at) for quote in quotes]
    checkout.total_minor = sum(order.total_minor for order in orders)
    insert([checkout])
    for order, quote in zip(orders, quotes, strict=True):
        if again:
            order.series, order.visit_on, order.customer_id = again.series, again.series.next_on, again.series.customer_id
            order.due_at = again.due_at
        elif quote.every_weeks:
            order.series, order.visit_on = series.begin(quote=quote, contact=vars(contact), until=until, by=by)
    if method == Method.CREDIT:
        in_credit.price(orders, by)
    elif method != Method.CARD:
        for order in orders:
            order.due_at = min(at + BY_HAND, order.starts_at or at + BY_HAND) if order.due_at else None
    insert(orders)
    for order in orders:
        for deed in processes.of(order).placing:
            AT_PLACING[deed](order, by=by, at=at, careful=careful)
    payment = None
    if checkout.total_minor:
        payment = payments.begin(
            subject=checkout.subject, amount=checkout.total, method=method, key=checkout.subject, by=by, at=at,
            capture_at_once=_takes_at_once(orders), return_url=return_url.replace(CHECKOUT, str(checkout.pk)),
            payer_hint=contact.email or contact.phone, instrument=card, keeps_card=any(order.series_id for order in orders),
        )  # fmt: skip
    events.publish(*(_told(order) for order in orders if not processes.of(order).has("pay")))
    return Placed(checkout=checkout, orders=orders, payment=payment)


def _quote_rows() -> QuerySet[Any]:
    newest = BylawsVersion.objects.order_by("-number").values("number")[:1]
    version = ProcessVersion.objects.filter(hash=OuterRef("process_hash")).values("pk")[:1]
    rows = Quote.objects.select_related("provider__person", "provider__organisation")
    return rows.annotate(newest=Subquery(newest), version_id=Subquery(version)).order_by("listing_id", "pk")


# Nearly every checkout is of one thing.
_ONE_QUOTE: Prepared[Any] = Prepared(lambda: _quote_rows().filter(pk=Param("pk")))


def _quotes(quote_ids: Sequence[UUID], at: datetime) -> list[Quote]:
    """Read the quotes, in the order of their ids: baskets with the same things in another order do not wait for each other."""
    quotes = _ONE_QUOTE(pk=quote_ids[0]) if len(quote_ids) == 1 else list(_quote_rows().filter(pk__in=set(quote_ids)))
    if not quotes or len(quotes) != len(set(quote_ids)):
        raise NoSuchQuote
    for quote in quotes:
        if quote.expires_at <= at:
            raise QuoteExpired
        if quote.bylaws_version != quote.newest:
            raise QuoteOutdated
        if (process := processes.by_hash(quote.process_hash)) is None:
            raise QuoteOutdated
        if process.timed and quote.starts_at is None:
            raise ChooseATime
    if len({quote.currency for quote in quotes}) > 1:
        raise OneAtATime
    return quotes


def _order(quote: Quote, checkout: Checkout, contact: Contact, by: Principal, at: datetime) -> Order:
    process = processes.by_hash(quote.process_hash)
    assert process is not None, "asked of every quote before"
    if quote.version_id is None:  # type: ignore[attr-defined]
        quote.version_id = kept.keep(document=dict(process.document), by=by).pk  # type: ignore[attr-defined]
    copied = ("title", "kind", "listing_id", "provider_id", "starts_at", "ends_at", "currency", "net_minor", "vat_minor",
              "tip_minor", "on_top_minor", "total_minor", "lines", "split", "tax", "spec", "bylaws_version")  # fmt: skip
    contact = replace(contact, vat_number=contact.vat_number or quote.spec.get("vat_number", ""))
    order = Order(
        quote=quote, checkout=checkout, process_id=quote.version_id, state=process.initial, state_since=at, placed_at=at,  # type: ignore[attr-defined]
        customer_id=by.person_id, **{name: getattr(quote, name) for name in copied}, **vars(contact),
    )  # fmt: skip
    if contact.vat_number != quote.spec.get("vat_number", ""):
        _tax_again(order)
    order.left = order.split
    order.process = ProcessVersion(pk=order.process_id, hash=quote.process_hash, document=process.document)
    order.provider = quote.provider
    moving.set_timer(order, process)
    return order


def _tax_again(order: Order) -> None:
    """Price an order of a business that said who it is after it had asked for the price: between states it owes the tax."""
    book = bylaws.book(version=order.bylaws_version)
    taxed = taxes.taxed(taxes.sellers(order.provider_id), kind=order.kind, buyer=order.vat_number, book=book)
    sums = splits.split(order.net, tip=order.tip, book=book, taxing=taxed, sold=splits.sold_by(order))
    order.vat_minor, order.on_top_minor, order.total_minor = sums.vat.minor, sums.on_top.minor, sums.total.minor
    order.split, order.tax = sums.shares, taxed.kept()


def _told(order: Order) -> OrderPlaced:
    return OrderPlaced(order_id=order.pk, kind=order.kind, total_minor=order.total_minor, currency=order.currency)


def _takes_at_once(orders: Sequence[Order]) -> bool:
    """Whether paying takes the money too. Several orders share one payment, so all of them have to want it.

    :raises OneAtATime: when some want it and others wait for an answer first
    """
    wanted = {_captures(processes.of(order)) for order in orders if order.total_minor}
    if len(wanted) > 1 or (wanted == {False} and len(orders) > 1):
        raise OneAtATime
    return wanted == {True}


def _captures(process: Process) -> bool:
    return any("capture" in t.deeds for t in process.transitions if t.name == "pay")


def _there_already(key: str, fingerprint: str, quote_ids: Sequence[UUID]) -> Placed | None:
    checkout = Checkout.objects.filter(key=key[:120]).first()
    if checkout is None:
        if Order.objects.filter(quote_id__in=quote_ids).exists():
            raise QuoteUsed
        return None
    if checkout.fingerprint != fingerprint:
        raise KeyReused
    return _as_it_is(checkout)


def _as_it_is(checkout: Checkout) -> Placed:
    return Placed(checkout=checkout, orders=_ITS_ORDERS(checkout=checkout.pk), payment=payments_made.of_subject(checkout.subject))


_ITS_ORDERS: Prepared[Any] = Prepared(
    lambda: (
        Order.objects.select_related("process", "worker", "provider", "checkout")
        .filter(checkout_id=Param("checkout"))
        .order_by("pk")
    )
)


def _settle(placed: Placed, by: Principal, at: datetime) -> None:
    """Move what waits for the payment on; what has moved already stays where it is."""
    with transaction.atomic():
        late = _move_on(placed, by, at)
    chores.do(order_ids=late, by=Principal.job(by.coop_id), at=at)


def _move_on(placed: Placed, by: Principal, at: datetime) -> list[int]:
    """Move the orders of a paid checkout on; return those that cannot be any more, whose money goes back."""
    paid, system, late = placed.payment, Principal.job(by.coop_id), []
    for order in placed.orders:
        if processes.of(order).find("pay", order.state) is not None:
            try:
                moving.move_paid(order=order, taken=paid is None or paid.state == State.CAPTURED, by=system, at=at)
            except MovedOn:
                order.refresh_from_db()
        if order.series_id and paid is not None and paid.method == Method.CARD:
            # The first card that paid is the one the next visits are paid with.
            Series.objects.filter(pk=order.series_id, kept_card="").update(kept_card=paid.provider_ref)
        if paid is not None and order.paid_at is None and order.captured_minor == 0:
            # It was paid after it had lapsed or been called off: what came goes back.
            Chore.objects.get_or_create(
                key=f"{order.subject}:late",
                defaults={"order": order, "kind": Chore.Kind.VOID, "minor": order.total_minor, "asked_at": at},
            )
            late.append(order.pk)
    return late
