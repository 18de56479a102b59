"""Covering a loss out of the reserve: what the reserve is for, and nothing else, as the members decided."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop

from toadlane.democracy.proposals import services as proposals
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.ownership.shares import queries as shares
from toadlane.ownership.surplus import queries
from toadlane.ownership.surplus.permissions import BOOK, WORK_OUT
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant


class NoSuchLoss(Expected):
    words = lazy("There is no loss of closed years that is as large as that.")
    status = 422
    field = "amount_minor"


class ReserveShort(Expected):
    words = lazy("The reserve holds less than that. The rest is covered by the surplus of later years.")
    status = 422
    field = "amount_minor"


class BeyondTheLaw(Expected):
    words = lazy(
        "The law lets the reserve bear no larger part of a loss than it got of the surpluses before. Share the rest out."
    )
    status = 422
    field = "amount_minor"


def fault(minor: int) -> Expected | None:
    """Say why an amount of a loss cannot be covered now; None where it can."""
    unit = shares.currency()
    if not 0 < minor <= queries.loss(unit).minor:
        return NoSuchLoss()
    if minor > -books.balance("3100", unit).minor:
        return ReserveShort()
    return BeyondTheLaw() if minor > queries.reserve_room(unit) else None


@transaction.atomic
def propose_cover(*, amount_minor: int, by: Principal, at: datetime) -> int:
    """Propose to the members to cover a loss, or part of it, out of the reserve; return the number of the proposal.

    :raises NoSuchLoss, ReserveShort, BeyondTheLaw: when it could not be done
    """
    by.must(WORK_OUT)
    Tenant.lock_current()
    if wrong := fault(amount_minor):
        raise wrong
    contents = [{"kind": "loss", "payload": {"amount_minor": amount_minor}}]
    return int(proposals.propose(title=_("Cover a loss out of the reserve"), by=by, at=at, contents=contents).number)


@transaction.atomic
def cover(*, amount_minor: int, decision: str, by: Principal, at: datetime) -> None:
    """Book what the members decided, once: out of the reserve, into what is left of losses.

    :raises NoSuchLoss, ReserveShort, BeyondTheLaw: when it can no longer be done
    """
    by.must(BOOK)
    Tenant.lock_current()
    key = f"loss:{decision}"
    if books.entries(subject=queries.LOSS).filter(key=key).exists():
        return
    if wrong := fault(amount_minor):
        raise wrong
    amount = Money(amount_minor, shares.currency())
    ledger.post(
        key=key, subject=queries.LOSS, narration=gettext_noop("A loss covered by the reserve"), by=by, at=at,
        postings=[ledger.debit("3100", amount, purpose="loss_allocation"), ledger.credit("3900", amount)],
    )  # fmt: skip
