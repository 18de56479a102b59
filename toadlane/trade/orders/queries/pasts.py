"""Reading the orders that are over, a few at a time, each with what was given back and when it was called off."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from toadlane.trade.orders.models import Order, OrderMoment, ProcessVersion, Refund
from toadlane.trade.orders.policies import process
from toadlane.trade.orders.policies.process import Process
from toadlane.trade.orders.queries import splits
from toadlane.trade.orders.queries.replay import THE_REST, Choice, Past
from toadlane.trade.orders.queries.taxes import Taxing

CHUNK = 2000
BY_NOTICE, NO_SHOW = "refund_by_notice", "pay_no_show"
RATES = "trade.rates"


class Real(NamedTuple):
    """What really came of an order: the shares of its price, or what a late cancellation kept of it."""

    shares: dict[str, int]
    kept: int | None


class _Row(NamedTuple):
    pk: int
    provider: int | None
    customer: int | None
    currency: str
    net: int
    tip: int
    version: int
    lines: list[dict[str, Any]]
    split: list[dict[str, Any]]
    spec: dict[str, Any]
    starts_at: datetime | None
    captured: int
    process: int
    state: str
    released_at: datetime | None
    tax: dict[str, str]
    every_weeks: int


_COLUMNS = (
    "pk", "provider_id", "customer_id", "currency", "net_minor", "tip_minor", "bylaws_version", "lines", "split", "spec",
    "starts_at", "captured_minor", "process_id", "state", "released_at", "tax", "weeks",
)  # fmt: skip
_Told = tuple[str, str, datetime]  # What was done, the state it led to, when.
_Back = tuple[int, str, str]  # How much, at which stage, and the key of the intent.


def count(since: datetime, until: datetime) -> int:
    """Return about how many orders there are to replay, so that it is known how long it takes."""
    return int(_over(since, until, _processes()).count())


def read(since: datetime, until: datetime) -> Iterator[tuple[Past, Real]]:
    """Yield the orders whose money was shared out or kept in `[since, until)`, by number, as they stood at its end.

    All that is read here was written before `until` and is never changed, so that the same is read at any later time.
    Three statements for each two thousand orders.
    """
    processes = _processes()
    at_a_price = {pk: _at_a_price(one) for pk, one in processes.items()}
    rows = _over(since, until, processes).annotate(weeks=Coalesce(F("quote__every_weeks"), F("series__every_weeks"), 0))
    last = 0
    while chunk := [_Row(*row) for row in rows.filter(pk__gt=last).order_by("pk").values_list(*_COLUMNS)[:CHUNK]]:
        last = chunk[-1].pk
        back = _refunds([row.pk for row in chunk], until)
        moments = _moments([row.pk for row in chunk if row.state in at_a_price[row.process]], until)
        for row in chunk:
            called_off = _called_off(row, moments.get(row.pk, ()), processes[row.process])
            # Called off by the other side, everything went back, and would have under any rules.
            if called_off is not None or row.released_at is not None:
                yield _past(row, back.get(row.pk, ()), called_off)


def _processes() -> dict[int, Process]:
    return {row.pk: process.read(row.document) for row in ProcessVersion.objects.all()}


def _at_a_price(process: Process) -> frozenset[str]:
    """Return the states to which calling off leads where the notice given decides what it costs."""
    return frozenset(t.to for t in process.transitions if {BY_NOTICE, NO_SHOW} & set(t.deeds))


def _over(since: datetime, until: datetime, processes: Mapping[int, Process]) -> Any:
    """Return the orders that were shared out or kept a part in the time, and those called off in it, even for nothing."""
    states = {state for one in processes.values() for state in _at_a_price(one)}
    released = Q(released_at__gte=since, released_at__lt=until)
    called_off = Q(released_at=None, captured_minor__gt=0, state__in=states, state_since__gte=since, state_since__lt=until)
    return Order.objects.filter(released | called_off).exclude(lines=[])


def _refunds(orders: Sequence[int], until: datetime) -> dict[int, list[_Back]]:
    found: dict[int, list[_Back]] = {}
    rows = Refund.objects.filter(order_id__in=orders, made_at__lt=until).order_by("made_at", "pk")
    for order, minor, stage, key in rows.values_list("order_id", "amount_minor", "stage", "key"):
        found.setdefault(order, []).append((minor, stage, key))
    return found


def _moments(orders: Sequence[int], until: datetime) -> dict[int, list[_Told]]:
    found: dict[int, list[_Told]] = {}
    rows = OrderMoment.objects.filter(order_id__in=orders, at__lt=until).order_by("at", "pk")
    for order, deed, state, at in rows.values_list("order_id", "deed", "state", "at"):
        found.setdefault(order, []).append((deed, state, at))
    return found


def _called_off(row: _Row, moments: Sequence[_Told], process: Process) -> tuple[timedelta, str] | None:
    """Return how much notice was given, and the key of the refund that followed from it by itself."""
    # Paying leaves no moment of its own.
    state = next((t.to for t in process.transitions if t.name == "pay"), process.initial)
    for deed, led_to, at in moments:
        step = process.find(deed, state)
        if step is not None and {BY_NOTICE, NO_SHOW} & set(step.deeds):
            given = row.starts_at - at if row.starts_at and BY_NOTICE in step.deeds else timedelta(0)
            return max(given, timedelta(0)), f"order:{row.pk}:{deed}"
        state = led_to
    return None


def _past(row: _Row, back: Sequence[_Back], called_off: tuple[timedelta, str] | None) -> tuple[Past, Real]:
    notice, by_itself = called_off or (None, "")
    before: list[int] = []
    after: list[int] = []
    left, kept = row.captured, None if called_off is None else row.captured
    for minor, stage, key in back:
        left -= minor
        if key == by_itself:
            kept = left
        elif stage == "held":
            before.append(minor if left else THE_REST)
            kept = kept and left
        else:
            after.append(minor if left else THE_REST)
    past = Past(
        pk=row.pk, provider=row.provider, customer=row.customer, currency=row.currency, net=row.net, tip=row.tip,
        version=row.version, choice=_choice(row), notice=notice, back_before=tuple(before), back_after=tuple(after),
        taxing=Taxing(**row.tax), sold=row.spec.get("sold", ""), is_in_credit=splits.is_in_credit(row.split),
    )  # fmt: skip
    return past, Real({share["kind"]: share["minor"] for share in row.split}, kept)


def _choice(row: _Row) -> Choice | None:
    if not any(line["rule"] == RATES for line in row.lines):
        return None
    addons = tuple(sorted((name, int(n)) for name, n in row.spec.get("addons", {}).items()))
    return Choice(row.spec.get("size", ""), row.spec.get("level", ""), addons, row.every_weeks)
