"""A community share offer: opened by the members' decision, applied to with the money, closed by its terms."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from toadlane.ownership.shares import queries
from toadlane.ownership.shares.models import Offer, Subscription
from toadlane.ownership.shares.permissions import OPEN_OFFER, OWN, SETTLE
from toadlane.ownership.shares.policies import offers
from toadlane.ownership.shares.services import register, subscribing
from toadlane.ownership.shares.services.errors import WrongMoment
from toadlane.ownership.shares.services.subscribing import Placed
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.members.models import Membership


@transaction.atomic
def open_offer(*, decision: str, by: Principal, at: datetime, **terms: Any) -> Offer:
    """Open an offer as the members decided. Done again for the same decision it changes nothing.

    :param terms: the fields of `Offer`
    """
    by.must(OPEN_OFFER)
    return Offer.objects.get_or_create(decision=decision, defaults={"currency": queries.currency(), **terms})[0]


@transaction.atomic
def apply(
    *, offer: Offer, membership: Membership, shares: int, method: str, key: str, by: Principal, at: datetime, return_url: str = ""
) -> Placed:
    """Apply for shares of an offer, and pay for them; until it closes the money is held.

    :raises WrongMoment: before it opens and after it closes
    :raises BelowMinStake, AboveMaxStake: outside the stakes of the offer
    """
    by.must(OWN, membership)
    Tenant.lock_current()
    if offer.state != Offer.State.OPEN or not offer.opens_at <= at < offer.closes_at:
        raise WrongMoment
    one = register.share_class(offer.share_class, membership)
    amount = shares * one.price
    if amount < offer.min_stake_minor:
        raise offers.BelowMinStake
    before = offer.applications.filter(membership=membership, paid_at__isnull=False)
    if amount + sum(row.paid_minor for row in before) > offer.max_stake_minor:
        raise offers.AboveMaxStake
    register.within_caps(one, membership, shares)
    return subscribing.begin_for_offer(
        membership=membership, offer=offer, shares=shares, price=one.price, method=method, key=key, by=by, at=at,
        return_url=return_url,
    )  # fmt: skip


def close_due(*, by: Principal, at: datetime) -> list[Offer]:
    """Close the offers whose time is over: issue, scale back, or refund everybody. Doing it again is harmless.

    Money goes back outside of any transaction, keyed by what is given back, so that a crash in between loses nothing.
    """
    by.must(SETTLE)
    found = list(Offer.objects.filter(state=Offer.State.OPEN, closes_at__lte=at).order_by("closes_at", "pk"))
    for offer in found:
        allot(offer=offer, by=by, at=at)
    while subscribing.give_back_due(by=by, at=at) == subscribing.MOST:
        pass
    return found


@transaction.atomic
def allot(*, offer: Offer, by: Principal, at: datetime) -> Offer:
    """Say what everybody gets, and enter it."""
    by.must(SETTLE, offer)
    Tenant.lock_current()
    offer = Offer.objects.select_for_update().get(pk=offer.pk)
    if offer.state != Offer.State.OPEN:
        return offer
    paid_for = _within(offer.applications.select_related("membership").filter(paid_at__isnull=False).order_by("pk"))
    price = queries.share_classes()[offer.share_class].price
    result = offers.allot(
        minimum=offer.minimum_minor, maximum=offer.maximum_minor, min_stake=offer.min_stake_minor, unit=price,
        applications={str(one.pk): one.paid_minor for one in paid_for},
    )  # fmt: skip
    for one in paid_for:
        shares = result.allotted.get(str(one.pk), 0) // price
        if shares:
            subscribing.enter(one, shares, by=by, at=at)
        # Whatever was not allotted is still held, and goes back.
        one.back_minor = one.paid_minor - shares * price
        one.state = Subscription.State.LAPSED if one.back_minor else Subscription.State.DONE
        one.shares, one.nominal_minor = shares, shares * price
        one.save(update_fields=["state", "shares", "nominal_minor", "back_minor"])
    offer.applications.filter(state=Subscription.State.ASKED).update(state=Subscription.State.LAPSED)
    offer.state = Offer.State.ISSUED if result.outcome == "issue" else Offer.State.REFUNDED
    offer.closed_at = at
    offer.save(update_fields=["state", "closed_at"])
    return offer


def _within(applications: Iterable[Subscription]) -> list[Subscription]:
    """Return the applications that still fit below the caps; what somebody has taken meanwhile may have filled them."""
    found, before = list[Subscription](), Counter[int]()
    for one in applications:
        if subscribing.within(one, one.shares + before[one.membership_id]):
            before[one.membership_id] += one.shares
            found.append(one)
        else:
            Subscription.objects.filter(pk=one.pk).update(state=Subscription.State.LAPSED, back_minor=one.to_pay.minor)
    return found
