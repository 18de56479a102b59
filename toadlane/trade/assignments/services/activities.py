"""Opening an activity, who takes part, and moving what it has to another one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.plumbing.access.principals import Principal
from toadlane.society.members import queries as members
from toadlane.society.people.models import Person
from toadlane.trade.assignments import queries
from toadlane.trade.assignments.models import Activity, Seat
from toadlane.trade.assignments.permissions import MANAGE, NAME, OPEN
from toadlane.trade.assignments.services.errors import (
    ManagerIsNoMember,
    NoSuchPerson,
    NotAnAmount,
    NotEmploying,
    NotEnough,
    NotOfHere,
    SameActivity,
    TooManyOpen,
)

MOST = 100


@transaction.atomic
def open_activity(*, name: str, by: Principal, at: datetime) -> Activity:
    """Open a project account with a budget of its own. Whoever opens it manages it, a member or not yet one.

    :raises NotEmploying: where the bylaws know of no activities; NotOfHere: for strangers; TooManyOpen: for who has a hundred
    """
    by.must(OPEN)
    if not queries.terms.employs():
        raise NotEmploying
    if not queries.may_open(by):
        raise NotOfHere
    if Activity.objects.filter(manager_id=by.person_id).count() >= MOST:
        raise TooManyOpen
    return Activity.objects.create(
        name=name.strip()[:120], manager_id=by.person_id, currency=queries.terms.currency(), opened_at=at
    )


@transaction.atomic
def seat(*, activity: Activity, email: str, role: str, by: Principal, at: datetime) -> Seat:
    """Let somebody manage an activity too, or take part in it. Asked again, the role is the new one.

    :raises NoSuchPerson: when nobody here has that address
    """
    by.must(MANAGE, activity)
    person = _person(email)
    if person.pk == activity.manager_id:
        raise NoSuchPerson
    found, _new = Seat.objects.update_or_create(activity=activity, person=person, defaults={"role": Seat.Role(role)})
    return found


@transaction.atomic
def unseat(*, activity: Activity, person_id: int, by: Principal, at: datetime) -> None:
    """Take somebody's seat away again."""
    by.must(MANAGE, activity)
    if not Seat.objects.filter(activity=activity, person_id=person_id).delete()[0]:
        raise NoSuchPerson


@transaction.atomic
def name_adviser(*, activity: Activity, email: str, by: Principal, at: datetime) -> Activity:
    """Name who advises an activity, and approves what is bought for it.

    :raises NoSuchPerson: for nobody, and for its manager
    """
    by.must(NAME, activity)
    person = _person(email)
    if person.pk == activity.manager_id:
        raise NoSuchPerson
    Activity.objects.filter(pk=activity.pk).update(adviser=person)
    activity.adviser = person
    return activity


def _person(email: str) -> Person:
    person = members.person_at(email)
    # Whoever is of this co-op, or has asked to be: nobody is found out here.
    if person is None or not members.of_person(person.pk).exists():
        raise NoSuchPerson
    return person


@transaction.atomic
def transfer(
    *, source: Activity, target: Activity, amount: Money, key: str, by: Principal, at: datetime
) -> Money:  # fmt: skip
    """Move money from one activity to another, such as for work that one does for the other. It bears no fee.

    :param key: of the intent: the same key moves once
    :returns: what the source has left
    :raises ManagerIsNoMember: when nothing may enter the other activity
    :raises NotEnough, NotAnAmount, SameActivity:
    """
    by.must(MANAGE, source)
    if source.pk == target.pk:
        raise SameActivity
    if amount.minor <= 0 or amount.currency != source.currency or target.currency != source.currency:
        raise NotAnAmount
    if not queries.manager_is_member(target):
        raise ManagerIsNoMember
    known = f"activity:{source.pk}:moved:{key}"[:120]
    lock(source, target)
    if not queries.is_booked(known) and amount > queries.available(source):
        raise NotEnough
    ledger.post(
        key=known, narration=_("Between activities"), subject=f"activity:{target.pk}", by=by, at=at,
        postings=[
            ledger.debit(queries.BUDGETS, amount, holder=source.holder, purpose="transfer"),
            ledger.credit(queries.BUDGETS, amount, holder=target.holder),
        ],
    )  # fmt: skip
    return queries.balance(source)


def lock(*activities: Activity) -> None:
    """Let one at a time spend what activities have; held until the transaction ends."""
    list(Activity.objects.select_for_update().filter(pk__in=[one.pk for one in activities]).order_by("pk"))
