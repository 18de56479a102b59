"""Minutes: drafted from what happened, read by those who were there, put right, approved, sealed and printed."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.democracy.meetings import queries
from toadlane.democracy.meetings.events import MinutesApproved
from toadlane.democracy.meetings.models import (
    Approval,
    ApprovedMinutes,
    Correction,
    Helper,
    Item,
    Meeting,
    Minutes,
    PrintedMinutes,
)
from toadlane.democracy.meetings.permissions import ATTEND, KEEP_TIME, SIGN_MINUTES, WRITE_MINUTES, tasks_of
from toadlane.democracy.meetings.services.calling import Missing, NotNow, locked
from toadlane.kernel import canonical
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.files.queries import document_path
from toadlane.plumbing.keys import signatures
from toadlane.plumbing.outbox import events
from toadlane.plumbing.printing import paper
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.messaging import services as messaging

PAPER = Path(__file__).parents[1] / "templates" / "print" / "minutes.typ"


class Approved(Expected):
    words = lazy("These minutes are approved: nobody changes them any more.")


@transaction.atomic
def draft_minutes(*, meeting: Meeting, by: Principal, at: datetime) -> Minutes:
    """Begin the minutes of a closed meeting, from what happened in it. Twice is the same as once."""
    by.must(KEEP_TIME)
    meeting = locked(meeting)
    if meeting.state != Meeting.State.CLOSED or meeting.closed_at is None:
        raise NotNow
    book = queries.book_of(meeting)
    due = timezone.localdate(meeting.closed_at) + timedelta(days=book.value("meetings.minutes_days"))
    needed = queries.signers_wanted(meeting)
    made, _is_new = Minutes.objects.get_or_create(
        meeting=meeting, defaults={"drafted_at": at, "due_on": due, "signers_needed": needed}
    )
    return made


@transaction.atomic
def revise_minutes(
    *, minutes: Minutes, by: Principal, at: datetime, opening: str | None = None, closing: str | None = None,
    items: Mapping[int, Mapping[str, str]] | None = None,
) -> Minutes:  # fmt: skip
    """Put words right. Times, attendance and figures are what happened and stay. Approvals of an earlier wording fall away.

    :param items: by the item's key: `notes` and `conclusion`
    """
    by.must(WRITE_MINUTES, minutes.meeting)
    minutes = _open(minutes)
    minutes.opening = minutes.opening if opening is None else opening.strip()
    minutes.closing = minutes.closing if closing is None else closing.strip()
    for pk, words in (items or {}).items():
        item = Item.objects.filter(meeting=minutes.meeting, pk=pk).first()
        if item is None:
            raise Missing(_("There is no such item."), field="items")
        item.notes = words.get("notes", item.notes).strip()
        item.conclusion = words.get("conclusion", item.conclusion).strip()
        item.save()
    minutes.revision += 1
    minutes.save()
    return minutes


@transaction.atomic
def circulate_minutes(*, minutes: Minutes, by: Principal, at: datetime) -> Minutes:
    """Let those who were there read the draft, and say what is wrong with it."""
    by.must(WRITE_MINUTES, minutes.meeting)
    minutes = _open(minutes)
    minutes.circulated_at = minutes.circulated_at or at
    minutes.save()
    meeting = minutes.meeting
    messaging.announce(
        key=queries.key_of(meeting, "minutes"), subject=f"meeting:{meeting.number}", template="meetings/minutes",
        context={"title": meeting.title, "due_on": minutes.due_on.isoformat()}, link=("meetings:minutes", meeting.number),
        memberships=queries.told_members(meeting), by=by, at=at,
    )  # fmt: skip
    return minutes


@transaction.atomic
def correct_minutes(*, minutes: Minutes, text: str, by: Principal, at: datetime) -> Correction:
    """Say what is wrong in the draft. Only who was there can."""
    by.must(ATTEND, minutes.meeting)
    minutes = _open(minutes)
    if minutes.circulated_at is None:
        raise NotNow(_("The draft is not out yet."))
    if not text.strip():
        raise Missing(_("Say what is wrong, and how it was."), field="text")
    own = [one for one in queries.mine(by, minutes.meeting) if one.presences.filter(person_id=by.person_id or 0).exists()]
    if not own or by.person_id is None:
        raise NotNow(_("Only who was there puts it right."))
    return Correction.objects.create(minutes=minutes, invitation=own[0], person_id=by.person_id, text=text.strip()[:4000], at=at)


@transaction.atomic
def answer_correction(*, correction: Correction, accept: bool, by: Principal, at: datetime, answer: str = "") -> Correction:
    """Take a correction up, in the words of the minutes; or say why not: both stand beside it."""
    by.must(WRITE_MINUTES, correction.minutes.meeting)
    _open(correction.minutes)
    if correction.answered_at is not None:
        raise NotNow(_("It has been answered."))
    if not accept and not answer.strip():
        raise Missing(_("Say why not."), field="answer")
    correction.is_accepted, correction.answer, correction.answered_at = accept, answer.strip(), at
    correction.save()
    return correction


@transaction.atomic
def approve_minutes(*, minutes: Minutes, by: Principal, at: datetime) -> ApprovedMinutes | None:
    """Approve the words at hand. With the last approval that is needed they are sealed, and stay as they are.

    :raises NotNow: while objections can still be recorded, or a correction waits for its answer
    """
    by.must(SIGN_MINUTES, minutes.meeting)
    Tenant.lock_current()
    minutes = _open(minutes)
    meeting = minutes.meeting
    if why := queries.too_early(minutes, at):
        raise NotNow(why)
    for role in _roles(by, meeting):
        Approval.objects.get_or_create(
            minutes=minutes, revision=minutes.revision, person_id=by.person_id, defaults={"role": role, "at": at}
        )
    return None if queries.missing(minutes) else _seal(minutes, at)


def _roles(by: Principal, meeting: Meeting) -> list[str]:
    """Return as what somebody approves: one hat, the highest."""
    held = tasks_of(by, meeting)
    return [task.value for task in (Helper.Task.CHAIR, Helper.Task.MINUTES, Helper.Task.SIGNER) if task in held][:1]


def _seal(minutes: Minutes, at: datetime) -> ApprovedMinutes:
    last = ApprovedMinutes.objects.order_by("-number").first()
    row = ApprovedMinutes(
        coop_id=current_coop_id(), number=last.number + 1 if last else 1, meeting=minutes.meeting,
        document=queries.document(minutes), previous_hash=last.hash if last else "", approved_at=at,
        kept_until=queries.kept_until(minutes.meeting),
    )  # fmt: skip
    row.hash = canonical.digest(row.contents())
    row.signature, row.key_id = signatures.sign(row.hash)
    row.save(force_insert=True)
    events.publish(MinutesApproved(meeting_id=row.meeting_id, number=row.number))
    return row


@transaction.atomic
def print_minutes(*, approved: ApprovedMinutes, by: Principal, at: datetime) -> PrintedMinutes:
    """Set approved minutes in type, and sign the file. Printed once; twice is the same as once."""
    by.must(KEEP_TIME)
    Tenant.lock_current()
    if known := PrintedMinutes.objects.filter(approved=approved).first():
        return known
    coop = coops.of_scope(approved.coop_id)
    content = paper.pdf(PAPER, queries.printable(approved), language=coop.language, at=approved.approved_at)
    key = hashlib.sha256(content).hexdigest()
    path = document_path(approved.coop_id, key)
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    signature, key_id = signatures.sign(key)
    return PrintedMinutes.objects.create(
        approved=approved, file=key, size_bytes=len(content), signature=signature, key_id=key_id, printed_at=at
    )


def _open(minutes: Minutes) -> Minutes:
    minutes = Minutes.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=minutes.pk)
    if ApprovedMinutes.objects.filter(meeting=minutes.meeting).exists():
        raise Approved
    return minutes
