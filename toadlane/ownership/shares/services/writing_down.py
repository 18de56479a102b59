"""Losses that members' shares bear: their number stays what it is, and each is worth less."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.ownership.shares import queries
from toadlane.ownership.shares.models import Movement, Redemption
from toadlane.ownership.shares.permissions import SETTLE
from toadlane.ownership.shares.services import register
from toadlane.ownership.shares.services.errors import NotEnoughShares
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant


@transaction.atomic
def bear_loss(
    *, off: Mapping[int, Mapping[str, int]], key: str, subject: str, narration: str, rule: str, rule_version: int, by: Principal,
    at: datetime,
) -> list[Movement]:  # fmt: skip
    """Write down what members have paid in by what of a loss comes off it, once; return what is new.

    :param off: by membership and share class, in minor units; against 3900, the result that is not shared out
    :raises NotEnoughShares: when somebody would bear more than `queries.may_bear` says
    """
    by.must(SETTLE)
    Tenant.lock_current()
    held = {(one.membership_id, one.share_class): one for one in queries.holdings(membership_ids=off)}
    written: list[Movement] = []
    for name in sorted({name for parts in off.values() for name in parts}):
        if Movement.objects.filter(key=f"{key}:{name}").exists():
            continue
        parts = {pk: of_classes[name] for pk, of_classes in sorted(off.items()) if of_classes.get(name)}
        if any((pk, name) not in held or minor > queries.may_bear(held[pk, name]) for pk, minor in parts.items()):
            raise NotEnoughShares
        unit, about = queries.currency(), {"rule": rule, "rule_version": rule_version}
        movements = [
            Movement(membership_id=pk, share_class=name, kind=Movement.Kind.LOST, shares=0, currency=unit, nominal_minor=-minor)
            for pk, minor in parts.items()
        ]
        legs = [ledger.debit("3000", Money(minor, unit), holder=f"membership:{pk}", **about) for pk, minor in parts.items()]
        written += register.write(
            movements=movements, key=f"{key}:{name}", narration=narration, subject=subject, by=by, at=at,
            postings=[*legs, Leg("3900", Money(-sum(parts.values()), unit))],
        )  # fmt: skip
    _ask_for_less(off)
    return written


def _ask_for_less(off: Mapping[int, Mapping[str, int]]) -> None:
    """Let what waits to be repaid be what its shares are worth now."""
    now = {(one.membership_id, one.share_class): one for one in queries.holdings(membership_ids=off)}
    waiting = list(Redemption.objects.filter(membership__in=off, state=Redemption.State.WAITING))
    for one in waiting:
        if held := now.get((one.membership_id, one.share_class)):
            one.nominal_minor = held.nominal.minor * one.shares // held.shares
    Redemption.objects.bulk_update(waiting, ["nominal_minor"], batch_size=500)
