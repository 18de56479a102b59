"""Passing shares to another member, at their price."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.ownership.shares import queries
from toadlane.ownership.shares.models import Movement
from toadlane.ownership.shares.permissions import OWN
from toadlane.ownership.shares.policies import subscriptions
from toadlane.ownership.shares.services import redeeming, register
from toadlane.ownership.shares.services.errors import NotEnoughShares, NotTransferable, NotYours, StillUnpaid
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.members.models import MEMBERS, Membership


@transaction.atomic
def transfer(
    *, membership: Membership, to: Membership, share_class: str, shares: int, key: str, by: Principal, at: datetime
) -> list[Movement]:
    """Pass shares on to a member; the co-op's capital stays what it is.

    :raises NotTransferable, NotYours, NotEnoughShares, StillUnpaid, BeyondTheCap, NotOnOffer:
    """
    by.must(OWN, membership)
    Tenant.lock_current()
    key = f"shares:transfer:{membership.pk}:{key}"
    if known := list(Movement.objects.filter(key=key)):
        return known
    if membership.pk == to.pk:
        raise NotYours
    one = queries.share_classes().get(share_class)
    whom = "member" if to.standing in MEMBERS else "non_member"
    if one is None or not one.transferable or subscriptions.transfer(to=whom) != "allowed":
        raise NotTransferable
    register.share_class(share_class, to)
    held = queries.holding(membership.pk, share_class)
    if shares < 1 or shares > held.shares - redeeming.asked_back(membership, share_class):
        raise NotEnoughShares
    if held.unpaid.minor:
        raise StillUnpaid
    register.within_caps(one, to, shares, are_new=False)
    whole = Money(held.nominal.minor * shares // held.shares, held.nominal.currency)
    given, received = Movement.Kind.GIVEN, Movement.Kind.RECEIVED
    pair = [
        Movement(
            membership=who, counterpart=other, share_class=share_class, kind=kind, shares=sign * shares,
            currency=whole.currency, nominal_minor=sign * whole.minor,
        )
        for who, other, kind, sign in ((membership, to, given, -1), (to, membership, received, 1))
    ]  # fmt: skip
    legs = [ledger.debit("3000", whole, holder=membership.holder), ledger.credit("3000", whole, holder=to.holder)]
    return register.write(
        movements=pair, key=key, narration=_("Shares passed on"), postings=legs, subject=f"membership:{membership.pk}", by=by,
        at=at,
    )  # fmt: skip
