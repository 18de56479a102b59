"""What may be spent, what was asked for, and what was paid."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from toadlane.kernel.dates import add_months, at_wall_time
from toadlane.kernel.money import Money
from toadlane.money.funds import policies
from toadlane.money.funds.models import Approval, Disbursement, Expense
from toadlane.money.funds.rules import LIMIT, MONTH
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.models import Posting
from toadlane.money.ledger.policies.chart import CHART
from toadlane.plumbing.files import queries as files
from toadlane.plumbing.files.models import Document
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws.queries import Book
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.society.members.models import MEMBERS, Membership

BIG = 2**31


def approvals() -> QuerySet[Any]:
    """Return what members decided to spend, the newest first, each with what has been paid of it (`paid_minor`)."""
    paid = Coalesce(Sum("disbursements__amount_minor", filter=Q(disbursements__paid_at__isnull=False)), 0)
    rows = Approval.objects.select_related("decision").annotate(paid_minor=paid)
    return rows.order_by("-approved_at", "-pk")


def open_approvals(today: date) -> QuerySet[Approval]:
    """Return those of which something is left."""
    return approvals().filter(Q(until=None) | Q(until__gte=today), paid_minor__lt=F("amount_minor"))


def approval(pk: int) -> Approval | None:
    return approvals().filter(pk=pk).first() if 0 < pk < BIG else None


def expenses() -> QuerySet[Expense]:
    return Expense.objects.select_related("approval__decision").order_by("-number")


def expense(number: int) -> Expense | None:
    return expenses().filter(number=number).first() if 0 < number < BIG else None


def of_membership(membership_ids: frozenset[int]) -> QuerySet[Expense]:
    return expenses().filter(membership_id__in=membership_ids)


def disbursement(pk: int) -> Disbursement | None:
    rows = Disbursement.objects.select_related("expense", "approval__decision", "prepared_by", "paid_by")
    return rows.filter(pk=pk).first() if 0 < pk < BIG else None


def without_a_vote() -> QuerySet[Disbursement]:
    """Return what officers paid below their limit, the newest first: everybody may read it."""
    rows = Disbursement.objects.filter(approval=None, paid_at__isnull=False)
    return rows.select_related("expense", "prepared_by", "paid_by").order_by("-paid_at", "-pk")


def paid_from_funds(since: datetime, until: datetime, currency: str) -> QuerySet[Disbursement]:
    """Return what funds were spent on between two instants, by which decision: the newest first."""
    rows = Disbursement.objects.filter(approval__isnull=False, paid_at__gte=since, paid_at__lt=until, currency=currency)
    funds = [code for code, purpose in policies.SOURCES.items() if purpose]
    rows = rows.filter(approval__source__in=funds).select_related("approval__decision", "expense")
    return rows.order_by("-paid_at", "-pk")


def receipts(expense: Expense) -> list[Document]:
    return files.documents_of(expense.subject)


def advanced(expense: Expense) -> int:
    """Return what has been paid for it before its receipt, less what came back."""
    paid = expense.disbursements.filter(is_advance=True, paid_at__isnull=False).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return paid - expense.returned_minor


def remaining(approval: Approval) -> int:
    """Return what may still be paid of a decision: what is prepared counts as paid."""
    rows = approval.disbursements.filter(dropped_at=None)
    return approval.amount_minor - (rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0)


@dataclass(frozen=True)
class Limits:
    """What officers may pay without a vote: for one thing, and in a calendar month."""

    one: Money
    month: Money
    version: int


def limits(book: Book, currency: str) -> Limits:
    """Return nothing at all where the bylaws never allowed it."""
    nothing = Money(0, currency)
    return Limits(book.maybe(LIMIT) or nothing, book.maybe(MONTH) or nothing, book.number)


def month_so_far(at: datetime, currency: str) -> int:
    """Return what officers have paid or prepared without a vote in the calendar month, where the co-op is."""
    zone = ZoneInfo(coops.of_scope(current_coop_id()).time_zone)
    first = at.astimezone(zone).date().replace(day=1)
    since, until = (at_wall_time(datetime(day.year, day.month, day.day), zone) for day in (first, add_months(first, 1)))  # noqa: DTZ001
    counts = Q(paid_at__gte=since, paid_at__lt=until) | Q(paid_at=None)
    rows = Disbursement.objects.filter(counts, approval=None, dropped_at=None, currency=currency)
    return int(rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0)


def currency() -> str:
    return coops.of_scope(current_coop_id()).currency


def own_money(currency: str) -> Money:
    """Return what the co-op has of its own: what is at hand, less what it holds for others and owes to those who worked."""
    at_hand = sum(books.balance(code, currency).minor for code in policies.AT_HAND)
    return Money(at_hand + sum(books.balance(code, currency).minor for code in policies.OTHERS), currency)


def fund_left(code: str, currency: str) -> Money:
    """Return what a fund has that no decision has claimed yet."""
    there = -books.balance(code, currency).minor
    decided = Approval.objects.filter(source=code, currency=currency).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    spent = Expense.objects.filter(approval__source=code, currency=currency, state=Expense.State.PAID)
    return Money(there - decided + (spent.aggregate(sum=Sum("amount_minor"))["sum"] or 0), currency)


def grantee(number: int) -> Membership | None:
    """Return the member of a number in the register, for a grant."""
    rows = members.register().filter(number=number, standing__in=MEMBERS)
    return rows.first() if 0 < number < BIG else None


def grant_of(member: Membership, year: int) -> Approval | None:
    return Approval.objects.filter(granted_to=member, grant_year=year).first()


def year_of(at: datetime) -> int:
    """Return the calendar year where the co-op is."""
    return at.astimezone(ZoneInfo(coops.of_scope(current_coop_id()).time_zone)).year


def earned(currency: str, month: date) -> Money:
    """Return what the co-op earned in a calendar month, what it gave back taken off: its income accounts."""
    zone = ZoneInfo(coops.of_scope(current_coop_id()).time_zone)
    since, until = (at_wall_time(datetime(day.year, day.month, day.day), zone) for day in (month, add_months(month, 1)))  # noqa: DTZ001
    income = [code for code, account in CHART.items() if account.kind == "income"]
    rows = Posting.objects.filter(
        account__code__in=income, account__currency=currency, posted_at__gte=since, posted_at__lt=until
    ).order_by()
    return Money(-int(rows.aggregate(sum=Sum("minor"))["sum"] or 0), currency)


def sources() -> list[tuple[str, str]]:
    """Return what money can be spent from, for forms."""
    return [(code, _(policies.source(code).name)) for code in policies.SOURCES]
