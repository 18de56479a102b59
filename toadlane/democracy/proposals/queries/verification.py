"""Does each proposal say what its hash was taken over, and each enactment follow from its decision: once, and on its day?"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from toadlane.democracy.proposals import policies
from toadlane.democracy.proposals.models import Decision, Enactment, Outcome, Proposal, Revision
from toadlane.democracy.proposals.queries.procedures import day_of
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.bylaws.rules import patches

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


def _of_its_version(name: str, row: Enactment, made: BylawsVersion | None) -> Iterator[str]:
    if row.state != Enactment.State.ENACTED:
        if made is not None:
            yield f"decision {name} is {row.state}, and made version {made.number} of the rules"
    elif made is None or (made.number, made.enacted_at) != (row.bylaws_version, row.enacted_at):
        yield f"decision {name} is in force, and the rules have no version that it made then"
