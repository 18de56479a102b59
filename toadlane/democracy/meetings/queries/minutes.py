"""What the minutes say: put together from what happened, as a document that can be hashed, and as facts to print."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.democracy.meetings.models import (
    Approval,
    ApprovedMinutes,
    Correction,
    Helper,
    Item,
    Meeting,
    Minutes,
    Motion,
    Presence,
    PrintedMinutes,
    Remark,
)
from toadlane.democracy.meetings.queries import calling, presence, votes
from toadlane.kernel import canonical
from toadlane.kernel.dates import add_years
from toadlane.plumbing.files.queries import document_path
from toadlane.plumbing.keys import signatures
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.ui import formats


def of(meeting: Meeting) -> Minutes | None:
    return Minutes.objects.select_related("meeting").filter(meeting=meeting).first()


def approved(meeting: Meeting) -> ApprovedMinutes | None:
    return ApprovedMinutes.objects.select_related("printed", "meeting").filter(meeting=meeting).first()


def book() -> QuerySet[ApprovedMinutes]:
    """Return the minute book, the newest first."""
    return ApprovedMinutes.objects.select_related("meeting", "printed").order_by("-number")


def corrections(minutes: Minutes) -> QuerySet[Correction]:
    return minutes.corrections.select_related("person").order_by("pk")


def approvals(minutes: Minutes) -> list[Approval]:
    """Return who approved the revision at hand."""
    return list(minutes.approvals.filter(revision=minutes.revision).select_related("person").order_by("pk"))


def signers_wanted(meeting: Meeting) -> int:
    """Return how many members approve the minutes, besides the chair: as many as the rule says, and no more than those who
    came and may. Three who meet could never close otherwise.
    """
    if not meeting.is_general:
        return 0
    rows = list(calling.helpers(meeting))
    busy = {one.person_id for one in rows if one.task in (Helper.Task.CHAIR, Helper.Task.MINUTES)}
    came = set(presence.comings(meeting).order_by().values_list("person_id", flat=True)) - busy
    if calling.pack_of(meeting).assembly.get("minutes", {}).get("without_office"):
        came -= calling.holding_office(came)
    named = {one.person_id for one in rows if one.task == Helper.Task.SIGNER}
    return min(int(calling.book_of(meeting).value("meetings.minutes_signers")), len(came | named))


def missing(minutes: Minutes) -> list[tuple[str, str]]:
    """Return whose approval is still needed, as (role, name)."""
    given = {(one.role, one.person_id) for one in approvals(minutes)}
    approved = {person for _role, person in given}  # Once, though the chair may have taken the minutes as well.
    law = calling.pack_of(minutes.meeting).assembly.get("minutes", {})
    rows, found = list(calling.helpers(minutes.meeting)), []
    for task in (Helper.Task.CHAIR, *((Helper.Task.MINUTES,) if law.get("taker_signs") else ())):
        found += [(task.value, one.person.name) for one in rows if one.task == task and one.person_id not in approved]
    signers = [one for one in rows if one.task == Helper.Task.SIGNER]
    short = minutes.signers_needed - sum(1 for one in signers if (one.task, one.person_id) in given)
    waiting = [one.person.name for one in signers if (one.task, one.person_id) not in given]
    return found + [(Helper.Task.SIGNER.value, name) for name in waiting[: max(short, 0)]]


# ------------------------------------------------------------------------------------------------------------ document


def _instant(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""


def document(minutes: Minutes) -> dict[str, Any]:
    """Return everything the minutes say, in words and whole numbers: what is approved, hashed and kept."""
    meeting, coop = minutes.meeting, coops.of_scope(minutes.coop_id)
    told = calling.delivery(meeting)
    return {
        "coop": {"name": coop.name, "slug": coop.slug, "legal_name": coop.legal_name},
        "meeting": {
            "number": meeting.number, "kind": meeting.kind, "office": meeting.office, "title": meeting.title,
            "about": meeting.about, "place": meeting.place, "is_remote": bool(meeting.link),
            "called_at": _instant(meeting.called_at), "starts_at": _instant(meeting.starts_at),
            "second_at": _instant(meeting.second_at), "urgent_because": meeting.urgent_because,
            "opened_at": _instant(meeting.opened_at), "opened_call": meeting.opened_call,
            "closed_at": _instant(meeting.closed_at), "bylaws_version": meeting.bylaws_version,
        },
        "notice": {"people": told.people, "letters": told.written, "unreachable": told.unreachable},
        "quorum": meeting.opened_with,
        "helpers": [{"task": one.task, "name": one.person.name} for one in calling.helpers(meeting)],
        "attendance": attendance(meeting),
        "opening": minutes.opening,
        "items": [_item(one) for one in calling.items(meeting)],
        "remarks": [_remark(one) for one in remarks(meeting) if one.item_id is None],
        "closing": minutes.closing,
        "revision": minutes.revision,
        "approved_by": [{"role": one.role, "name": one.person.name, "at": _instant(one.at)} for one in approvals(minutes)],
    }  # fmt: skip


def attendance(meeting: Meeting) -> list[dict[str, Any]]:
    """Return who was there, in the order of the register: how, from when to when, by whom for whom."""
    rows: dict[int, dict[str, Any]] = {}
    for one in presence.comings(meeting):
        row = rows.setdefault(one.invitation_id, {
            "number": one.invitation.membership.number if one.invitation.membership else None,
            "name": calling.name_of(one.invitation), "member_class": one.invitation.member_class, "stays": [],
        })  # fmt: skip
        if one.deed == Presence.Deed.ENTERS:
            row["stays"].append({"mode": one.mode, "by": one.person.name, "from": _instant(one.at), "until": ""})
        elif row["stays"]:
            row["stays"][-1]["until"] = _instant(one.at)
    return sorted(rows.values(), key=lambda row: (row["number"] or 0, row["name"]))


def _item(item: Item) -> dict[str, Any]:
    return {
        "position": item.position, "kind": item.kind, "title": item.title, "text": item.text, "subject": item.subject,
        "origin": item.origin, "matter": item.matter, "opened_at": _instant(item.opened_at),
        "closed_at": _instant(item.closed_at), "was_taken_up": item.opened_at is not None, "notes": item.notes,
        "conclusion": item.conclusion, "speakers": [one.person.name for one in presence.heard(item)],
        "motions": [_motion(one) for one in Motion.objects.filter(item=item).order_by("pk")],
        "vote": votes.facts(item), "remarks": [_remark(one) for one in remarks(item.meeting) if one.item_id == item.pk],
    }  # fmt: skip


def _motion(motion: Motion) -> dict[str, Any]:
    return {
        "text": motion.text, "present": motion.present, "for": motion.votes_for, "against": motion.votes_against,
        "abstained": motion.abstained, "is_carried": motion.is_carried, "counted_at": _instant(motion.counted_at),
    }  # fmt: skip


def remarks(meeting: Meeting) -> list[Remark]:
    return list(Remark.objects.filter(meeting=meeting).select_related("person").order_by("pk"))


def _remark(one: Remark) -> dict[str, Any]:
    return {"kind": one.kind, "name": one.person.name, "text": one.text, "at": _instant(one.at)}


def kept_until(meeting: Meeting) -> Any:
    """Return until when the law wants the minutes kept, at least."""
    terms = [one for one in calling.pack_of(meeting).deadlines.values() if one["count"] == "keep_years"]
    years = max((int(one["years"]) for one in terms if one["from"] in ("meeting", "last_entry")), default=0)
    return add_years(timezone.localdate(meeting.closed_at), years) if years and meeting.closed_at else None


# ------------------------------------------------------------------------------------------------------------ on paper

_TASKS = {
    "chair": lambda: _("Chair"), "minutes": lambda: _("Minutes"), "door": lambda: _("At the door"),
    "teller": lambda: _("Teller"), "signer": lambda: _("Approves the minutes"),
}  # fmt: skip


def printable(row: ApprovedMinutes) -> dict[str, Any]:
    """Return the minutes as words and times of the co-op's language and zone, for the printer."""
    said, coop = row.document, coops.of_scope(row.coop_id)
    with translation.override(coop.language), timezone.override(ZoneInfo(coop.time_zone)):
        return {
            "title": said["meeting"]["title"], "author": coop.legal_name or coop.name,
            "foot": _("%(coop)s, minutes %(n)s, %(hash)s") % {"coop": coop.name, "n": row.number, "hash": row.hash[:16]},
            "heading": _("Minutes"), "facts": _facts(said), "tasks": [
                [str(_TASKS[one["task"]]()), one["name"]] for one in said["helpers"] if one["task"] in _TASKS
            ],
            "opening": said["opening"], "closing": said["closing"],
            "items": [_printable_item(one) for one in said["items"]],
            "remarks": [_line(one) for one in said["remarks"]],
            "attendance_title": _("Who was there"), "attendance_head": [_("Member"), _("How"), _("From"), _("Until")],
            "attendance": [row for one in said["attendance"] for row in _printable_stays(one)],
            "approved_title": _("Approved by"), "approved": [
                [one["name"], str(_TASKS[one["role"]]()), _at(one["at"])] for one in said["approved_by"]
            ],
            "approved_head": [_("Name"), _("As"), _("When")],
            "seal_title": _("Seal"), "seal_text": _(
                "These minutes are page %(number)s of the minute book. The fingerprint below is taken over all they say and over "
                "the page before; the server signed it with its key. The file has a signature of its own, which comes with it: "
                "“toadlane verify --pdf” checks the file, and “toadlane verify --coop” the whole book."
            ) % {"number": row.number},
            "seal": [
                [_("Fingerprint"), row.hash], [_("The page before"), row.previous_hash or "–"], [_("Key"), row.key_id],
                [_("Signature"), row.signature],
            ],
        }  # fmt: skip


