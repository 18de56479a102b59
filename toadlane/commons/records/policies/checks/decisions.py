"""Does each decision follow from a result, and each enactment from a decision: once, and on its day?"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from toadlane.commons.records.policies.findings import Found, is_whole, only
from toadlane.commons.records.policies.packing import Line, Pack
from toadlane.democracy.ballots.policies import recounting
from toadlane.kernel import canonical
from toadlane.society.bylaws.rules import patches
from toadlane.society.bylaws.rules.replaying import FOUNDING, patch_of

HASHED = (
    "coop", "number", "name", "proposal", "outcome", "title", "contents", "content_hash", "procedure", "terms", "bylaws_version",
    "figures", "result", "decided_at", "decided_by", "previous",
)  # fmt: skip
VOTED_ON = ("title", "text", "contents")


def proposals(pack: Pack) -> Found:
    """Each proposal, in each of its versions, says what its hash was taken over."""
    found = Found()
    for part in ("proposals", "revisions"):
        for row in pack.lines(part):
            found.looked_at += 1
            if is_whole(row):
                same = row["content_hash"] == canonical.digest(only(row, VOTED_ON))
                found.expect(same, f"proposal {row['number']} is not what its hash was taken over")
            else:
                found.left_out += 1
    return found


def chain(pack: Pack) -> Found:
    """Every decision is what it was, in the order in which they were taken."""
    found, previous = Found(), ""
    for nth, row in enumerate(pack.lines("decisions"), 1):
        found.looked_at += 1
        follows = row["number"] == nth and row["previous"] == previous and row["coop"] == pack.coop_id
        found.expect(follows, f"decision {row['name']} does not follow the one before")
        if is_whole(row):
            found.expect(row["hash"] == canonical.digest(only(row, HASHED)), f"decision {row['name']} is not what it was")
        else:
            found.left_out += 1
        previous = row["hash"]
    return found


def follow_results(pack: Pack) -> Found:
    """Each result that ends a vote made one decision, and each decision that names a ballot says what its result says."""
    found = Found()
    if not pack.has("decisions") or not pack.has("ballots"):
        return found
    versions = {row["number"]: row["hash"] for row in pack.lines("bylaws")}
    decided: dict[str, list[Line]] = {}
    for row in pack.lines("decisions"):
        if ballot := row["result"].get("ballot"):
            decided.setdefault(ballot, []).append({**row, "contents": None})
    for ballot in pack.lines("ballots"):
        found.looked_at += 1
        name, rules = ballot["ballot"], ballot["frozen"]["bylaws"]
        found.expect(versions.get(rules["version"]) == rules["hash"], f"{name}: the rules it was opened under are not those here")
        rows = decided.pop(name, [])
        if ballot["result"] is None or ballot["next_at"]:
            found.expect(not rows, f"{name} has not ended, and {len(rows)} decisions rest on it")
        elif found.expect(len(rows) == 1, f"{name} has ended, and made {len(rows)} decisions instead of one"):
            _compare(found, rows[0], ballot)
    for name in decided:
        found.expect(False, f"decision {decided[name][0]['name']} rests on {name}, which is not here")
    return found


def _compare(found: Found, decision: Line, ballot: Line) -> None:
    told, result, name = decision["result"], ballot["result"], decision["name"]
    found.expect(decision["outcome"] == result["outcome"], f"decision {name} says something else than {ballot['ballot']}")
    hashes = (told.get("ballot_hash"), told.get("roll_hash")) == (ballot["hash"], ballot["roll_hash"])
    found.expect(hashes, f"decision {name} is not on the ballot it names")
    found.expect(decision["content_hash"] == ballot["frozen"]["proposal"]["hash"], f"decision {name} is not what was voted on")
    same = decision["figures"] == recounting.figures(result) and told.get("elected", []) == result.get("elected", [])
    found.expect(same, f"decision {name} has other figures than {ballot['ballot']}")
    procedure = {key: value for key, value in ballot["frozen"]["procedure"].items() if key != "name"}
    terms = decision["terms"] == procedure and decision["procedure"] == ballot["frozen"]["procedure"]["name"]
    found.expect(terms, f"decision {name} was not taken under the terms of {ballot['ballot']}")


def enactments(pack: Pack) -> Found:
    """What passed has one enactment, what did not pass has none; it took effect once, and not before its day."""
    found = Found()
    if not pack.has("decisions"):
        return found
    zone = ZoneInfo(pack.manifest["coop"]["time_zone"])
    versions = {row["decision"]: only(row, ("number", "enacted_at")) for row in pack.lines("bylaws")}
    delays = _delays(pack)
    rows: dict[str, list[Line]] = {}
    for row in pack.lines("enactments"):
        rows.setdefault(row["decision"], []).append(row)
    for decision in pack.lines("decisions"):
        found.looked_at += 1
        name, own = decision["name"], rows.pop(decision["name"], [])
        if found.expect(len(own) == (decision["outcome"] == "passed"), f"decision {name} has {len(own)} enactments") and own:
            has_happened = (own[0]["state"] == "enacted") == (own[0]["enacted_at"] is not None)
            found.expect(has_happened, f"decision {name} is {own[0]['state']}, and its day says otherwise")
            patch = patch_of(decision["contents"])
            _on_its_day(found, decision, own[0], zone, delays.get(name, 0) if patch else 0)
            _made_its_version(found, decision, own[0], versions.pop(name, None) if patch else None, bool(patch))
    for name in rows:
        found.expect(False, f"something took effect by the decision {name}, which is not here")
    for name in versions.keys() - {FOUNDING}:
        found.expect(False, f"version {versions[name]['number']} rests on the decision {name}, which did not make it")
    return found


def _delays(pack: Pack) -> dict[str, int]:
    """Return how many days the rules themselves put between a decision and its effect, as they stood when it was taken."""
    wanted: dict[int, list[tuple[str, Any]]] = {}
    for row in pack.lines("decisions"):
        if row["outcome"] == "passed" and is_whole(row) and (patch := patch_of(row["contents"])) is not None:
            wanted.setdefault(row["bylaws_version"], []).append((row["name"], patch))
    found = {}
    for version in pack.lines("bylaws"):
        for name, patch in wanted.get(version["number"], ()):
            # A rule that is adopted says itself how long it takes.
            known = (
                (op, patches.rule_of(version["document"], op.rule, op.written().get("set")))
                for op in patches.Patch.read(patch).ops
            )
            own = (op.adopt or rule or {} for op, rule in known)
            found[name] = max((int(rule.get("delay_days", 0)) for rule in own), default=0)
    return found


def _on_its_day(found: Found, decision: Line, row: Line, zone: ZoneInfo, days: int) -> None:
    name, due = decision["name"], datetime.fromisoformat(row["due_at"])
    decided = datetime.fromisoformat(decision["decided_at"])
    earliest = decided.astimezone(zone).date() + timedelta(days=max(days, int(decision["terms"].get("delay_days", 0))))
    early = f"decision {name} was to take effect on {row['effective_on']}, before the {days} days that its rules ask for"
    found.expect(row["effective_on"] >= earliest.isoformat(), early)
    found.expect(due.astimezone(zone).date().isoformat() >= row["effective_on"], f"decision {name} is due before its day")
    if row["state"] == "enacted":
        in_time = row["enacted_at"] is not None and datetime.fromisoformat(row["enacted_at"]) >= due
        found.expect(in_time, f"decision {name} took effect before its day")


def _made_its_version(found: Found, decision: Line, row: Line, version: Line | None, changes_rules: bool) -> None:
    name = decision["name"]
    if not changes_rules:
        return
    if row["state"] != "enacted":
        found.expect(version is None, f"decision {name} is {row['state']}, and changed the rules")
    elif found.expect(version is not None, f"decision {name} is in force, and made no version of the rules") and version:
        same = version["number"] == row["bylaws_version"] and _at(version["enacted_at"]) == _at(row["enacted_at"])
        found.expect(same, f"decision {name} made version {version['number']} at another time than it says")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
