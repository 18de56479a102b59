"""A passed decision takes effect by itself: once, on its day, whole, or visibly not at all."""

from datetime import datetime

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.democracy.proposals import policies
from toadlane.democracy.proposals.events import DecisionEnacted, EnactmentFailed
from toadlane.democracy.proposals.models import Decision, Enactment, Stage
from toadlane.democracy.proposals.permissions import RUN
from toadlane.democracy.proposals.queries import decisions as known
from toadlane.democracy.proposals.queries import procedures
from toadlane.democracy.proposals.services.errors import CannotBeDecided, Changed
from toadlane.democracy.proposals.services.scheduling import announce_change
from toadlane.democracy.proposals.services.telling import note
from toadlane.kernel import canonical
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules import decisions

log = structlog.get_logger("toadlane.proposals")

# An error that nobody expected is tried again so often before it is shown as a failure.
ATTEMPTS = 5


def enact_due(*, by: Principal, at: datetime) -> int:
    """Carry out whatever has come due, oldest first; return how many took effect. Doing it again is harmless.

    One that fails keeps no other from taking effect, and nobody from coming in at the door.
    """
    by.must(RUN)
    count = 0
    for one in list(known.due(at)):
        try:
            count += enact(enactment=one, by=by, at=at).state == Enactment.State.ENACTED
        except Exception as error:
            log.exception("enactment stumbled", decision=one.decision.name, coop=one.coop_id, error=repr(error))
    return count


def enact(*, enactment: Enactment, by: Principal, at: datetime) -> Enactment:
    """Carry out one decision in one transaction: everything it says, or nothing of it.

    Looks at everything again: that it is what was voted on, that the rules it changes are what members saw, the law of
    today, and that nobody has paused it. Tried by two at once, or again after a crash at any step, it happens once.
    """
    by.must(RUN, enactment)
    try:
        with transaction.atomic():
            return _carry_out(enactment, by, at)
    except rules.Halted as halted:
        return _wait(enactment, halted, by, at)
    except Expected as error:
        return _fail(enactment, error, by, at)
    except Exception as error:
        _stumble(enactment, error, by, at)
        raise


def _carry_out(enactment: Enactment, by: Principal, at: datetime) -> Enactment:
    # One at a time in a co-op: the second worker waits here, and then finds that it is done.
    Tenant.lock_current()
    enactment = Enactment.objects.select_for_update(of=("self",)).select_related("decision__proposal").get(pk=enactment.pk)
    # Whoever can write to the database can bring the hour forward, and not the day: a trigger keeps that.
    is_early = at < enactment.due_at or procedures.day_of(at) < enactment.effective_on
    if enactment.state != Enactment.State.SCHEDULED or is_early:
        return enactment
    decision = enactment.decision
    _verify(decision, at)
    act = Principal.job(decision.coop_id, "enactment")
    for one in decision.contents:
        payload = dict(one["payload"])
        if decision.result.get("elected") is not None:
            payload["elected"] = decision.result["elected"]
        decisions.enact(
            kind=one["kind"], payload=payload, decision=decision.name, passed_by=decision.procedure, by=act, at=at
        )  # fmt: skip
    enactment.state, enactment.enacted_at, enactment.tried_at = Enactment.State.ENACTED, at, at
    enactment.attempts, enactment.error, enactment.error_code = enactment.attempts + 1, "", ""
    enactment.bylaws_version = bylaws.book().number
    enactment.save()
    proposal = decision.proposal
    proposal.stage, proposal.ended_at = Stage.IN_FORCE, at
    proposal.save(update_fields=["stage", "ended_at"])
    note(proposal, "enacted", by=by, at=at, decision=decision.name, bylaws_version=enactment.bylaws_version)
    events.publish(DecisionEnacted(decision=decision.name, proposal_id=proposal.pk))
    return enactment


def _verify(decision: Decision, at: datetime) -> None:
    """:raises Changed: when the decision is not what it was; CannotBeDecided: when it does not fit the rules of today"""
    proposal = decision.proposal
    digest = policies.digest(decision.title, proposal.text, decision.contents)
    if digest != decision.content_hash or canonical.digest(decision.hashed()) != decision.hash:
        raise Changed
    faults = procedures.faults(decision.contents, bylaws.book(), at)
    faults += procedures.below_the_law(decision, bylaws.book())
    # A day that was named may be over when a pause or a halted server made it late; it was in time when members decided.
    if grave := [fault for fault in faults if fault.code != "retroactive"]:
        raise CannotBeDecided(grave)


@transaction.atomic
def _wait(enactment: Enactment, halted: Expected, by: Principal, at: datetime) -> Enactment:
    """A pause is no failure: it takes effect when the pause is over."""
    halt = bylaws.halted(rules.ENACTING, at)
    enactment = Enactment.objects.select_for_update(of=("self",)).select_related("decision__proposal").get(pk=enactment.pk)
    if halt is None or enactment.state != Enactment.State.SCHEDULED:
        return enactment
    enactment.due_at, enactment.tried_at = halt.until, at
    enactment.error, enactment.error_code = f"{halted} {halted.hint}".strip(), halted.code
    enactment.save()
    announce_change(enactment.decision, halt.until, at)
    until = halt.until.isoformat()
    note(enactment.decision.proposal, "paused", by=by, at=at, until=until, reasons=halt.reasons[:1000])
    return enactment


def _stumble(enactment: Enactment, error: Exception, by: Principal, at: datetime) -> None:
    attempts = enactment.attempts + 1
    Enactment.objects.filter(pk=enactment.pk, state=Enactment.State.SCHEDULED).update(attempts=attempts, tried_at=at)
    if attempts >= ATTEMPTS:
        _fail(enactment, Expected(_("The server stumbled over it: %(error)s") % {"error": repr(error)[:200]}), by, at)


@transaction.atomic
def _fail(enactment: Enactment, error: Expected, by: Principal, at: datetime) -> Enactment:
    Tenant.lock_current()
    enactment = Enactment.objects.select_for_update(of=("self",)).select_related("decision__proposal").get(pk=enactment.pk)
    if enactment.state != Enactment.State.SCHEDULED:
        return enactment
    why = f"{error} {error.hint}".strip()
    enactment.state, enactment.error, enactment.tried_at = Enactment.State.FAILED, why, at
    enactment.error_code = getattr(error, "code_of_fault", error.code)
    enactment.attempts += 1
    enactment.save()
    decision, proposal = enactment.decision, enactment.decision.proposal
    proposal.stage, proposal.stuck_because = Stage.FAILED, why
    proposal.save(update_fields=["stage", "stuck_because"])
    rules.settle(decision=decision.name, by=Principal.job(decision.coop_id, "enactment"), at=at)
    note(proposal, "enactment_failed", by=by, at=at, why=why[:1000], code=enactment.error_code)
    events.publish(EnactmentFailed(decision=decision.name, proposal_id=proposal.pk, why=enactment.error_code))
    return enactment
