"""What a change of the rules would have done to the orders of a stretch of time: who would have got more, and who less.

Whole numbers throughout, and the same answer whenever it is asked: see `pasts.read`. Orders that one of the two documents
could not have made are counted apart, with the reason; what would have come in their place nobody knows.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from toadlane.kernel import canonical
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book
from toadlane.society.bylaws.rules import dry_runs
from toadlane.society.bylaws.rules.dry_runs import Document, Replayed
from toadlane.society.coops import queries as coops
from toadlane.society.members.models import Membership
from toadlane.trade.orders.queries import pasts
from toadlane.trade.orders.queries.pasts import Real
from toadlane.trade.orders.queries.replay import Came, Cannot, Past, Under
from toadlane.trade.orders.rules import ORDERS

NOTHING = Came(*([0] * len(Came._fields)))
# So many members are named one by one, those whom it would move most; classes hold everybody.
MOST_MEMBERS, MOST_NAMED = 500, 20
NOT_A_MEMBER = ""


def run(
    *, before: Document, after: Document, since: datetime, until: datetime, progress: Callable[[int], None] = lambda _done: None
) -> Replayed | None:  # fmt: skip
    """Replay the orders of `[since, until)` under two documents; None where there were none.

    :param progress: told how many orders are done, now and then
    """
    found = _Found(Under(_draft(before)), Under(_draft(after)))
    for n, (past, real) in enumerate(pasts.read(since, until), 1):
        found.add(past, real)
        if n % pasts.CHUNK == 0:
            progress(n)
    if not found.orders:
        return None
    classes = _Classes(found, until)
    facts: dict[str, Any] = {
        "since": _written(since), "until": _written(until),
        "orders": found.orders, "orders_hash": found.digest.hexdigest(),
        "currencies": {currency: _currency(one, classes) for currency, one in sorted(found.currencies.items())},
        "checked": {"like": found.like, "same": found.same, "apart": found.apart[:MOST_NAMED]},
    }  # fmt: skip
    # What single people earned is not for everybody who may read what was simulated. The hash says that it is the same.
    own = {currency: list(_rows(one, classes, single=True)) for currency, one in sorted(found.currencies.items())}
    return Replayed(facts=facts | {"own_hash": canonical.digest(own)}, own=own)


def _draft(document: Document) -> Book:
    return Book(0, "", document, {}, datetime.min.replace(tzinfo=UTC))


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


@dataclass
class _Sums:
    """What some orders came to under the one document and the other."""

    orders: int = 0
    before: list[int] = field(default_factory=lambda: list(NOTHING))
    after: list[int] = field(default_factory=lambda: list(NOTHING))

    def add(self, before: Came, after: Came) -> None:
        self.orders += 1
        self.before = [a + b for a, b in zip(self.before, before, strict=True)]
        self.after = [a + b for a, b in zip(self.after, after, strict=True)]

    @property
    def change(self) -> int:
        """Return how much more a member would have had, put aside included."""
        before, after = Came(*self.before), Came(*self.after)
        return after.members + after.aside + after.sales - before.members - before.aside - before.sales

    def written(self) -> dict[str, Any]:
        return {"orders": self.orders, "before": _came(self.before), "after": _came(self.after)}


def _came(sums: list[int]) -> dict[str, int]:
    return Came(*sums)._asdict()


@dataclass
class _Currency:
    whole: _Sums = field(default_factory=_Sums)
    providers: defaultdict[int | None, _Sums] = field(default_factory=lambda: defaultdict(_Sums))
    customers: defaultdict[int | None, _Sums] = field(default_factory=lambda: defaultdict(_Sums))
    # Why, how many orders, and what they were worth under the document that could make them.
    impossible: dict[str, Counter[str]] = field(default_factory=lambda: {"before": Counter(), "after": Counter()})
    worth: dict[str, Counter[str]] = field(default_factory=lambda: {"before": Counter(), "after": Counter()})


class _Found:
    def __init__(self, before: Under, after: Under) -> None:
        self.before, self.after = before, after
        self.orders = self.like = self.same = 0
        self.apart: list[int] = []
        self.digest = hashlib.sha256()
        self.currencies: defaultdict[str, _Currency] = defaultdict(_Currency)
        self._alike: dict[int, bool] = {}

    def add(self, past: Past, real: Real) -> None:
        self.orders += 1
        self.digest.update(canonical.text(past.facts()).encode() + b"\n")
        before, after = self.before.of(past), self.after.of(past)
        one = self.currencies[past.currency]
        for name, came, other in (("before", before, after), ("after", after, before)):
            if isinstance(came, Cannot):
                one.impossible[name][came.why] += 1
                one.worth[name][came.why] += other.customers if isinstance(other, Came) else 0
        if isinstance(before, Came) and isinstance(after, Came):
            for sums in (one.whole, one.providers[past.provider], one.customers[past.customer]):
                sums.add(before, after)
        if self._is_alike(past.version):
            self._check(past, real, before)

    def _is_alike(self, version: int) -> bool:
        """Whether an order was placed under rules about money like those in force now."""
        if version not in self._alike:
            then, now = bylaws.book(version=version), self.before.book
            self._alike[version] = all(then.rule(r)["value"] == now.rule(r)["value"] for r in dry_runs.rules_of(ORDERS))
        return self._alike[version]

    def _check(self, past: Past, real: Real, came: Came | Cannot) -> None:
        """Under the rules it was placed by, an order has to come to what it came to."""
        self.like += 1
        if isinstance(came, Came) and self.before.shares(past) == real.shares and self.before.kept(past) == real.kept:
            self.same += 1
        else:
            self.apart.append(past.pk)


class _Classes:
    """Who was in which class when the time ended. Both dates of a membership are written once, so that this stays so."""

    def __init__(self, found: _Found, until: datetime) -> None:
        providers = {pk for one in found.currencies.values() for pk in one.providers if pk}
        customers = {pk for one in found.currencies.values() for pk in one.customers if pk}
        rows = Membership.objects.filter(Q(pk__in=providers) | Q(person_id__in=customers)).order_by("pk")
        self.of_member: dict[int, str] = {}
        self.of_person: dict[int, str] = {}
        self.single: set[int] = set()
        # As dates are counted here: on the co-op's own calendar.
        day = until.astimezone(ZoneInfo(coops.of_scope(current_coop_id()).time_zone)).date()
        columns = rows.values_list("pk", "person_id", "member_class", "joined_on", "left_on")
        for pk, person, member_class, joined_on, left_on in columns:
            self.of_member[pk] = member_class
            if person is not None:
                self.single.add(pk)
                if _was_member(joined_on, left_on, day):
                    self.of_person.setdefault(person, member_class)


def _was_member(joined_on: date | None, left_on: date | None, day: date) -> bool:
    return joined_on is not None and joined_on < day and (left_on is None or left_on >= day)


def _currency(one: _Currency, classes: _Classes) -> dict[str, Any]:
    members = list(_rows(one, classes, single=False))
    sellers = {pk: classes.of_member.get(pk or 0, NOT_A_MEMBER) for pk in one.providers}
    buyers = {pk: classes.of_person.get(pk or 0, NOT_A_MEMBER) for pk in one.customers}
    return {
        **one.whole.written(),
        "classes": _by_class(sellers, one.providers, _gain), "customers": _by_class(buyers, one.customers, _saving),
        "members": members[:MOST_MEMBERS], "members_left_out": max(len(members) - MOST_MEMBERS, 0),
        "impossible": {
            name: {why: {"orders": n, "minor": one.worth[name][why]} for why, n in sorted(counted.items())}
            for name, counted in one.impossible.items()
        },
    }  # fmt: skip


def _gain(sums: _Sums) -> int:
    return sums.change


def _saving(sums: _Sums) -> int:
    return Came(*sums.before).customers - Came(*sums.after).customers


def _by_class(
    class_of: Mapping[int | None, str], sums_of: Mapping[int | None, _Sums], gain: Callable[[_Sums], int]
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the sums of each class with how many in it would have gained, lost or seen no difference, and by how much."""
    grouped: defaultdict[str, list[int | None]] = defaultdict(list)
    for pk in sums_of:
        grouped[class_of[pk]].append(pk)
    rows = []
    for name, pks in sorted(grouped.items()):
        whole = _Sums()
        for pk in pks:
            sums = sums_of[pk]
            whole.orders += sums.orders
            whole.before = [a + b for a, b in zip(whole.before, sums.before, strict=True)]
            whole.after = [a + b for a, b in zip(whole.after, sums.after, strict=True)]
        # Guests are many, and nobody knows how many.
        gains = [gain(sums_of[pk]) for pk in pks if pk is not None]
        rows.append({
            "class": name, **whole.written(), "known": len(gains), "more": sum(g > 0 for g in gains),
            "less": sum(g < 0 for g in gains), "least": min(gains, default=0), "most": max(gains, default=0),
        })  # fmt: skip
    return rows


def _rows(one: _Currency, classes: _Classes, *, single: bool) -> Iterator[dict[str, Any]]:
    """Return members one by one, those whom it moves most first.

    :param single: those who are one person; else the organisations, and the co-op itself where it sells
    """
    found = [(pk, sums) for pk, sums in one.providers.items() if (pk in classes.single) == single]
    for pk, sums in sorted(found, key=lambda row: (-abs(row[1].change), -row[1].orders, row[0] or 0)):
        yield {"member": pk, "class": classes.of_member.get(pk or 0, NOT_A_MEMBER), **sums.written()}
