"""The one writer of the register: a movement, and with it the entry in the books."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.ownership.shares import queries
from toadlane.ownership.shares.models import Movement
from toadlane.ownership.shares.permissions import BRING_IN
from toadlane.ownership.shares.policies import subscriptions
from toadlane.ownership.shares.policies.classes import ShareClass
from toadlane.ownership.shares.services.errors import BeyondTheCap, NotOnOffer, TooMuchInvested
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Membership


def day_of(at: datetime) -> date:
    return timezone.localtime(at).date()


@transaction.atomic
def write(
    *, movements: Sequence[Movement], key: str, narration: str, postings: Sequence[Leg], subject: str, by: Principal, at: datetime
) -> list[Movement]:
    """Write movements and their entry together, once: under a key that is there already nothing is written again."""
    Tenant.lock_current()  # Caps and queues are judged one after the other.
    if known := list(Movement.objects.filter(key=key)):
        return known
    written = note(movements=movements, key=key, by=by, at=at)
    ledger.post(key=key, narration=narration, postings=postings, subject=subject, by=by, at=at)
    return written


def note(*, movements: Sequence[Movement], key: str, by: Principal, at: datetime) -> list[Movement]:
    """Write movements whose entry the caller's transaction posts. An instrument: whoever calls holds the co-op's lock."""
    number = bylaws.book().number
    for one in movements:
        one.key, one.on, one.at, one.by, one.rule_version = key, day_of(at), at, str(by), number
    return Movement.objects.bulk_create(movements)


@dataclass(frozen=True, kw_only=True)
class Brought:
    """Shares that somebody held in the books before these."""

    membership: Membership
    share_class: str
    shares: int
    nominal_minor: int
    unpaid_minor: int
    on: date


@transaction.atomic
def bring_in(
    *, lines: Sequence[Brought], postings: Sequence[Leg], key: str, narration: str, subject: str, by: Principal, at: datetime
) -> list[Movement]:
    """Write the register as it was in the books before these, with the whole opening entry, once.

    :param postings: of all accounts; what they say on 3000 and 1300 is what the lines come to, member by member
    """
    by.must(BRING_IN)
    Tenant.lock_current()
    number, unit = bylaws.book().number, queries.currency()
    rows = [
        Movement(
            membership=one.membership, share_class=one.share_class, kind=Movement.Kind.SUBSCRIBED, shares=one.shares,
            currency=unit, nominal_minor=one.nominal_minor, unpaid_minor=one.unpaid_minor, key=f"{key}:{nth}", on=one.on,
            at=at, by=str(by), rule_version=number,
        )
        for nth, one in enumerate(lines)
    ]  # fmt: skip
    written = Movement.objects.bulk_create(rows, batch_size=500)
    ledger.post(key=key, narration=narration, postings=postings, subject=subject, by=by, at=at)
    return written


def share_class(name: str, membership: Membership) -> ShareClass:
    """:raises NotOnOffer: when there are no such shares for this member"""
    found = queries.share_classes().get(name)
    if found is None or not found.is_for(membership.member_class) or not (membership.is_member or membership.is_joining):
        raise NotOnOffer
    return found


def within_caps(one: ShareClass, membership: Membership, shares: int, *, are_new: bool = True) -> None:
    """
    :param are_new: whether they add to the capital; shares that pass from one to another do not
    :raises BeyondTheCap: by number, by amount, or by the part of the capital once three members hold some
    :raises TooMuchInvested: when those who only invest would hold too much of the capital
    """
    held = queries.holdings()
    of_member = [row for row in held if row.membership_id == membership.pk]
    of_class = sum(row.shares for row in of_member if row.share_class == one.id)
    if one.most and of_class + shares > one.most:
        raise BeyondTheCap
    book = bylaws.book()
    most: Any = book.maybe("shares.most_of_capital")
    others = {row.membership_id for row in held if row.nominal} - {membership.pk}
    more = shares * one.price
    mine = sum(row.nominal.minor for row in of_member) + more
    after = queries.capital().minor + (more if are_new else 0)
    if (
        most is not None
        and len(others) >= 2
        and not subscriptions.within_fraction(holding_after=mine, capital_after=after, fraction=most)
    ):
        raise BeyondTheCap
    known, part = queries.share_classes(), book.value("shares.investors_most")
    if one.withdrawable and not subscriptions.within_amount(
        holding_after=more + _nominal(of_member, known, "withdrawable"), most=book.value("shares.most_withdrawable").minor
    ):
        raise BeyondTheCap
    if (
        one.investor
        and are_new
        and not subscriptions.investors_within(
            investor_capital=more + _nominal(held, known, "investor"), total_capital=after, fraction=part
        )
    ):
        raise TooMuchInvested


def _nominal(held: Sequence[queries.Holding], known: Mapping[str, ShareClass], trait: str) -> int:
    """Return what some holdings come to of classes with a trait."""
    return sum(row.nominal.minor for row in held if row.share_class in known and getattr(known[row.share_class], trait))
