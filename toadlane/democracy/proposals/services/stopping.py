"""Stopping a decision on its way: members who ask for a new vote, and the one whom it is about."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from toadlane.democracy.proposals.events import DecisionAnnulled, DecisionSuspended
from toadlane.democracy.proposals.models import Appeal, Decision, Enactment, Proposal, Stage, Support
from toadlane.democracy.proposals.permissions import APPEAL, DEMAND, JUDGE, RUN, WRITE
from toadlane.democracy.proposals.policies import concerned, rebased, start_of
from toadlane.democracy.proposals.queries import procedures, proposals
from toadlane.democracy.proposals.services.errors import AlreadySigned, NotNow, SayMore
from toadlane.democracy.proposals.services.scheduling import announce_change
from toadlane.democracy.proposals.services.supporting import sign
from toadlane.democracy.proposals.services.telling import note
from toadlane.democracy.proposals.services.writing import bring, name_of
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.members.models import Membership


@transaction.atomic
def demand_suspension(*, decision: Decision, by: Principal, at: datetime) -> Support:
    """Ask, before it takes effect, for everybody to vote once more. With enough names it is suspended at once.

    :raises NotNow: once it has taken effect
    """
    by.must(DEMAND, decision)
    Tenant.lock_current()
    enactment = _locked(decision)
    if enactment.state != Enactment.State.SCHEDULED or at >= enactment.due_at:
        raise NotNow(_("It has taken effect, or does not any more. Bring forward what should be different."))
    if decision.proposal.about_decision and _was_suspended(decision.proposal.about_decision):
        raise NotNow(_("Members have suspended this once and voted again. Once has to be enough."))
    found = sign(decision.proposal, Support.Role.SUSPEND, by=by, at=at)
    backing = proposals.demand(decision.proposal)
    note(decision.proposal, "suspension_asked", by=by, at=at, name=found.name, names=backing.names, needed=backing.needed)
    if backing.is_enough:
        _suspend(decision, enactment, names=backing.names, by=by, at=at)
    return found


def _was_suspended(name: str) -> bool:
    earlier = Decision.objects.filter(name=name).first()
    return earlier is not None and earlier.proposal.moments.filter(deed="suspended").exists()


def _suspend(decision: Decision, enactment: Enactment, *, names: int, by: Principal, at: datetime) -> None:
    _hold(decision, enactment, at)
    again = bring(
        title=_("Vote again: %(title)s") % {"title": decision.title}, contents=decision.contents, author=decision.proposal.author,
        text=decision.proposal.text, about_decision=decision.name, procedure=decision.procedure,
        by=Principal.job(decision.coop_id), at=at,
    )  # fmt: skip
    note(decision.proposal, "suspended", by=by, at=at, names=names, again=again.number)
    events.publish(DecisionSuspended(decision=decision.name, proposal_id=decision.proposal_id))


def _hold(decision: Decision, enactment: Enactment, at: datetime) -> None:
    enactment.state = Enactment.State.HALTED
    enactment.save(update_fields=["state"])
    Proposal.objects.filter(pk=decision.proposal_id).update(stage=Stage.HALTED)
    rules.settle(decision=decision.name, by=Principal.job(decision.coop_id, "enactment"), at=at)


def annul(decision: Decision, *, because: str, by: Principal, at: datetime) -> None:
    """End a decision that has not taken effect. It stays to be read, and never takes effect."""
    enactment = _locked(decision)
    enactment.state, enactment.error = Enactment.State.ANNULLED, because
    enactment.save(update_fields=["state", "error"])
    Proposal.objects.filter(pk=decision.proposal_id).update(stage=Stage.ANNULLED, ended_at=at)
    rules.settle(decision=decision.name, by=Principal.job(decision.coop_id, "enactment"), at=at)
    note(decision.proposal, "annulled", by=by, at=at, because=because[:1000])
    events.publish(DecisionAnnulled(decision=decision.name, proposal_id=decision.proposal_id))


@transaction.atomic
def appeal(*, decision: Decision, text: str, by: Principal, at: datetime) -> Appeal:
    """Ask the appeals committee to look again at a decision about oneself. Until it has, the decision does not take effect.

    :raises NotNow: when the time to appeal is over
    """
    by.must(APPEAL, decision)
    Tenant.lock_current()
    enactment = _locked(decision)
    in_time = enactment.appeal_until is not None and at < enactment.appeal_until
    if enactment.state not in (Enactment.State.SCHEDULED, Enactment.State.HALTED) or not in_time:
        raise NotNow(_("The time to appeal is over."))
    if not text.strip():
        raise SayMore(_("Say what is wrong with it: the committee reads it."))
    mine = Membership.objects.filter(pk__in=concerned(decision.contents)).select_related("person", "organisation")
    voice = next((one for one in mine if one.person_id == by.person_id or one.pk in by.memberships), None)
    if voice is None or by.person_id is None:
        raise NotNow(_("The time to appeal is over."))
    try:
        with transaction.atomic():
            found = Appeal.objects.create(
                decision=decision, membership=voice, person_id=by.person_id, name=name_of(voice, by), text=text.strip()[:4000],
                made_at=at, suspended_at=at, **_time_to_decide(at),
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadySigned(_("You have appealed already.")) from error
    if enactment.state == Enactment.State.SCHEDULED:
        _hold(decision, enactment, at)
    note(decision.proposal, "appealed", by=by, at=at, name=found.name)
    events.publish(DecisionSuspended(decision=decision.name, proposal_id=decision.proposal_id))
    return found


def _time_to_decide(at: datetime) -> dict[str, object]:
    """Return until when the committee decides, and what follows if it does not, as the bylaws say on the day of the appeal."""
    book = bylaws.book()
    until = start_of(procedures.day_of(at) + timedelta(days=book.value("gov.appeal_decide_days") + 1), procedures.zone())
    return {"decide_by": until, "on_silence": book.value("gov.appeal_silence")}


@transaction.atomic
def lapse_appeals(*, by: Principal, at: datetime) -> int:
    """End the appeals on which the committee has not decided in time, as the bylaws say; return how many."""
    by.must(RUN)
    Tenant.lock_current()
    late = Appeal.objects.select_for_update(of=("self",)).filter(state=Appeal.State.OPEN, decide_by__lte=at)
    found = list(late.select_related("decision__proposal").order_by("decide_by", "pk"))
    for one in found:
        words = {
            "falls": _("The committee did not decide in time. By the bylaws the decision falls."),
            "stands": _("The committee did not decide in time. By the bylaws the decision stands."),
        }[one.on_silence]
        falls = one.on_silence == "falls"
        _end(one, Appeal.State.LAPSED, reasons=words, falls=words if falls else "", by=by, at=at)
    return len(found)


@transaction.atomic
def judge(*, appeal: Appeal, upheld: bool, reasons: str, by: Principal, at: datetime) -> Appeal:
    """Decide an appeal, with reasons: the decision is annulled, or takes effect after all.

    :param upheld: whether whoever appealed was right
    """
    by.must(JUDGE, appeal)
    Tenant.lock_current()
    appeal = Appeal.objects.select_for_update(of=("self",)).select_related("decision__proposal").get(pk=appeal.pk)
    if appeal.state != Appeal.State.OPEN:
        raise NotNow(_("This appeal has been decided."))
    if not reasons.strip():
        raise SayMore(_("Give your reasons: everybody concerned reads them."), field="reasons")
    reasons = reasons.strip()[:4000]
    falls = _("Upheld on appeal: %(reasons)s") % {"reasons": reasons} if upheld else ""
    _end(appeal, Appeal.State.UPHELD if upheld else Appeal.State.DISMISSED, reasons=reasons, falls=falls, by=by, at=at)
    return appeal


def _end(appeal: Appeal, state: Appeal.State, *, reasons: str, falls: str, by: Principal, at: datetime) -> None:
    """Write down what became of an appeal.

    :param falls: why the decision is annulled; empty where it stands
    """
    appeal.state = state
    appeal.reasons, appeal.decided_at, appeal.decided_by = reasons, at, str(by)
    appeal.save()
    decision = appeal.decision
    note(decision.proposal, f"appeal_{state}", by=by, at=at, reasons=reasons[:1000])
    if falls:
        annul(decision, because=falls, by=by, at=at)
    elif not decision.appeals.filter(state=Appeal.State.OPEN).exists():
        _resume(decision, at)


def _resume(decision: Decision, at: datetime) -> None:
    enactment = _locked(decision)
    if enactment.state != Enactment.State.HALTED:
        return
    enactment.state, enactment.due_at = Enactment.State.SCHEDULED, max(enactment.due_at, at)
    enactment.save(update_fields=["state", "due_at"])
    Proposal.objects.filter(pk=decision.proposal_id).update(stage=Stage.COOLING)
    announce_change(decision, enactment.due_at, at)


@transaction.atomic
def repair(*, decision: Decision, by: Principal, at: datetime) -> Proposal:
    """Bring what could not be carried out again, written on what the rules say today. The members vote on it anew.

    :raises NotNow: when it did not fail, or when there is nothing left to do
    """
    by.must(WRITE, decision.proposal)
    enactment = _locked(decision)
    if enactment.state != Enactment.State.FAILED:
        raise NotNow(_("There is nothing to mend here."))
    if known := proposals.brought_again(decision):
        raise NotNow(_("It is under way again: proposal %(number)s.") % {"number": known.number})
    contents = rebased(decision.contents, bylaws.book().document, bylaws.book().number)
    if not contents:
        raise NotNow(_("The rules say by now what it would have made them say."))
    again = bring(
        title=decision.title, contents=contents, author=decision.proposal.author, text=decision.proposal.text,
        summary=decision.proposal.summary, about_decision=decision.name, by=Principal.job(decision.coop_id), at=at,
    )  # fmt: skip
    note(decision.proposal, "repaired", by=by, at=at, again=again.number)
    return again


def _locked(decision: Decision) -> Enactment:
    enactment = Enactment.objects.select_for_update().filter(decision=decision).first()
    if enactment is None:
        raise NotNow(_("It did not pass: there is nothing to stop."))
    return enactment
