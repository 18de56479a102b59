"""Guardians pull the brake: several of them, for 72 hours, with reasons at once, and once for each cause."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from toadlane.democracy.proposals.models import Enactment, Pause, PauseSignature
from toadlane.democracy.proposals.permissions import GUARD, RUN
from toadlane.democracy.proposals.queries import decisions, pauses
from toadlane.democracy.proposals.services.errors import AlreadySigned, NotNow, SayMore
from toadlane.democracy.proposals.services.scheduling import announce_change
from toadlane.democracy.proposals.services.telling import note
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import PAUSABLE
from toadlane.society.people import queries as people
from toadlane.ui import formats


@transaction.atomic
def ask_pause(*, action: str, cause: str, reasons: str, by: Principal, at: datetime) -> Pause:
    """Ask the other guardians to pause an action with you. As soon as enough have signed, it is paused.

    :param cause: what it is about, like `decision:2027-4`: once for each
    :raises CannotBeHalted: votes, exits, pay that is due, data rights and the guardians' own recall are nobody's to pause
    :raises HaltedBefore: a second time for one cause
    """
    by.must(GUARD)
    if action not in PAUSABLE:
        raise rules.CannotBeHalted(hint=_("These can be paused: %(actions)s.") % {"actions": formats.listed(PAUSABLE)})
    if not reasons.strip() or not cause.strip():
        raise SayMore(_("Say what it is about and why: everybody reads it at once."), field="reasons")
    try:
        with transaction.atomic():
            pause = Pause.objects.create(
                action=action, cause=cause.strip()[:100], reasons=reasons.strip()[:4000], asked_at=at, asked_by=str(by),
                needed=bylaws.book().value("gov.guardians_needed"),
            )  # fmt: skip
    except IntegrityError as error:
        raise rules.HaltedBefore from error
    return _sign(pause, by, at)


@transaction.atomic
def sign_pause(*, pause: Pause, by: Principal, at: datetime) -> Pause:
    """Sign what another guardian asked for."""
    by.must(GUARD)
    pause = Pause.objects.select_for_update().get(pk=pause.pk)
    if pause.put_on_at or pause.dropped_at:
        raise NotNow(_("This is not being signed any more."))
    return _sign(pause, by, at)


def _sign(pause: Pause, by: Principal, at: datetime) -> Pause:
    name = people.names({by.person_id or 0}).get(by.person_id or 0, "")
    try:
        with transaction.atomic():
            PauseSignature.objects.create(pause=pause, person_id=by.person_id, name=name, at=at)
    except IntegrityError as error:
        raise AlreadySigned from error
    signed_by = list(pause.signatures.order_by("person_id").values_list("person_id", flat=True))
    if len(signed_by) < pause.needed:
        return pause
    # The one place where the guardians' role is minted: enough of them have signed.
    together = Principal.job(by.coop_id, "guardians")
    halt = rules.halt(action=pause.action, cause=pause.cause, reasons=pause.reasons, signed_by=signed_by, by=together, at=at)
    pause.put_on_at = at
    pause.save(update_fields=["put_on_at"])
    if decision := decisions.named(pause.cause.removeprefix("decision:")):
        names = ", ".join(pause.signatures.order_by("at", "pk").values_list("name", flat=True))
        facts = {"until": halt.until.isoformat(), "reasons": pause.reasons[:1000]}
        note(decision.proposal, "pause_put_on", by=by, at=at, name=names, **facts)
    return pause


@transaction.atomic
def extend_pause(*, pause: int, days: int, decision: str, by: Principal, at: datetime) -> None:
    """Make a pause longer, as the members decided; what waits for its end waits on.

    :raises NotHalted: when it is over, or another decision has made it longer
    """
    by.must(RUN)
    found = Pause.objects.select_for_update().get(pk=pause)
    halt = pauses.halt_of(found)
    if halt is None:
        raise rules.NotHalted
    until = halt.until
    halt = rules.extend(halt=halt, hours=days * 24, decision=decision, by=by, at=at)
    _wait_on(since=until, until=halt.until, at=at)
    if about := decisions.named(found.cause.removeprefix("decision:")):
        note(about.proposal, "pause_extended", by=by, at=at, decision=decision, until=halt.until.isoformat())


def _wait_on(*, since: datetime, until: datetime, at: datetime) -> None:
    held = Enactment.objects.filter(state=Enactment.State.SCHEDULED, error_code="halted", due_at=since)
    for enactment in held.select_related("decision").order_by("pk"):
        enactment.due_at = until
        enactment.save(update_fields=["due_at"])
        announce_change(enactment.decision, until, at)


@transaction.atomic
def drop_pause(*, pause: Pause, because: str, by: Principal, at: datetime) -> Pause:
    """End a pause before its time, or what was asked for and not signed by enough."""
    by.must(GUARD)
    pause = Pause.objects.select_for_update().get(pk=pause.pk)
    if pause.dropped_at:
        raise NotNow(_("It has ended."))
    if not because.strip():
        raise SayMore(_("Say why it can end: everybody reads it."), field="because")
    pause.dropped_at = at
    pause.save(update_fields=["dropped_at"])
    halt = bylaws.halts().filter(action=pause.action, cause=pause.cause, lifted_at=None).first()
    if halt is not None:
        rules.lift(halt=halt, because=because.strip()[:1000], by=Principal.job(by.coop_id, "guardians"), at=at)
        _let_go(until=halt.until, at=at)
    if decision := decisions.named(pause.cause.removeprefix("decision:")):
        note(decision.proposal, "pause_lifted", by=by, at=at, because=because[:1000])
    return pause


def _let_go(*, until: datetime, at: datetime) -> None:
    """What waited for the end of the pause takes effect now."""
    held = Enactment.objects.filter(state=Enactment.State.SCHEDULED, error_code="halted", due_at=until)
    for enactment in held.select_related("decision").order_by("pk"):
        enactment.due_at, enactment.error, enactment.error_code = at, "", ""
        enactment.save(update_fields=["due_at", "error", "error_code"])
        announce_change(enactment.decision, at, at)
