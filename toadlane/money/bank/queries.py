from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.money.bank.models import Batch, Details, Line, Statement, Wish
from toadlane.money.bank.policies import statements as read
from toadlane.money.payments import queries as payments
from toadlane.money.payments.models import Errand, Payout, Provider
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import queries as members
from toadlane.ui.shapes import Waiting

LONGEST_HOLD = 180
# A statement of PostgreSQL carries 65,535 values, and is slow to plan long before.
FEW = 1_000


def details_of(membership_id: int | None) -> Details | None:
    """Return the account a member gave last (or the co-op's own), whether or not it rests."""
    return Details.objects.filter(membership_id=membership_id).order_by("-given_at", "-pk").first()


def account(at: datetime) -> payments.Account | None:
    """Return the co-op's own account, for whoever pays by transfer; none while it rests after a change."""
    own = details_of(None)
    return payments.Account(own.name, own.iban) if own and own.usable_from <= at else None


def latest(membership_ids: Iterable[int]) -> dict[int, Details]:
    """Return the accounts that some members gave last, in one statement, which names them only where they are few."""
    wanted = set(membership_ids)
    return {row.membership_id: row for row in _given(wanted) if row.membership_id in wanted}


def _given(membership_ids: set[int]) -> QuerySet[Details]:
    rows = Details.objects.filter(membership__isnull=False)
    rows = rows.filter(membership_id__in=membership_ids) if len(membership_ids) <= FEW else rows
    return rows.order_by("given_at", "pk")


# (ids of memberships) -> those of them to whose accounts nothing is sent any more, such as of members who have died.
Closed = Callable[[Iterable[int]], Iterable[int]]
_closed: list[Closed] = []


def declare_closed(source: Closed) -> None:
    """Let a room above say to whose accounts nothing is sent any more: people pay them by hand. Called in its `wiring`."""
    _closed.append(source)


def usable(membership_ids: set[int], at: datetime) -> dict[int, payments.Account]:
    """Return where members can be paid now. An account that rests is not paid to, and neither is the one before it."""
    rows = _given(membership_ids).values_list("membership_id", "name", "iban", Case(When(usable_from__lte=at, then=1), default=0))
    # Plain rows: with tens of thousands of them an object for each is most of the work.
    last = {pk: (name, iban, ready) for pk, name, iban, ready in rows if pk in membership_ids}
    found = {pk: payments.Account(name, iban) for pk, (name, iban, ready) in last.items() if ready}
    closed = {pk for source in _closed for pk in source(found)}
    return {pk: row for pk, row in found.items() if pk not in closed}


def least_payout() -> int:
    """Return below which amount the co-op lets money come together, in minor units."""
    least = bylaws.book().maybe("pay.least_payout")
    return least.minor if least else 0


def longest_hold() -> int:
    """Return after how many days everything is paid, whatever a member wished."""
    days = bylaws.book().maybe("pay.longest_hold")
    return LONGEST_HOLD if days is None else int(days)


def wish_of(membership_id: int) -> Wish | None:
    return Wish.objects.filter(membership_id=membership_id).first()


def wishes() -> tuple[payments.Wish, dict[str, payments.Wish]]:
    """Return how members are paid who have said nothing, and how those who have: never below what the bylaws set."""
    least, longest = least_payout(), longest_hold()
    found = {
        f"membership:{pk}": payments.Wish(
            every=every if every != Wish.Every.HOLD else "day", least_minor=max(least, minor), holds=every == Wish.Every.HOLD,
            longest=longest,
        )
        for pk, every, minor in Wish.objects.values_list("membership_id", "every", "least_minor")
    }  # fmt: skip
    return payments.Wish(least_minor=least, longest=longest), found


def statements() -> QuerySet[Statement]:
    return Statement.objects.order_by("-pk")


def begins_within_a_day(one: read.Statement) -> bool:
    """Whether another statement ended where this one begins, on the very day of its first line."""
    if one.opening_minor is None or one.first_on is None:
        return False
    before = Statement.objects.filter(iban=one.iban[:34], currency=one.currency, closing_minor=one.opening_minor)
    return before.filter(last_on=one.first_on).exclude(number=one.id[:60]).exists()


