"""Sharing a loss out as bylaws and law say: on the reserve, on members' capital accounts and shares; the rest is carried."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop

from toadlane.democracy.proposals import services as proposals
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.ownership.shares import services as shares
from toadlane.ownership.surplus import queries
from toadlane.ownership.surplus.models import Imputation, Year
from toadlane.ownership.surplus.permissions import BOOK, WORK_OUT
from toadlane.ownership.surplus.services.closing import Changed, batches
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import queries as members
from toadlane.society.members.models import MEMBERS
from toadlane.society.messaging import services as messaging

NARRATION = gettext_noop("A loss shared out")


class NoLossLeft(Expected):
    words = lazy("There is no loss of that year that could be shared out: it is covered, or it was shared out before.")
    status = 422
    field = "name"


class NobodyBears(Expected):
    words = lazy("By bylaws and law neither the reserve nor anybody’s capital account bears any of it: later surpluses cover it.")
    status = 422
    field = "name"


@transaction.atomic
def propose_imputation(*, name: str, by: Principal, at: datetime) -> Imputation:
    """Work out who bears the loss of a year, and put exactly that to the members.

    :raises NoLossLeft, NobodyBears:
    """
    by.must(WORK_OUT)
    Tenant.lock_current()
    year = queries.year(name)
    if year is None or not queries.loss_left(year):
        raise NoLossLeft
    worked = queries.worked_loss(year)
    if not worked["reserve"] + sum(worked["parts"].values()) and not worked.get("capital"):
        raise NobodyBears
    made = Imputation.objects.create(
        year=year, amount_minor=worked["loss"], reserve_minor=worked["reserve"], parts=worked["parts"],
        layers=worked["layers"], capital=worked.get("capital", {}), terms=worked["terms"],
        hash=queries.loss_digest(worked), worked_out_at=at,
        worked_out_by=str(by), bylaws_version=bylaws.book().number,
    )  # fmt: skip
    proposal = proposals.propose(
        title=_("The loss of %(year)s") % {"year": name}, by=by, at=at,
        contents=[{"kind": "loss_shares", "payload": {"loss": made.pk, "hash": made.hash}}],
    )  # fmt: skip
    made.proposal = proposal.number
    made.save(update_fields=["proposal"])
    return made


def fault(made: Imputation | None, digest: str) -> Expected | None:
    """Say why a loss can no longer be shared out as it was proposed; None where it can."""
    if made is None or not queries.loss_left(made.year):
        return NoLossLeft()
    if made.hash != digest or queries.loss_digest(queries.worked_loss(made.year)) != digest:
        return Changed(_("The loss, the reserve or the capital accounts are no longer what they were. Propose it again."))
    return None


@transaction.atomic
def impute(*, pk: int, digest: str, decision: str, by: Principal, at: datetime) -> Imputation:
    """Book what the members decided, once: out of the reserve, off each one's capital account, the oldest year first, and then
    off their shares.

    :raises NoLossLeft, Changed: when it can no longer be done so
    """
    by.must(BOOK)
    Tenant.lock_current()
    made = queries.imputation(pk)
    if made is not None and made.booked_at is not None and made.decision == decision:
        return made
    if wrong := fault(made, digest):
        raise wrong
    assert made is not None, "looked at just now"
    _post(made, by=by, at=at)
    made.decision, made.booked_at = decision, at
    made.save(update_fields=["decision", "booked_at"])
    year: Year = made.year
    messaging.announce(
        key=f"{year.subject}:loss", subject=year.subject, template="surplus/loss", context={"year": year.name},
        link=("surplus:year", year.name), memberships=members.register().filter(standing__in=MEMBERS), by=by, at=at,
    )  # fmt: skip
    return made


def _post(made: Imputation, *, by: Principal, at: datetime) -> None:
    unit, version = made.year.currency, {"rule": "surplus.losses", "rule_version": made.bylaws_version}
    steps = []
    if made.reserve_minor:
        steps.append([ledger.debit("3100", Money(made.reserve_minor, unit), purpose="loss_allocation", **version)])
    for batch in batches(pk for pk, minor in made.parts.items() if minor):
        steps.append([ledger.debit("3200", Money(made.parts[pk], unit), holder=f"membership:{pk}", **version) for pk in batch])
    for number, legs in enumerate(steps, 1):
        total = sum(leg.amount.minor for leg in legs)
        ledger.post(
            key=f"{made.subject}:{number}", subject=queries.LOSS, narration=NARRATION, by=by, at=at,
            postings=[*legs, Leg("3900", Money(-total, unit))],
        )  # fmt: skip
    for number, batch in enumerate(batches(made.capital), 1):
        shares.bear_loss(
            off={int(pk): made.capital[pk] for pk in batch}, key=f"{made.subject}:shares:{number}", subject=queries.LOSS,
            narration=NARRATION, by=Principal.job(by.coop_id), at=at, rule="surplus.losses_shares",
            rule_version=made.bylaws_version,
        )  # fmt: skip
