"""Leaving: the notice, what ends with a membership, and staying after all."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.events import MemberLeft
from toadlane.society.members.models import OVER, Membership, Office, Standing
from toadlane.society.members.permissions import KEEP_TIME, OWN
from toadlane.society.members.services import belonging

# Whether something has to be settled with a member before the membership ends, as the rooms above say.
Unsettled = Callable[[Membership], bool]
_unsettled: dict[str, Unsettled] = {}


def declare_unsettled(name: str, source: Unsettled) -> None:
    """Let a room above say that something is open with a member who leaves. Called in its `wiring`."""
    assert name not in _unsettled, f"{name} is asked already"
    _unsettled[name] = source


@transaction.atomic
def give_notice(*, membership: Membership, by: Principal, at: datetime, reason: str = "") -> Membership:
    """Leave, at the end of the notice that the bylaws ask for. Nobody can be kept."""
    by.must(OWN, membership)
    belonging.must_be(membership, Standing.PROBATION, Standing.ACTIVE, Standing.SUSPENDED)
    last_day = belonging.day_of(at) + timedelta(days=bylaws.book().value("members.notice_days"))
    return belonging.change_standing(membership, Standing.EXITING, at, leaving_on=last_day, left_because=reason.strip())


@transaction.atomic
def take_back_notice(*, membership: Membership, by: Principal, at: datetime) -> Membership:
    """Stay after all: until the last day is over, a notice binds nobody. Whoever was suspended or on probation still is.

    :raises WrongMoment: when there is no notice, or it has run out
    """
    by.must(OWN, membership)
    belonging.must_be(membership, Standing.EXITING)
    today = belonging.day_of(at)
    if membership.leaving_on is None or today > membership.leaving_on:
        raise belonging.WrongMoment
    standing = Standing.ACTIVE
    if membership.suspended_on:
        standing = Standing.SUSPENDED
    elif membership.probation_until and membership.probation_until > today:
        standing = Standing.PROBATION
    return belonging.change_standing(membership, standing, at, leaving_on=None, left_because="")


@transaction.atomic
def complete_exit(*, membership: Membership, by: Principal, at: datetime) -> Membership | None:
    """End a membership whose notice has run out, and with it the offices and delegations. Doing it again is harmless.

    What is open with the member is settled first: the membership ends on the first day after that.
    """
    by.must(KEEP_TIME, membership)
    today = belonging.day_of(at)
    if membership.standing != Standing.EXITING or membership.leaving_on is None or today <= membership.leaving_on:
        return None
    if any(is_open(membership) for is_open in _unsettled.values()):
        return None
    return end(membership, Standing.FORMER, at, left_on=membership.leaving_on)


@transaction.atomic
def end_by_death(*, membership: Membership, died_on: date, by: Principal, at: datetime) -> Membership:
    """End the membership of somebody who has died, with the offices and delegations. Doing it again is harmless."""
    by.must(KEEP_TIME, membership)
    if membership.standing in OVER:
        return membership
    return end(membership, Standing.FORMER, at, left_on=died_on)


def end(membership: Membership, standing: Standing, at: datetime, **more: object) -> Membership:
    """End a membership with what hangs on it: delegations, and the offices of whoever is no member otherwise."""
    today = belonging.day_of(at)
    membership.delegates.filter(ended_on__isnull=True).update(ended_on=today)
    elsewhere = Membership.objects.filter(person_id=membership.person_id).exclude(pk=membership.pk).exclude(standing__in=OVER)
    if membership.person_id and not elsewhere.exists():
        Office.objects.filter(person_id=membership.person_id, ended_on__isnull=True).update(ended_on=today)
    events.publish(MemberLeft(membership_id=membership.pk))
    return belonging.change_standing(membership, standing, at, **more)