# What parts the key of a line that stands beside another from the statement that brought it.
BESIDE = "@"


def standing_beside(days: set[date]) -> list[tuple[str, str]]:
    """Return what each line of some days says that may be another's double, and how it stands."""
    rows = Line.objects.filter(booked_on__in=days, key__contains=BESIDE).exclude(state=Line.State.IGNORED)
    found = [(read.UNNAMED.match(key), state) for key, state in rows.values_list("key", "state")]
    return [(same[0], state) for same, state in found if same]


def lines(*, state: str = "") -> QuerySet[Line]:
    rows = Line.objects.select_related("statement").order_by("-booked_on", "-pk")
    return rows.filter(state=state) if state else rows


def batches() -> QuerySet[Batch]:
    return Batch.objects.defer("file").order_by("-pk")


def in_batches() -> set[str]:
    """Return the ids of payouts that are in a file which was not dropped."""
    rows = Batch.objects.filter(dropped_at=None, booked_at=None).values_list("payouts", flat=True)
    return {payout for payouts in rows for payout in payouts}


def has_other_accounts(batch: Batch) -> bool:
    """Whether somebody whom a file pays, or the co-op itself, has given another account since it was made."""
    given = set(Details.objects.filter(given_at__gt=batch.made_at).values_list("membership_id", flat=True))
    if None in given:
        return True
    # Few change an account in that time, and a file may hold a hundred thousand payouts.
    theirs = Payout.objects.filter(holder__in=[f"membership:{pk}" for pk in given]).values_list("pk", flat=True)
    return not {str(pk) for pk in theirs}.isdisjoint(batch.payouts)


class ToSend(NamedTuple):
    """What a file needs to know of a payout: plain rows, since there may be tens of thousands."""

    pk: UUID
    holder: str
    amount_minor: int
    currency: str

    @property
    def membership_id(self) -> int | None:
        kind, _colon, pk = self.holder.partition(":")
        return int(pk) if kind == "membership" else None


def to_send() -> list[ToSend]:
    """Return what waits to be sent by hand and is in no file yet."""
    taken = in_batches()
    waiting = Payout.objects.filter(provider=Provider.MANUAL, state__in=(Errand.ASKED, Errand.UNKNOWN), recorded_by=None)
    rows = waiting.order_by("asked_at", "pk").values_list("pk", "holder", "amount_minor", "currency")
    return [ToSend(*row) for row in rows if not taken or str(row[0]) not in taken]


def own_data(*, person_id: int) -> list[dict[str, object]]:
    mine = members.of_person(person_id).values("pk")
    rows = Details.objects.filter(membership_id__in=mine).order_by("given_at")
    wished = Wish.objects.filter(membership_id__in=mine).order_by("pk")
    return [
        *({"name": row.name, "iban": row.iban, "given_at": row.given_at} for row in rows),
        *({"every": row.every, "least_minor": row.least_minor, "given_at": row.given_at} for row in wished),
    ]


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    if not by.roles & {"treasurer", "board"}:
        return []
    found: list[Waiting] = []
    if count := lines(state="doubtful").count():
        found.append(
            Waiting(
                title=_("Money that nobody could place"),
                detail=ngettext("One line of a bank statement", "%(count)s lines of bank statements", count) % {"count": count},
                url=reverse("bank:index"), action=_("Look at them"), icon="coop",
            )
        )  # fmt: skip
    for batch in batches().filter(approved_at=None, dropped_at=None).exclude(made_by=by.person_id or 0)[:5]:
        found.append(
            Waiting(
                title=_("Payouts to approve"),
                detail=ngettext("One payout in a file", "%(count)s payouts in one file", batch.count) % {"count": batch.count},
                url=reverse("bank:index"), action=_("Approve"), icon="check",
            )
        )  # fmt: skip
    return found


def facts_of(line: Line) -> dict[str, Any]:
    names = ("booked_on", "name", "text", "state", "why", "subject", "currency", "amount_minor", "end_to_end")
    return {name: getattr(line, name) for name in names} | {"id": line.pk}
