"""Where members want their money, what the bank said, and the files that pay and collect."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.money.bank.models import Batch, Details, Line, Statement, Wish
from toadlane.money.bank.policies import statements as read
from toadlane.money.bank.queries.accounts import FEW, account, declare_closed, details_of, latest, usable
from toadlane.money.bank.queries.debits import (
    OPEN,
    Owed,
    UnderWay,
    active_mandates,
    active_mandates_of,
    by_person,
    collections,
    creditor,
    debit_notice,
    debits_of,
    declare_owed,
    earliest_debit,
    few,
    has_other_debits,
    in_collections,
    in_words,
    is_going,
    is_settled,
    mandate_for,
    mandates_of,
    people_of,
    sources_of_owed,
    still_open,
    under_way,
    under_way_of,
    used_mandates,
    whom_they_debit,
    words_of,
)
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as payments
from toadlane.money.payments.models import SENT_BACK, Errand, Payout, Provider
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import queries as members
from toadlane.ui.shapes import Waiting

__all__ = [
    "BESIDE", "FEW", "OPEN", "Owed", "UnderWay", "account", "active_mandates", "active_mandates_of", "batches",
    "begins_within_a_day", "bounced", "by_person", "collections", "creditor", "debit_notice", "debits_of", "declare_closed",
    "declare_owed", "details_of", "earliest_debit", "few", "has_other_accounts", "has_other_debits", "in_batches",
    "in_collections", "in_words", "is_going", "is_sent_otherwise", "is_settled", "latest", "least_payout",
    "lines", "longest_hold", "mandate_for",
    "mandates_of", "own_data", "people_of", "sources_of_owed", "standing_beside", "statements", "still_of", "still_open",
    "to_send", "under_way", "under_way_of", "usable", "used_mandates", "waiting",
    "whom_they_debit", "whom_they_pay", "wish_of", "wishes", "words_of",
]  # fmt: skip
LONGEST_HOLD = 180


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
    rows = Batch.objects.filter(dropped_at=None, booked_at=None).defer("file")
    return {payout for batch in rows for payout in still_of(batch)}


def whom_they_pay(batches: Iterable[Batch], most: int = 50) -> dict[int, list[tuple[str, Payout]]]:
    """Return to whom each file pays how much, the first of them."""
    first = {batch.pk: [UUID(pk) for pk in batch.payouts[:most]] for batch in batches}
    rows = Payout.objects.in_bulk([pk for one in first.values() for pk in one])
    names = books.names.holders([row.holder for row in rows.values()])
    return {batch: [(names[rows[pk].holder].label, rows[pk]) for pk in one if pk in rows] for batch, one in first.items()}


def is_sent_otherwise(batch: Batch) -> bool:
    """Whether somebody has said of a payout in a file that it was sent by hand, or it is booked already."""
    still = Payout.objects.filter(provider=Provider.MANUAL, state__in=(Errand.ASKED, Errand.UNKNOWN), recorded_by=None)
    return not {str(pk) for pk in still.values_list("pk", flat=True)}.issuperset(batch.payouts)


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
    stuck = bounced()
    return [ToSend(*row) for row in rows if str(row[0]) not in stuck and (not taken or str(row[0]) not in taken)]


def sent_back() -> dict[str, tuple[str, datetime]]:
    """Return the payouts that came back and were not sent again: whose they are, and when their bank's word was read."""
    rows = Payout.objects.filter(provider=Provider.MANUAL, reason=SENT_BACK, state=Errand.UNKNOWN)
    whose = {str(pk): holder for pk, holder in rows.values_list("pk", "holder")}
    lines = Line.objects.filter(subject__startswith="returned:", amount_minor__gt=0) if whose else Line.objects.none()
    read_at: dict[str, datetime] = {}
    for subject, when in lines.order_by("pk").values_list("subject", "statement__read_at"):
        read_at[subject.split(":")[1]] = when
    return {pk: (holder, read_at[pk]) for pk, holder in whose.items() if pk in read_at}


def bounced() -> set[str]:
    """Return the payouts that came back and whose payees have given no other account since."""
    back = sent_back()
    numbers = {pk: int(holder.partition(":")[2]) for pk, (holder, _at) in back.items() if holder.startswith("membership:")}
    given = latest(numbers.values()) if numbers else {}
    return {
        pk for pk, (_holder, came) in back.items()
        if (account_now := given.get(numbers.get(pk, 0))) is None or account_now.given_at <= came
    }  # fmt: skip


def still_of(batch: Batch) -> list[str]:
    """Return the payouts that a file pays: not what came back after it was made, which another file pays."""
    back = sent_back()
    return [pk for pk in batch.payouts if pk not in back or back[pk][1] < batch.made_at]


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
            for one in mandates_of(mine.values_list("pk", flat=True), person_id)
        ),
        *({"every": row.every, "least_minor": row.least_minor, "given_at": row.given_at} for row in wished),
    ]


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    if not by.roles & {"treasurer", "board"}:
        return []
    found: list[Waiting] = []
    if count := len(bounced()):
        found.append(
            Waiting(
                title=_("Payouts came back"),
                detail=ngettext(
                    "One waits until whoever gets it has given another account.",
                    "%(count)s wait until those who get them have given another account.", count,
                ) % {"count": count},
                url=reverse("bank:index"), action=_("Look at them"), icon="coop",
            )
        )  # fmt: skip
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
