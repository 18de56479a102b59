from collections.abc import Callable, Iterable, Sequence
from collections.abc import Collection as Some
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.db.models import Case, Max, Q, QuerySet, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.kernel.dates import add_months
from toadlane.money.bank.models import Batch, Collection, Creditor, Debit, Details, Line, Mandate, Statement, Wish
from toadlane.money.bank.policies import statements as read
from toadlane.money.payments import queries as payments
from toadlane.money.payments.models import Errand, Payment, Payout, Provider, State
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.ui.shapes import Waiting

LONGEST_HOLD = 180
DEBIT_NOTICE = 14
# A mandate that was not used for so long lapses (SEPA Core rulebook, 4.3.2).
LAPSES_AFTER_MONTHS = 36
# What may still be paid.
OPEN = (State.CREATED, State.FAILED, State.REQUIRES_ACTION)
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


class Owed(NamedTuple):
    """What a member owes, as a payment that waits for the money."""

    membership_id: int
    payment: Payment


class Source(Protocol):
    """Say what some members owe; the payments of it are begun where they were not yet.

    :param on_its_way: ids of payments that are in a file already: what they are of is not owed besides
    """

    def __call__(
        self, *, membership_ids: Iterable[int], on_its_way: Some[str], by: Principal, at: datetime
    ) -> Iterable[Owed]: ...  # fmt: skip


_owed: list[Source] = []


def declare_owed(source: Source) -> None:
    """Let a room above say what members owe that may be debited. Called in its `wiring`."""
    _owed.append(source)


def sources_of_owed() -> Sequence[Source]:
    return _owed


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


def creditor() -> Creditor | None:
    """Return the identifier that the co-op gave last; without one it collects nothing."""
    return Creditor.objects.order_by("-given_at", "-pk").first()


def words_of(creditor: str) -> str:
    """Return what a member signs, in the language at hand: the words of the SEPA Core rulebook."""
    return _(
        "By signing this mandate you authorize %(coop)s (creditor identifier %(creditor)s) to send instructions to your bank to "
        "debit your account, and your bank to debit your account in accordance with these instructions. As part of your rights, "
        "you are entitled to a refund from your bank under the terms and conditions of your agreement with your bank. A refund "
        "must be claimed within eight weeks from the day on which your account was debited."
    ) % {"coop": coops.of_scope(current_coop_id()).name, "creditor": creditor}


def debit_notice() -> int:
    """Return how many days before a debit members are told of it."""
    days = bylaws.book().maybe("pay.debit_notice")
    return DEBIT_NOTICE if days is None else int(days)


def mandates_of(membership_ids: Iterable[int]) -> QuerySet[Mandate]:
    """Return all that some members ever signed, the newest first."""
    return (
        Mandate.objects.select_related("membership").filter(membership_id__in=list(membership_ids)).order_by("-signed_at", "-pk")
    )


def active_mandates(membership_ids: Iterable[int] | None, at: datetime, *, on: date | None = None) -> list[Mandate]:
    """Return the mandates (of some members, or all) that hold and will not have lapsed on a day, nor are of the dead.

    One that was given to the co-op under another identifier holds no more.
    """
    known = creditor()
    if known is None:
        return []
    rows = Mandate.objects.filter(ended_at=None, creditor=known.identifier).annotate(
        used_on=Max("debits__collection__collects_on", filter=Q(debits__is_dropped=False))
    )
    rows = rows if membership_ids is None else rows.filter(membership_id__in=list(membership_ids))
    day, found = on or timezone.localdate(at), []
    for one in rows.order_by("pk"):
        since = max(one.used_on or date.min, timezone.localdate(one.signed_at))
        if day < add_months(since, LAPSES_AFTER_MONTHS):
            found.append(one)
    closed = {pk for source in _closed for pk in source([one.membership_id for one in found])}
    return [one for one in found if one.membership_id not in closed]


def used_mandates() -> set[int]:
    """Return those that a file which was not dropped has used."""
    return set(Debit.objects.filter(is_dropped=False, mandate__ended_at=None).order_by().values_list("mandate_id", flat=True))


def collections() -> QuerySet[Collection]:
    return Collection.objects.defer("file").order_by("-pk")


def is_settled(collection: Collection) -> bool:
    """Whether all that a file collects has come, or was paid another way."""
    theirs = Debit.objects.filter(collection=collection).order_by().values("payment_id")
    return not Payment.objects.filter(pk__in=theirs, state__in=OPEN).exists()


def in_collections() -> frozenset[str]:
    """Return the ids of payments that are in a file which was not dropped, and whose money has not all come."""
    rows = Debit.objects.filter(is_dropped=False, collection__booked_at=None).order_by()
    return frozenset(str(pk) for pk in rows.values_list("payment_id", flat=True))


def has_other_debits(collection: Collection, at: datetime) -> bool:
    """Whether somebody in a file owes it no more or has ended the mandate, or the co-op is known by something else by now."""
    known = creditor()
    own_changed = Details.objects.filter(membership=None, given_at__gt=collection.made_at).exists()
    if own_changed or known is None or known.identifier != collection.creditor:
        return True
    theirs = Debit.objects.filter(collection=collection).order_by()
    rows = list(theirs.values_list("mandate_id", "payment_id", "amount_minor"))
    active = {one.pk for one in active_mandates(None, at, on=collection.collects_on)}
    # What was recorded as come by hand, and waits for a second person, is no longer to be debited either.
    waiting = Payment.objects.filter(pk__in=theirs.values("payment_id"), doing="", state__in=OPEN)
    still = dict(waiting.values_list("pk", "amount_minor"))
    return any(mandate not in active or still.get(payment) != amount for mandate, payment, amount in rows)


def debits_of(end_to_end: Iterable[str]) -> dict[str, Debit]:
    """Return what approved files collect, by the ids that come back on statements."""
    wanted = [UUID(code) for one in end_to_end if (code := read.key_of(one))]
    rows = Debit.objects.filter(payment_id__in=wanted, is_dropped=False, collection__approved_at__isnull=False)
    rows = rows.select_related("collection").defer("collection__file")
    return {row.payment_id.hex: row for row in rows}


def own_data(*, person_id: int) -> list[dict[str, object]]:
    mine = members.of_person(person_id).values("pk")
    rows = Details.objects.filter(membership_id__in=mine).order_by("given_at")
    wished = Wish.objects.filter(membership_id__in=mine).order_by("pk")
    return [
        *({"name": row.name, "iban": row.iban, "given_at": row.given_at} for row in rows),
        *(
            {
                "mandate": one.reference,
                "name": one.name,
                "iban": one.iban,
                "text": one.text,
                "signed_at": one.signed_at,
                "signed_by": one.signed_by,
                "ended_at": one.ended_at,
                "ended_by": one.ended_by,
            }
            for one in mandates_of(mine.values_list("pk", flat=True))
        ),
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
    for one in collections().filter(approved_at=None, dropped_at=None).exclude(made_by=by.person_id or 0)[:5]:
        found.append(
            Waiting(
                title=_("Direct debits to approve"),
                detail=ngettext("One debit in a file", "%(count)s debits in one file", one.count) % {"count": one.count},
                url=reverse("bank:index"), action=_("Approve"), icon="check",
            )
        )  # fmt: skip
    return found


def facts_of(line: Line) -> dict[str, Any]:
    names = ("booked_on", "name", "text", "state", "why", "subject", "currency", "amount_minor", "end_to_end")
    return {name: getattr(line, name) for name in names} | {"id": line.pk}
