"""Does each proposal say what its hash was taken over, and each enactment follow from its decision: once, and on its day?"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from toadlane.democracy.proposals import policies
from toadlane.democracy.proposals.models import (
    Contribution,
    Decision,
    Enactment,
    Moment,
    Outcome,
    Proposal,
    Revision,
    Stage,
    Support,
)
from toadlane.democracy.proposals.queries.procedures import day_of
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.bylaws.rules import patches, replaying

Versions = Mapping[int, BylawsVersion]


def texts() -> Finding:
    """Each proposal, in each of its versions, says what its hash was taken over."""
    fields = ("title", "text", "contents", "content_hash")
    rows = [(number, "", *told) for number, *told in Proposal.objects.order_by("number").values_list("number", *fields)]
    revisions = Revision.objects.order_by("proposal__number", "number")
    rows += [
        (number, f" in version {nth}", *told)
        for number, nth, *told in revisions.values_list("proposal__number", "number", *fields)
    ]
    faults = [
        f"proposal {number}{version} is not what its hash was taken over"
        for number, version, title, text, contents, digest in rows
        if policies.digest(title, text, contents) != digest
    ]
    return Finding(len(rows), faults)


def enactments() -> Finding:
    """What passed has one enactment, what did not pass has none; it took effect once, and not before its day."""
    versions = {row.number: row for row in bylaws.versions()}
    own = {row.decision_id: row for row in Enactment.objects.order_by("pk")}
    decisions = list(Decision.objects.order_by("number"))
    faults = [fault for one in decisions for fault in _faults(one, own.get(one.pk), versions)]
    return Finding(len(decisions), faults)


def _faults(decision: Decision, row: Enactment | None, versions: Versions) -> Iterator[str]:
    name, has_passed = decision.name, decision.outcome == Outcome.PASSED
    if row is None or not has_passed:
        if has_passed or row is not None:
            yield f"decision {name} has {int(row is not None)} enactments"
        return
    patch = next((one["payload"] for one in decision.contents if one["kind"] == "patch"), None)
    days = int(decision.terms.get("delay_days", 0))
    known = versions.get(decision.bylaws_version)
    if patch and known:
        days = max(days, patches.delay_days(known.document, patches.Patch.read(patch)))
    if row.effective_on < day_of(decision.decided_at) + timedelta(days=days) or day_of(row.due_at) < row.effective_on:
        yield f"decision {name} was to take effect before the {days} days that its rules ask for"
    if row.state == Enactment.State.ENACTED and (row.enacted_at is None or row.enacted_at < row.due_at):
        yield f"decision {name} took effect before its day"
    if patch:
        yield from _of_its_version(name, row, next((one for one in versions.values() if one.decision == name), None))


def rules() -> Finding:
    """Each version of the rules is the one before with the patch of its decision applied; the first is the founding act."""
    versions = list(bylaws.versions())
    faults: list[str] = []
    decided = {one.name: one for one in Decision.objects.filter(name__in=[row.decision for row in versions])}
    before: BylawsVersion | None = None
    for row in sorted(versions, key=lambda one: one.number):
        faults += _of_a_version(before, row, decided.get(row.decision))
        before = row
    return Finding(len(versions), faults)


def _of_a_version(before: BylawsVersion | None, row: BylawsVersion, decision: Decision | None) -> Iterator[str]:
    if before is None:
        if row.decision != replaying.FOUNDING:
            yield "the first version is not the founding act"
        return
    patch = replaying.patch_of(decision.contents) if decision else None
    if decision is None or patch is None:
        yield f"version {row.number} names the decision {row.decision}, and there is none that changes rules"
        return
    rests_on = replaying.Decided(decision.name, decision.has_passed, patch, decision.procedure, decision.decided_at.date())
    old, new = (replaying.Version(one.number, one.document, one.changed) for one in (before, row))
    yield from replaying.faults(old, new, rests_on)


def _of_its_version(name: str, row: Enactment, made: BylawsVersion | None) -> Iterator[str]:
    if row.state != Enactment.State.ENACTED:
        if made is not None:
            yield f"decision {name} is {row.state}, and made version {made.number} of the rules"
    elif made is None or (made.number, made.enacted_at) != (row.bylaws_version, row.enacted_at):
        yield f"decision {name} is in force, and the rules have no version that it made then"


# What a decision that passed is on the page of its proposal, by the state of its enactment.
_STAGES = {
    Enactment.State.SCHEDULED: Stage.COOLING, Enactment.State.ENACTED: Stage.IN_FORCE, Enactment.State.HALTED: Stage.HALTED,
    Enactment.State.FAILED: Stage.FAILED, Enactment.State.ANNULLED: Stage.ANNULLED,
}  # fmt: skip
# The days of a proposal, each with the line of its story that set it last.
_DAYS = (("opened_at", "opened"), ("noticed_at", "announced"))


def stories() -> Finding:
    """Each proposal is what its story made of it, and reads as its last version; what was taken down has its line there."""
    lines: dict[int, list[Moment]] = defaultdict(list)
    for line in Moment.objects.order_by("pk"):
        lines[line.proposal_id].append(line)
    last = {row.proposal_id: row for row in Revision.objects.order_by("number")}
    authors = set(Support.objects.filter(role=Support.Role.AUTHOR).values_list("proposal_id", "membership_id", "name"))
    hidden: dict[int, list[Contribution]] = defaultdict(list)
    for said in Contribution.objects.order_by("pk"):
        hidden[said.proposal_id].append(said)
    rows = Proposal.objects.select_related("decision__enactment").order_by("number")
    faults = []
    for row in rows:
        told = [
            *_of_days(row, lines[row.pk]),
            *_of_words(row, last.get(row.pk)),
            *_of_stage(row),
            *_of_hidden(hidden[row.pk], lines[row.pk]),
        ]
        if (row.pk, row.author_id, row.author_name) not in authors:
            told.append("is not by whom it says")
        faults += [f"proposal {row.number} {fault}" for fault in told]
    return Finding(len(rows), faults)


def _last(lines: Sequence[Moment], *deeds: str) -> Moment | None:
    return next((one for one in reversed(lines) if one.deed in deeds), None)


def _of_days(row: Proposal, lines: Sequence[Moment]) -> Iterator[str]:
    for field, deed in _DAYS:
        line = _last(lines, deed)
        if getattr(row, field) != (line.at if line else None):
            yield f"has another day than its story says it was {deed}"
    began = _last(lines, "voting_began", "voting_extended")
    until = datetime.fromisoformat(began.facts["until"]) if began else None
    if row.voting_until != until:
        yield "has another end of its vote than its story says"


def _of_words(row: Proposal, last: Revision | None) -> Iterator[str]:
    fields = ("title", "summary", "text", "contents", "content_hash")
    if last is None or last.number != row.revision:
        yield f"has no version {row.revision}"
    elif any(getattr(row, field) != getattr(last, field) for field in fields):
        yield f"does not read as its version {last.number}"


def _of_stage(row: Proposal) -> Iterator[str]:
    decision: Decision | None = getattr(row, "decision", None)
    if decision is None:
        if row.stage in (*_STAGES.values(), Stage.REJECTED, Stage.BLOCKED):
            yield f"is {row.stage}, and nothing was decided"
        return
    enactment: Enactment | None = getattr(decision, "enactment", None)
    stage = _STAGES[Enactment.State(enactment.state)] if enactment else decision.outcome
    if row.stage != stage:
        yield f"is {row.stage}, and decision {decision.name} makes it {stage}"
    if row.procedure != decision.procedure:
        yield f"names another way of deciding than decision {decision.name}"


def _of_hidden(said: Sequence[Contribution], lines: Sequence[Moment]) -> Iterator[str]:
    reasons = {one.facts.get("contribution"): one.facts.get("reason") for one in lines if one.deed == "hidden"}
    for one in said:
        if one.hidden_because[:300] != reasons.get(one.pk, ""):
            yield f"has a contribution ({one.pk}) taken down, or put up again, without a line that says so"


def coming() -> Finding:
    """What every door is told is coming is what was decided, for the same moment: no change less, none more."""
    faults, told = [], {one.decision: (one.due_at, one.ops) for one in bylaws.coming()}
    rows = list(Enactment.objects.filter(state=Enactment.State.SCHEDULED).select_related("decision").order_by("pk"))
    for row in rows:
        patch = next((one["payload"] for one in row.decision.contents if one["kind"] == "patch"), None)
        if patch and told.pop(row.decision.name, None) != (row.due_at, patches.Patch.read(patch).written()["ops"]):
            faults.append(f"decision {row.decision.name} will change the rules, and they do not say so, or say something else")
    faults += [f"the rules say that decision {name} changes them, and it does not" for name in told]
    return Finding(len(rows), faults)
