"""Giving back what members left in their capital accounts: the oldest year first, decided by them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop

from toadlane.democracy.proposals import services as proposals
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.kernel.rounding import remaining_balance
from toadlane.money.funds import queries as spending
from toadlane.money.ledger import services as ledger
from toadlane.ownership.shares import queries as shares
from toadlane.ownership.surplus import queries
from toadlane.ownership.surplus.models import Repayment
from toadlane.ownership.surplus.permissions import BOOK, WORK_OUT
from toadlane.ownership.surplus.services.closing import batches
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant


class NotLeft(Expected):
    words = lazy("The oldest year goes first, and no more of it can be given back than is left.")
    status = 422
    field = "amount_minor"


class NotSolvent(Expected):
    words = lazy("There is less than this in the bank. Give back what the co-op can do without.")
    status = 409
    field = "amount_minor"


def fault(name: str, minor: int) -> Expected | None:
    """Say why an amount of a year cannot be given back now; None where it can."""
    waiting = queries.layers(shares.currency())
    if not waiting or waiting[0].year.name != name or not 0 < minor <= waiting[0].total.minor:
        return NotLeft()
    if spending.own_money(shares.currency()).minor < minor:
        return NotSolvent()
    return None


@transaction.atomic
def propose_repayment(*, name: str, amount_minor: int, by: Principal, at: datetime) -> int:
    """Propose to the members to give back part of what they left of a year; return the number of the proposal.

    :raises NotLeft, NotSolvent: when it could not be done
    """
    by.must(WORK_OUT)
    Tenant.lock_current()
    if wrong := fault(name, amount_minor):
        raise wrong
    contents = [{"kind": "repayment", "payload": {"year": name, "amount_minor": amount_minor}}]
    title = _("Give back what was left of %(year)s") % {"year": name}
    return int(proposals.propose(title=title, by=by, at=at, contents=contents).number)


@transaction.atomic
def repay(*, name: str, amount_minor: int, decision: str, by: Principal, at: datetime) -> Repayment:
    """Book what the members decided: from their capital accounts to what is owed to them, in batches.

    :raises NotLeft, NotSolvent: when it can no longer be done
    """
    by.must(BOOK)
    Tenant.lock_current()
    if known := Repayment.objects.filter(decision=decision, year__name=name).first():
        return known
    if wrong := fault(name, amount_minor):
        raise wrong
    layer = queries.layers(shares.currency())[0]
    ordered = dict(sorted(layer.left.items(), key=lambda pair: int(pair[0])))
    parts = {pk: minor for pk, minor in remaining_balance(ordered, amount_minor).items() if minor}
    made = Repayment.objects.create(year=layer.year, amount_minor=amount_minor, parts=parts, decision=decision, booked_at=at)
    _move(made, by=by, at=at)
    return made


def _move(made: Repayment, *, by: Principal, at: datetime) -> None:
    unit = made.year.currency
    for number, batch in enumerate(batches(made.parts), 1):
        legs = []
        for pk in batch:
            amount, holder = Money(made.parts[pk], unit), f"membership:{pk}"
            legs += [ledger.debit("3200", amount, holder=holder), ledger.credit("2410", amount, holder=holder)]
        ledger.post(
            key=f"{made.year.subject}:{made.subject}:booked:{number}", subject=made.year.subject, postings=legs, by=by, at=at,
            narration=gettext_noop("Given back from capital accounts"),
        )  # fmt: skip
