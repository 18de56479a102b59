"""Do the rules follow from the founding act, decision by decision, and from nothing else?"""

from datetime import date

from toadlane.commons.records.policies.findings import Found, is_whole, only
from toadlane.commons.records.policies.packing import Line, Pack
from toadlane.kernel import canonical
from toadlane.society.bylaws.rules import replaying

HASHED = ("coop", "number", "document", "changed", "decision", "enacted_at", "previous")


def chain(pack: Pack) -> Found:
    """No version was rewritten, left out or put in between; there are rules at all."""
    found, previous, number = Found(), "", 0
    for number, row in enumerate(pack.lines("bylaws"), 1):
        found.looked_at += 1
        follows = row["number"] == number and row["previous"] == previous and row["coop"] == pack.coop_id
        found.expect(follows, f"version {row['number']} does not follow the one before")
        if is_whole(row):
            found.expect(row["hash"] == canonical.digest(only(row, HASHED)), f"version {row['number']} is not what was enacted")
        else:
            found.left_out += 1
        previous = row["hash"]
    found.expect(number > 0, "there are no rules")
    return found


def replayed(pack: Pack) -> Found:
    """Each version is the one before with the patch of its decision applied, byte for byte, by a procedure that may."""
    found, decided = Found(), _patches(pack)
    before: Line | None = None
    for row in pack.lines("bylaws"):
        found.looked_at += 1
        if before is None:
            found.expect(row["decision"] == replaying.FOUNDING, "the first version is not the founding act")
        elif not is_whole(row) or not is_whole(before) or not pack.has("decisions"):
            found.left_out += 1
        elif row["decision"] not in decided:
            found.expect(
                False, f"version {row['number']} names the decision {row['decision']}, and there is none that changes rules"
            )
        elif not is_whole(decided[row["decision"]]):
            found.left_out += 1
        else:
            for fault in replaying.faults(_version(before), _version(row), _decided(decided[row["decision"]])):
                found.expect(False, fault)
        before = row
    return found


def _patches(pack: Pack) -> dict[str, Line]:
    """Return the decisions that change rules, by name, with nothing but what is needed of them."""
    return {
        row["name"]: {
            **only(row, ("name", "procedure", "decided_at", "outcome")),
            "redacted": row.get("redacted"),
            "patch": patch,
        }
        for row in pack.lines("decisions")
        if (patch := replaying.patch_of(row["contents"])) is not None
    }


def _decided(row: Line) -> replaying.Decided:
    return replaying.Decided(
        name=row["name"], has_passed=row["outcome"] == "passed", patch=row["patch"], procedure=row["procedure"],
        on=date.fromisoformat(row["decided_at"][:10]),
    )  # fmt: skip


def _version(row: Line) -> replaying.Version:
    return replaying.Version(row["number"], row["document"], row["changed"])
