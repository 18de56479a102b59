"""Letters about joining, since nobody waits for an answer without hearing of it; and what only the members decide."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.sending import services as sending
from toadlane.society.bylaws.rules.decisions import Fault, Field, InForce, Kind, Payload, weakest
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries, services
from toadlane.society.members.events import (
    HearingOpened,
    MemberAccepted,
    MemberApplied,
    MemberDeclined,
    MemberSuspended,
    RefusalAppealed,
)
from toadlane.society.members.models import Application, Hearing, Membership, Standing
from toadlane.society.people import queries as people


def tell_the_board(event: MemberApplied, *, by: Principal, at: datetime) -> None:
    _write_to_the_board(event.membership_id, "applied", by=by, at=at)


def tell_of_the_appeal(event: RefusalAppealed, *, by: Principal, at: datetime) -> None:
    """The board refused; it also is who brings it before the members."""
    _write_to_the_board(event.membership_id, "appealed", by=by, at=at)


def _write_to_the_board(membership_id: int, letter: str, *, by: Principal, at: datetime) -> None:
    membership = queries.register().get(pk=membership_id)
    for officer in queries.officers().filter(office="board"):
        _write(officer.person_id, letter, membership, page=("members:application", membership.application.pk), by=by, at=at)


def tell_the_accepted(event: MemberAccepted, *, by: Principal, at: datetime) -> None:
    membership = queries.register().get(pk=event.membership_id)
    for person_id in queries.speakers_of(membership):
        _write(person_id, "accepted", membership, page=("members:mine",), by=by, at=at)


def tell_the_declined(event: MemberDeclined, *, by: Principal, at: datetime) -> None:
    membership = queries.register().get(pk=event.membership_id)
    for person_id in queries.speakers_of(membership):
        _write(person_id, "declined", membership, page=("members:mine",), by=by, at=at)


def tell_the_suspended(event: MemberSuspended, *, by: Principal, at: datetime) -> None:
    membership = queries.register().get(pk=event.membership_id)
    for person_id in queries.speakers_of(membership):
        _write(person_id, "suspended", membership, page=("members:mine",), by=by, at=at)


def tell_the_charged(event: HearingOpened, *, by: Principal, at: datetime) -> None:
    hearing = queries.hearings().get(pk=event.hearing_id)
    for person_id in queries.speakers_of(hearing.membership):
        _write(person_id, "charged", hearing.membership, page=("members:hearing", hearing.pk), by=by, at=at)


def _write(person_id: int, letter: str, membership: Membership, *, page: tuple[Any, ...], by: Principal, at: datetime) -> None:
    reached = people.reach(person_id, "members")
    if reached is None:
        return
    coop = coops.of_scope(by.coop_id or 0)
    to = sending.Recipient(email=reached.email, phone=reached.phone, name=reached.name)
    about = {"member": membership.name, "coop": coop.name, "url": coops.address(coop, *page)}
    sending.send(to=to, template=f"members/{letter}", context=about, language=reached.language, by=by, at=at)


# ------------------------------------------------------------------------------------------------ what members decide


def _appealed(payload: Payload) -> Application | None:
    return queries.applications().filter(pk=_id(payload, "application")).first()


def _heard(payload: Payload) -> Hearing | None:
    return queries.hearings().filter(pk=_id(payload, "hearing")).first()


def _id(payload: Payload, name: str) -> int:
    value = payload.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def check_admission(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    application = _appealed(payload)
    if application is None:
        return [Fault("not_found", _("There is no such application."), "application")]
    if application.membership.standing != Standing.DECLINED or not application.appeal:
        return [Fault("no_appeal", _("Only a refusal that was appealed against goes to the members."), "application")]
    return []


def describe_admission(payload: Payload, language: str) -> list[str]:
    application = _appealed(payload)
    if application is None:
        return []
    about = {"name": application.membership.name, "reason": application.reason, "appeal": application.appeal}
    return [
        _("%(name)s becomes a member.") % about,
        _("The board’s reason: %(reason)s") % about,
        _("The appeal: %(appeal)s") % about,
    ]


def admit(*, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    application = queries.applications().get(pk=_id(payload, "application"))
    services.let_in_on_appeal(application=application, decision=decision, by=by, at=at)


def check_exclusion(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    hearing = _heard(payload)
    if hearing is None or hearing.settled_by:
        return [Fault("not_charged", _("Open a hearing first: nobody is put out without having been heard."), "hearing")]
    if not hearing.is_over(timezone.localtime(at).date()):
        day = hearing.answer_until.isoformat()
        return [Fault("not_heard", _("%(name)s has until %(day)s to answer.") % {"name": hearing.membership.name, "day": day})]
    return []


def describe_exclusion(payload: Payload, language: str) -> list[str]:
    hearing = _heard(payload)
    if hearing is None:
        return []
    about = {"name": hearing.membership.name, "charges": hearing.charges, "answer": hearing.answer or _("no answer was given")}
    return [
        _("The membership of %(name)s ends. What was earned, and the shares, stay theirs.") % about,
        _("The charges: %(charges)s") % about, _("The answer: %(answer)s") % about,
    ]  # fmt: skip


def exclude(*, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    hearing = queries.hearings().get(pk=_id(payload, "hearing"))
    services.expel(hearing=hearing, decision=decision, by=by, at=at)


def _charged(payload: Payload) -> int | None:
    hearing = _heard(payload)
    return hearing.membership_id if hearing else None


ADMISSION = Kind(
    name="admit", label=gettext_lazy("Let somebody in on appeal"),
    about=gettext_lazy("The board refused somebody, who asks the members to look again."),
    fields=(Field(name="application", label=gettext_lazy("Which application"), type="int"),),
    procedure=lambda payload, book: weakest(book, 2), check=check_admission, describe=describe_admission, enact=admit,
    secret=True,
)  # fmt: skip
EXCLUSION = Kind(
    name="exclude", label=gettext_lazy("Exclude a member"),
    about=gettext_lazy("A membership ends against the member’s will, after they have been heard."),
    fields=(Field(name="hearing", label=gettext_lazy("Which hearing"), type="int"),),
    procedure=lambda payload, book: weakest(book, 3), check=check_exclusion, describe=describe_exclusion, enact=exclude,
    delay_days=lambda payload, book: int(book.value("members.appeal_days")), subject=_charged, secret=True,
)  # fmt: skip
