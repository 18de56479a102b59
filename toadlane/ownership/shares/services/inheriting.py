"""When a member has died: their shares pass to heirs who are members, or are repaid to the estate. Two people see each step."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel.dates import add_months
from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.ownership.shares import queries
from toadlane.ownership.shares.models import Bequest, Estate, Movement, Redemption
from toadlane.ownership.shares.permissions import SETTLE, SETTLE_ESTATE
from toadlane.ownership.shares.policies import subscriptions
from toadlane.ownership.shares.services import redeeming, register
from toadlane.ownership.shares.services.errors import (
    NotEnoughShares,
    NotTransferable,
    OwnCase,
    ProofNeeded,
    SecondPersonNeeded,
    StillUnpaid,
    WrongDay,
    WrongMoment,
)
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import services as belonging
from toadlane.society.members.models import MEMBERS, OVER, Membership


@transaction.atomic
def report_death(*, membership: Membership, died_on: date, by: Principal, at: datetime) -> Estate:
    """Say that a member has died. Nothing changes before another person has confirmed it. Said twice, it is said once.

    :raises WrongMoment: for an organization, and for who is no member any more and holds nothing
    :raises WrongDay: for a day that is yet to come
    :raises OwnCase: for oneself
    """
    by.must(SETTLE_ESTATE, membership)
    Tenant.lock_current()
    if membership.person_id is None or not _has_something(membership.person_id):
        raise WrongMoment
    if membership.person_id == by.person_id:
        raise OwnCase
    if died_on > register.day_of(at):
        raise WrongDay
    if known := Estate.objects.filter(person_id=membership.person_id, dropped_at=None).first():
        return known
    months = int(bylaws.book().value("shares.heir_months"))
    return Estate.objects.create(
        person_id=membership.person_id, died_on=died_on, until_on=add_months(died_on, months), reported_by=by.person_id,
        reported_at=at,
    )  # fmt: skip


def _has_something(person_id: int) -> bool:
    own = queries.of_person(person_id)
    return any(one.standing not in OVER for one in own) or bool(queries.holdings(membership_ids=[one.pk for one in own]))


@transaction.atomic
def confirm_death(*, estate: Estate, by: Principal, at: datetime) -> Estate:
    """Confirm, as a second person, that somebody has died: their memberships end, and what they hold waits for their heirs.

    :raises SecondPersonNeeded: for whoever said it
    """
    by.must(SETTLE_ESTATE, estate)
    Tenant.lock_current()
    if estate.reported_by == by.person_id or by.person_id is None:
        raise SecondPersonNeeded
    waiting = Estate.objects.filter(pk=estate.pk, confirmed_at=None, dropped_at=None)
    if not waiting.update(confirmed_by=by.person_id, confirmed_at=at):
        raise WrongMoment
    estate.refresh_from_db()
    own, job = queries.of_person(estate.person_id), Principal.job(by.coop_id)
    # What they had asked to be repaid and nobody approved yet belongs to the estate.
    Redemption.objects.filter(membership__in=own, state=Redemption.State.WAITING).update(state=Redemption.State.WITHDRAWN)
    for one in own:
        belonging.end_by_death(membership=one, died_on=estate.died_on, by=job, at=at)
    _end_if_empty(estate, at)
    return estate


@transaction.atomic
def drop_death(*, estate: Estate, by: Principal, at: datetime) -> Estate:
    """Say that it was an error, before anybody has confirmed it."""
    by.must(SETTLE_ESTATE, estate)
    if not Estate.objects.filter(pk=estate.pk, confirmed_at=None, dropped_at=None).update(dropped_at=at):
        raise WrongMoment
    estate.refresh_from_db()
    return estate


@transaction.atomic
def bequeath(
    *,
    estate: Estate,
    source: Membership,
    heir: Membership,
    share_class: str,
    shares: int,
    proof: str,
    by: Principal,
    at: datetime,
) -> Bequest:
    """Write down that shares of an estate pass to an heir who is a member. Another person makes it so.

    It does not matter whether members can pass these shares on among the living.

    :param source: the membership of the dead that holds them
    :raises WrongMoment: when the estate is not open, or the heirs' time is over
    :raises NotTransferable, NotEnoughShares, StillUnpaid, BeyondTheCap, NotOnOffer, ProofNeeded, OwnCase:
    """
    by.must(SETTLE_ESTATE, estate)
    assert by.person_id is not None, "an office is held by somebody"
    Tenant.lock_current()
    if not proof.strip():
        raise ProofNeeded
    wanted = Bequest(
        estate=Estate.objects.get(pk=estate.pk), source=source, heir=heir, share_class=share_class, shares=shares,
        proof=proof.strip()[:200], recorded_by=by.person_id, recorded_at=at,
    )  # fmt: skip
    _check(wanted, by, at)
    wanted.save()
    return wanted


def _check(wanted: Bequest, by: Principal, at: datetime) -> queries.Holding:
    """Return what the source holds, where a bequest of it is possible."""
    estate, heir = wanted.estate, wanted.heir
    if not estate.is_open or register.day_of(at) > estate.until_on or wanted.source.person_id != estate.person_id:
        raise WrongMoment
    if heir.pk in by.memberships:
        raise OwnCase
    is_member = heir.standing in MEMBERS
    if subscriptions.transfer(to="heir", type="mortis_causa", heir_admitted=is_member) != "allowed":
        raise NotTransferable
    one, held = register.share_class(wanted.share_class, heir), queries.holding(wanted.source.pk, wanted.share_class)
    if wanted.shares < 1 or wanted.shares > held.shares:
        raise NotEnoughShares
    # What was never paid in passes with the shares, and cannot be divided from them.
    if held.unpaid.minor and wanted.shares < held.shares:
        raise StillUnpaid
    register.within_caps(one, heir, wanted.shares, are_new=False)
    return held


@transaction.atomic
def confirm_bequest(*, bequest: Bequest, by: Principal, at: datetime) -> Bequest:
    """Pass the shares on, as a second person. The co-op's capital stays what it is.

    :raises SecondPersonNeeded: for whoever wrote it down; and what `bequeath` raises
    """
    by.must(SETTLE_ESTATE, bequest)
    Tenant.lock_current()
    if bequest.recorded_by == by.person_id or by.person_id is None:
        raise SecondPersonNeeded
    found = Bequest.objects.select_related("estate", "source", "heir").get(pk=bequest.pk)
    if found.confirmed_at or found.dropped_at:
        raise WrongMoment
    held = _check(found, by, at)
    Bequest.objects.filter(pk=found.pk, confirmed_at=None).update(confirmed_by=by.person_id, confirmed_at=at)
    _pass_on(found, held, by=by, at=at)
    _end_if_empty(found.estate, at)
    found.refresh_from_db()
    return found


def _pass_on(one: Bequest, held: queries.Holding, *, by: Principal, at: datetime) -> None:
    whole = Money(held.nominal.minor * one.shares // held.shares, held.nominal.currency)
    unpaid = held.unpaid  # All of it, or there is none.
    given, received = Movement.Kind.GIVEN, Movement.Kind.RECEIVED
    pair = [
        Movement(
            membership=who, counterpart=other, share_class=one.share_class, kind=kind, shares=sign * one.shares,
            currency=whole.currency, nominal_minor=sign * whole.minor, unpaid_minor=sign * unpaid.minor,
        )
        for who, other, kind, sign in ((one.source, one.heir, given, -1), (one.heir, one.source, received, 1))
    ]  # fmt: skip
    legs = [ledger.debit("3000", whole, holder=one.source.holder), ledger.credit("3000", whole, holder=one.heir.holder)]
    if unpaid.minor:
        legs += [ledger.debit("1300", unpaid, holder=one.heir.holder), ledger.credit("1300", unpaid, holder=one.source.holder)]
    register.write(
        movements=pair, key=f"shares:bequest:{one.pk}", narration=_("Shares inherited"), postings=legs,
        subject=one.estate.holder, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def drop_bequest(*, bequest: Bequest, by: Principal, at: datetime) -> Bequest:
    """Leave a bequest be that nobody has made so."""
    by.must(SETTLE_ESTATE, bequest)
    if not Bequest.objects.filter(pk=bequest.pk, confirmed_at=None, dropped_at=None).update(dropped_at=at):
        raise WrongMoment
    bequest.refresh_from_db()
    return bequest


@transaction.atomic
def repay_estate(*, estate: Estate, by: Principal, at: datetime) -> list[Redemption]:
    """Queue what an estate still holds to be repaid: no heir takes it over. Approved and paid as every redemption.

    :raises WrongMoment: when it is not open
    """
    by.must(SETTLE_ESTATE, estate)
    return _repay(estate, by, at)


@transaction.atomic
def repay_overdue_estates(*, by: Principal, at: datetime) -> int:
    """Queue what estates still hold whose heirs' time is over; return of how many. Harmless to repeat."""
    by.must(SETTLE)
    late = list(queries.open_estates().filter(until_on__lt=register.day_of(at)).order_by("pk")[:100])
    for one in late:
        _repay(one, by, at)
    return len(late)


def _repay(estate: Estate, by: Principal, at: datetime) -> list[Redemption]:
    Tenant.lock_current()
    if not Estate.objects.filter(pk=estate.pk, confirmed_at__isnull=False, ended_at=None).update(ended_at=at):
        raise WrongMoment
    estate.refresh_from_db()
    Bequest.objects.filter(estate=estate, confirmed_at=None, dropped_at=None).update(dropped_at=at)
    return [
        redemption for one in queries.of_person(estate.person_id)
        for redemption in redeeming.queue_all(one, Redemption.Cause.DIED, by=by, at=at, estate=estate)
    ]  # fmt: skip


def _end_if_empty(estate: Estate, at: datetime) -> None:
    """End an estate of which nothing is left."""
    own = [one.pk for one in queries.of_person(estate.person_id)]
    if not queries.holdings(membership_ids=own):
        Estate.objects.filter(pk=estate.pk, ended_at=None).update(ended_at=at)
        Bequest.objects.filter(estate=estate, confirmed_at=None, dropped_at=None).update(dropped_at=at)