def _read(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _at(text: str) -> str:
    at = _read(text)
    return formats.moment(at, "date") if at else ""


def _clock(text: str) -> str:
    at = _read(text)
    return formats.clock(at) if at else ""


def _facts(said: Mapping[str, Any]) -> list[list[str]]:
    about, quorum = said["meeting"], said["quorum"]
    there = ngettext("%(present)s of %(whole)s was there; needed: %(needed)s",
                     "%(present)s of %(whole)s were there; needed: %(needed)s", quorum["present"])  # fmt: skip
    told = ngettext("%(people)s person at their desk, %(letters)s by letter",
                    "%(people)s people at their desks, %(letters)s by letter", said["notice"]["people"])  # fmt: skip
    rows = [
        [_("Place"), about["place"] or _("from elsewhere")], [_("Called"), _at(about["called_at"])],
        [_("Opened"), _at(about["opened_at"])], [_("Closed"), _at(about["closed_at"])],
        [_("Call"), _("second") if about["opened_call"] == 2 else _("first")],
        [_("Quorum"), there % quorum], [_("Told"), told % said["notice"]],
        [_("By the bylaws"), _("version %(n)s") % {"n": about["bylaws_version"]}],
    ]  # fmt: skip
    return rows + ([[_("Urgent, because"), about["urgent_because"]]] if about["urgent_because"] else [])


def _printable_item(one: Mapping[str, Any]) -> dict[str, Any]:
    lines = []
    if one["origin"] == Item.Origin.MEMBERS:
        lines.append(_("Added because enough members asked for it."))
    if one["origin"] == Item.Origin.FLOOR:
        lines.append(_("Taken up on the floor: the law lets a meeting decide on this off the agenda."))
    if one["speakers"]:
        lines.append(_("Spoke: %(names)s.") % {"names": formats.listed(one["speakers"])})
    when = f"{_clock(one['opened_at'])}–{_clock(one['closed_at'])}" if one["was_taken_up"] else _("not taken up")
    return {
        "title": f"{one['position']}. {one['title']}", "when": when, "text": one["text"], "lines": lines, "notes": one["notes"],
        "motions": [_printable_motion(motion) for motion in one["motions"]], "ballot": _printable_vote(one.get("vote")),
        "conclusion": one["conclusion"], "remarks": [_line(remark) for remark in one["remarks"]],
        "conclusion_title": _("What came of it"),
    }  # fmt: skip


_OUTCOMES = {
    "passed": lambda: _("passed"), "rejected": lambda: _("rejected"), "blocked": lambda: _("blocked"),
    "void": lambda: _("void"), "expired": lambda: _("too few took part"),
}  # fmt: skip


def _printable_vote(vote: Mapping[str, Any] | None) -> list[str]:
    """Say what was voted on and what came of it, with what it can be checked by."""
    if not vote:
        return []
    outcome = str(_OUTCOMES[vote["outcome"]]()) if vote["outcome"] in _OUTCOMES else vote["outcome"]
    first = _("Vote: %(question)s") % {"question": vote["question"]}
    counted = (
        ngettext("%(voted)s of %(eligible)s voted.", "%(voted)s of %(eligible)s voted.", vote["figures"].get("voted", 0))
        % vote["figures"]
        if vote["figures"]
        else ""
    )
    second = (_("Decision %(name)s: %(outcome)s.") if vote["decision"] else _("%(outcome)s.")) % {
        "name": vote["decision"], "outcome": outcome,
    }  # fmt: skip
    seal = _("Ballot %(ballot)s, result %(hash)s.") % {"ballot": vote["ballot"], "hash": vote["result_hash"][:16]}
    return [line for line in (first, counted, second, *vote["lines"], seal) if line]


def _printable_motion(one: Mapping[str, Any]) -> str:
    figures = {"for": one["for"], "against": one["against"], "abstained": one["abstained"], "present": one["present"]}
    counted = _("%(for)s for, %(against)s against, %(abstained)s abstained, of %(present)s present") % figures
    return f"{one['text']} {counted}: {_('carried') if one['is_carried'] else _('not carried')}."


def _line(one: Mapping[str, Any]) -> str:
    words = _("%(name)s objects: %(text)s") if one["kind"] == "objection" else _("%(name)s has it recorded: %(text)s")
    return words % {"name": one["name"], "text": one["text"]}


def _printable_stays(one: Mapping[str, Any]) -> list[list[str]]:
    names = {"room": _("in the room"), "remote": _("from elsewhere")}
    rows = []
    for stay in one["stays"]:
        how = names.get(stay["mode"]) or _("by proxy, %(name)s") % {"name": stay["by"]}
        if stay["mode"] != "proxy" and stay["by"] != one["name"]:
            how = formats.listed([how, stay["by"]])
        rows.append([one["name"], how, _clock(stay["from"]), _clock(stay["until"])])
    return rows


def class_names() -> dict[str, str]:
    language = translation.get_language() or "en"
    return {name: one.name(language) for name, one in members.member_classes().items()}


def file_of(printed: PrintedMinutes) -> bytes:
    """Return the PDF, as it was printed."""
    with default_storage.open(document_path(printed.coop_id, printed.file)) as file:
        return bytes(file.read())


def slip(printed: PrintedMinutes) -> dict[str, Any]:
    """Return the signature that goes with the file, for whoever checks it far from here."""
    row = printed.approved
    coop = coops.of_scope(row.coop_id)
    return {
        "coop": coop.slug, "meeting": row.meeting.number, "number": row.number, "minutes": row.hash, "file": printed.file,
        "signature": printed.signature, "key_id": printed.key_id, "public_key": signatures.public_key(printed.key_id) or "",
        "printed_at": _instant(printed.printed_at),
    }  # fmt: skip


# --------------------------------------------------------------------------------------------------- what has to be true


def book_holds() -> Finding:
    """Every page of the minute book is what was approved, follows the one before, and is signed by this server."""
    faults, before, rows = [], "", list(ApprovedMinutes.objects.select_related("printed").order_by("number"))
    for number, row in enumerate(rows, 1):
        if row.number != number or row.previous_hash != before:
            faults.append(f"minutes {row.number} do not follow the page before")
        if canonical.digest(row.contents()) != row.hash:
            faults.append(f"minutes {row.number} are not what was approved")
        if not signatures.is_signed(row.hash, row.signature, row.key_id):
            faults.append(f"minutes {row.number} are not signed by this server")
        printed = getattr(row, "printed", None)
        if printed and not signatures.is_signed(printed.file, printed.signature, printed.key_id):
            faults.append(f"the paper of minutes {row.number} is not signed by this server")
        before = row.hash
    return Finding(len(rows), faults)


def too_early(minutes: Minutes, at: datetime) -> str:
    """Say what has to happen before minutes can be approved; nothing where they can be."""
    meeting = minutes.meeting
    if minutes.circulated_at is None:
        return _("Let those who were there read it first.")
    if minutes.corrections.filter(answered_at__isnull=True).exists():
        return _("A correction waits for its answer.")
    hours = calling.book_of(meeting).value("meetings.objection_hours")
    over = meeting.closed_at + timedelta(hours=hours) if meeting.closed_at else at
    if at < over:
        return _("Until %(time)s members can still have something recorded.") % {"time": formats.moment(over)}
    return ""
