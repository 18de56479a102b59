"""Activities, what they have, and what is spoken for of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.files import queries as files
from toadlane.plumbing.files.models import Document
from toadlane.society.members import queries as members
from toadlane.society.members.models import MEMBERS, OVER, Membership
from toadlane.trade.assignments.models import SETTLED, Activity, Assignment, Contract, Outlay
from toadlane.trade.assignments.permissions import ADVISE, MANAGE, OFFICES
from toadlane.trade.assignments.queries import terms

BUDGETS = "2130"
BIG = 2**31
WHOSE = ("manager", "adviser")


def activities() -> QuerySet[Activity]:
    return Activity.objects.select_related(*WHOSE).order_by("-pk")


def of_person(by: Principal) -> QuerySet[Activity]:
    """Return the activities that somebody manages, takes part in or advises."""
    mine = Q(manager_id=by.person_id) | Q(adviser_id=by.person_id)
    seated = Activity.objects.filter(seats__person_id=by.person_id).values("pk")
    return activities().filter(mine | Q(pk__in=seated)) if by.person_id else activities().none()


def activity(pk: int) -> Activity | None:
    return activities().filter(pk=pk).first() if 0 < pk < BIG else None


def balance(activity: Activity) -> Money:
    """Return what an activity has, as the ledger says it."""
    return -books.balance(BUDGETS, activity.currency, activity.holder)


def balances(currency: str) -> dict[str, Money]:
    """Return what all activities have, by the name of their sub-account, in one statement."""
    return {row.holder: -row.amount for row in books.holders(BUDGETS, currency)}


def available(activity: Activity) -> Money:
    """Return what nobody has been promised yet: contracts that are to be paid out of the budget are taken off."""
    of_budget = Q(assignment=None) | Q(assignment__state__in=SETTLED)
    promised = Contract.objects.filter(of_budget, activity=activity, state=Contract.State.PLANNED)
    return balance(activity) - Money(promised.aggregate(sum=Sum("cost_minor"))["sum"] or 0, activity.currency)


def manager_is_member(activity: Activity) -> bool:
    """Say whether new money may come in: it enters an activity only while its manager is a member."""
    return members.register().filter(person_id=activity.manager_id, standing__in=MEMBERS).exists()


def may_open(by: Principal) -> bool:
    """Whether somebody belongs to this co-op, or has asked to: strangers open nothing here."""
    return by.person_id is not None and members.of_person(by.person_id).exclude(standing__in=OVER).exists()


def has_to_do_with(by: Principal) -> bool:
    """Whether there are activities here, and whoever asks could have one, has one, or looks after them."""
    if not terms.employs():
        return False
    return may_open(by) or bool(by.roles & OFFICES) or of_person(by).exists()


def outlays(activity: Activity) -> QuerySet[Outlay]:
    return (
        Outlay.objects.filter(activity=activity).select_related("membership__person", "membership__organisation").order_by("-pk")
    )


def outlay(pk: int) -> Outlay | None:
    rows = Outlay.objects.select_related("activity", "membership__person", "membership__organisation")
    return rows.filter(pk=pk).first() if 0 < pk < BIG else None


def receipts(outlay: Outlay) -> list[Document]:
    return files.documents_of(outlay.subject)


def contracts() -> QuerySet[Contract]:
    return Contract.objects.select_related("membership__person", "membership__organisation", "assignment", "activity").order_by(
        "-pk"
    )


def contract(pk: int) -> Contract | None:
    return contracts().filter(pk=pk).first() if 0 < pk < BIG else None


def workers(activity: Activity) -> list[Membership]:
    """Return whom a contract may be made with: the people of an activity who have, or had, to do with the co-op."""
    people = [activity.manager_id, *activity.seats.values_list("person_id", flat=True)]
    return list(members.register().filter(person_id__in=people).order_by("pk"))


@dataclass(frozen=True, kw_only=True)
class Page:
    """All that somebody may see and do of an activity."""

    activity: Activity
    balance: Money
    available: Money
    is_open: bool
    manages: bool
    advises: bool
    assignments: list[Assignment]
    contracts: list[Contract]
    outlays: list[tuple[Outlay, list[Document]]]
    people: list[Any]


SHOWN = 50


def page(activity: Activity, by: Principal) -> Page:
    return Page(
        activity=activity, balance=balance(activity), available=available(activity), is_open=manager_is_member(activity),
        manages=bool(by.may(MANAGE, activity)), advises=bool(by.may(ADVISE, activity)),
        assignments=list(activity.assignments.order_by("-pk")[:SHOWN]),
        contracts=list(contracts().filter(activity=activity)[:SHOWN]),
        outlays=[(one, receipts(one)) for one in outlays(activity)[:SHOWN]],
        people=list(activity.seats.select_related("person").order_by("pk")),
    )  # fmt: skip


def years_of_use(membership_ids: list[int], until: date) -> dict[int, set[int]]:
    """Return in which calendar years each member made use of the co-op: worked under a contract, or had a client invoiced."""
    found: dict[int, set[int]] = {pk: set() for pk in membership_ids}
    worked = Contract.objects.filter(membership_id__in=membership_ids, last_day__lte=until).exclude(
        state=Contract.State.CANCELLED
    )
    for pk, year in worked.order_by().values_list("membership_id", "last_day__year").distinct():
        found[pk].add(year)
    people = dict(members.register().filter(pk__in=membership_ids, person__isnull=False).values_list("person_id", "pk"))
    sold = Assignment.objects.filter(activity__manager_id__in=people, invoice__isnull=False, invoice__issued_on__lte=until)
    for person_id, year in sold.order_by().values_list("activity__manager_id", "invoice__year").distinct():
        found[people[person_id]].add(year)
    return found
