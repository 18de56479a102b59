"""Is each ballot what was frozen, is its board what was voted, and do the papers come to the result that was signed?"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from toadlane.commons.records.policies.checks.files import is_signed
from toadlane.commons.records.policies.findings import Found, is_whole, only
from toadlane.commons.records.policies.packing import Line, Pack
from toadlane.democracy.ballots.policies import papers, recounting, standing
from toadlane.democracy.ballots.policies.recounting import Counted
from toadlane.democracy.counting.policies import receipts
from toadlane.democracy.counting.policies.consent import FACILITATOR, Event
from toadlane.kernel import canonical

ROLL = ("place", "number", "seat", "class", "college", "weight")


@dataclass(frozen=True)
class Asked:
    """A ballot of a file, as counting knows it."""

    line: Line

    @property
    def hash(self) -> str:
        return str(self.line["hash"])

    @property
    def round(self) -> int:
        return int(self.frozen["round"])

    @property
    def method(self) -> str:
        return str(self.frozen["method"])

    @property
    def options(self) -> Any:
        return self.frozen["options"]

    @property
    def params(self) -> Any:
        return self.frozen["params"]

    @property
    def procedure_name(self) -> str:
        return str(self.frozen["procedure"]["name"])

    @property
    def procedure(self) -> Any:
        return {key: value for key, value in self.frozen["procedure"].items() if key != "name"}

    @property
    def frozen(self) -> Any:
        return self.line["frozen"]

    @property
    def is_elsewhere(self) -> bool:
        return bool(self.frozen["elsewhere"])

    @property
    def present(self) -> int | None:
        return self.line["present"]

    @property
    def opens_at(self) -> datetime:
        return datetime.fromisoformat(self.frozen["opens_at"])

    @property
    def closes_at(self) -> datetime:
        return datetime.fromisoformat(self.line["closes_at"])

    @property
    def closed_at(self) -> datetime | None:
        return datetime.fromisoformat(self.line["closed_at"]) if self.line["closed_at"] else None

    @property
    def is_talked(self) -> bool:
        return self.method in papers.TALKED


def frozen(pack: Pack) -> Found:
    """What was frozen when it opened is what was hashed, with the roll, the rules and the proposal in it."""
    found = Found()
    for row in pack.lines("ballots"):
        found.looked_at += 1
        name, said = row["ballot"], row["frozen"]
        if is_whole(row):
            found.expect(row["hash"] == canonical.digest(said), f"{name}: what was frozen is not what was hashed")
            same = said["proposal"]["hash"] == canonical.digest(said["proposal"]["content"])
            found.expect(same, f"{name}: the proposal is not what was hashed")
        else:
            found.left_out += 1
        mine = (said["ballot"], said["coop"], said["roll"]["hash"]) == (name, pack.coop_id, row["roll_hash"])
        found.expect(mine, f"{name}: what was frozen belongs to another ballot")
        as_announced = said["closes_at"] == (row["extended_from"] or row["closes_at"])
        found.expect(as_announced, f"{name}: it ends at another time than was announced")
        ended = (row["result"] or {}).get("closed_at", row["closed_at"])
        found.expect(ended == row["closed_at"], f"{name}: it was closed at another time than its result says")
    return found


def rolls(pack: Pack) -> Found:
    """Each roll is the one whose hash was frozen, line by line, and has the groups that were published with it."""
    found, lines = Found(), pack.by_ballot("rolls")
    if not pack.has("rolls"):
        found.left_out = sum(1 for _ in pack.lines("ballots"))
        return found
    for row, entries in _beside(pack, lines, found):
        found.looked_at += 1
        written = (",".join(str(entry[name]) for name in ROLL) for entry in entries)
        found.expect(recounting.roll_digest(written) == row["roll_hash"], f"{row['ballot']}: the roll is not what was hashed")
        groups: dict[tuple[str, str], list[int]] = {}
        for entry in entries:
            sums = groups.setdefault((entry["college"], entry["class"]), [0, 0])
            sums[0], sums[1] = sums[0] + 1, sums[1] + entry["weight"]
        said = {(one["college"], one["member_class"]): [one["members"], one["votes"]] for one in row["frozen"]["roll"]["groups"]}
        same = groups == said and len(entries) == row["frozen"]["roll"]["size"]
        found.expect(same, f"{row['ballot']}: the roll has other groups than were published")
    return found


def _beside(pack: Pack, lines: Iterator[tuple[str, list[Line]]], found: Found) -> Iterator[tuple[Line, list[Line]]]:
    """Walk through the ballots and a part that is ordered like them; what is of no ballot is a fault."""
    name, rows = next(lines, ("", []))
    for ballot in pack.lines("ballots"):
        if name == ballot["ballot"]:
            yield ballot, rows
            name, rows = next(lines, ("", []))
        else:
            yield ballot, []
    found.expect(not name, f"there are lines of {name}, and no such ballot")


def boards(pack: Pack) -> Found:
    """Each board has its root, the result names it, and each open vote or word has its line."""
    found = Found()
    votes, said = pack.by_ballot("votes"), pack.by_ballot("said")
    spoken = _beside(pack, said, found)
    cast = _beside(pack, votes, found)
    board = _beside(pack, pack.by_ballot("boards"), found)
    for (row, voted), (_, words), (_, boards) in zip(cast, spoken, board, strict=True):
        if row["state"] != "closed":
            found.expect(not boards and not voted, f"{row['ballot']} is not closed, and has a board")
            continue
        found.looked_at += 1
        if found.expect(len(boards) == 1, f"{row['ballot']} has {len(boards)} boards"):
            _board(found, pack, row, boards[0], voted=voted, words=words)
    return found


def _board(found: Found, pack: Pack, row: Line, board: Line, *, voted: list[Line], words: list[Line]) -> None:
    name, lines, asked = row["ballot"], board["lines"], Asked(row)
    told = {"root": board["root"], "count": board["count"]}
    found.expect(row["result"]["board"] == told, f"{name}: the result was made of another board")
    if lines is None and not pack.has("votes") and row["frozen"]["secrecy"] != "secret":
        found.left_out += 1  # The lines of open votes are for those who may see the roll.
        return
    root = receipts.root(lines) if lines else ""
    holds = lines is not None and root == board["root"] and lines == sorted(lines) and len(lines) == board["count"]
    found.expect(holds, f"{name}: the root does not stand for the board")
    if row["frozen"]["secrecy"] == "secret":
        return
    if asked.is_talked:
        if not pack.has("said") or not all(map(is_whole, words)):
            found.left_out += 1
            return
        own = [receipts.ballot_hash(nonce=str(one["number"]), poll=row["hash"], vote=only(one, SAID)) for one in words]
    else:
        own = [receipts.ballot_hash(nonce=str(one["place"]), poll=row["hash"], vote=one["choice"]) for one in voted]
    found.expect(lines == receipts.board(own), f"{name}: a line of the board stands for no vote")


SAID = ("place", "act", "about", "text", "at")


def signed(pack: Pack) -> Found:
    """Each result is what was signed, on the ballot it is of, with a key of this co-op."""
    found = Found()
    for row in pack.lines("ballots"):
        if row["result"] is None:
            continue
        found.looked_at += 1
        name, result = row["ballot"], row["result"]
        if is_whole(row):
            found.expect(row["result_hash"] == canonical.digest(result), f"{name}: the result is not what was signed")
        else:
            found.left_out += 1
        own = (result["ballot"], result["ballot_hash"], result["roll_hash"]) == (name, row["hash"], row["roll_hash"])
        found.expect(own, f"{name}: the result is of another ballot")
        key = is_signed(pack, row["result_hash"], row["signature"], row["key_id"])
        found.expect(key, f"{name}: the result is not signed by this co-op")
    return found


def recounted(pack: Pack) -> Found:
    """Counted again under the frozen terms, the papers come to the result that was signed, stage by stage."""
    found = Found()
    names = ("rolls", "votes", "papers", "said", "rounds")
    walks = [_beside(pack, pack.by_ballot(name), found) for name in names]
    for parts in zip(*walks, strict=True):
        row = parts[0][0]
        if row["state"] == "closed":
            found.looked_at += 1
            _recount(found, pack, row, dict(zip(names, (lines for _, lines in parts), strict=True)))
    return found


def _recount(found: Found, pack: Pack, row: Line, parts: Mapping[str, list[Line]]) -> None:
    asked, result, name = Asked(row), row["result"], row["ballot"]
    turnout = result["turnout"]
    absent = recounting.absent(asked, turnout)
    if asked.is_talked:
        if not pack.has("said") or not pack.has("rolls") or not is_whole(row) or not all(map(is_whole, parts["said"])):
            found.left_out += 1
            return
        counted = _talked(asked, result, parts, turnout, absent)
    else:
        lying = [Counted(one["college"], one["weight"], one["choice"], one["count"]) for one in parts["papers"]]
        _lie_there(found, pack, row, parts, lying)
        counted = recounting.count(
            asked, lying, root=result["board"]["root"], turnout=turnout, absent=absent, settled=result["settled"],
            reason=result["reason"],
        )  # fmt: skip
    again = _plain(counted.result)
    differs = sorted(key for key in again if again[key] != result.get(key))
    found.expect(not differs, f"{name}: counted again, it comes to something else: {', '.join(differs)}")
    _stage_by_stage(found, row, _plain(counted.log), parts["rounds"][0]["log"] if parts["rounds"] else None)


def _talked(asked: Asked, result: Line, parts: Mapping[str, list[Line]], turnout: Any, absent: Any) -> recounting.Count:
    events = [
        Event(str(one["place"] or FACILITATOR), one["act"], one["text"], one["about"], datetime.fromisoformat(one["at"]))
        for one in parts["said"]
    ]
    places = [str(one["place"]) for one in parts["rolls"]]
    stands = standing.stands(asked, places, events, at=asked.closed_at or asked.closes_at)
    # The roll has no names in it: whom a place belongs to, the result alone says.
    return recounting.talked(asked, stands, turnout=turnout, absent=absent, elected=result.get("elected", []))


def _lie_there(found: Found, pack: Pack, row: Line, parts: Mapping[str, list[Line]], lying: list[Counted]) -> None:
    """The papers are those on the board, and as many as took part in each college."""
    name, secret, turnout = row["ballot"], row["frozen"]["secrecy"] == "secret", row["result"]["turnout"]
    groups = {(one["college"], one["member_class"]): one["members"] for one in row["frozen"]["roll"]["groups"]}
    same = groups == {(one["college"], one["class"]): one["members"] for one in turnout}
    found.expect(same, f"{name}: the turnout is of another roll")
    if row["frozen"]["elsewhere"]:
        return
    voted: Counter[str] = Counter()
    for one in turnout:
        voted["" if row["frozen"]["roll"].get("together") else one["college"]] += one["voted"]
    there: Counter[str] = Counter()
    for paper in lying:
        there[paper.college] += paper.count
    found.expect(+voted == +there, f"{name}: the papers are not as many as those who took part")
    if secret or not pack.has("votes"):
        return
    choices: Counter[str] = Counter()
    for paper in lying:
        choices[paper.choice] += paper.count
    shown = Counter(one["choice"] for one in parts["votes"])
    found.expect(choices == shown, f"{name}: the papers are not the votes on the board")
    if pack.has("rolls"):
        roll = {one["place"]: one for one in parts["rolls"]}
        cast = Counter((roll[one["place"]]["college"], roll[one["place"]]["weight"], one["choice"]) for one in parts["votes"])
        same = cast == Counter({(one.college, one.weight, one.choice): one.count for one in lying})
        found.expect(same, f"{name}: the papers are not those of the members on the roll")
        by_class = Counter((roll[one["place"]]["college"], roll[one["place"]]["class"]) for one in parts["votes"])
        same = by_class == +Counter({(one["college"], one["class"]): one["voted"] for one in turnout})
        found.expect(same, f"{name}: the turnout is not that of the votes")


def _stage_by_stage(found: Found, row: Line, again: Any, log: Any) -> None:
    name = row["ballot"]
    if again is None and log is None:
        return
    if again is None or log is None:
        found.expect(False, f"{name}: the rounds are missing" if log is None else f"{name}: there are rounds of no count")
        return
    found.expect(canonical.digest(log) == row["result"]["rounds"], f"{name}: the rounds are not those that were signed")
    for nth, (here, there) in enumerate(zip(again["stages"], log["stages"], strict=False), 1):
        if not found.expect(here == there, f"{name}: stage {nth} counted again comes to something else"):
            break
    rest = {key for key in {*again, *log} - {"stages"} if again.get(key) != log.get(key)}
    same = not rest and len(again["stages"]) == len(log["stages"])
    found.expect(same, f"{name}: the rounds, counted again, differ: {', '.join(sorted(rest)) or 'their number'}")


def _plain(document: Any) -> Any:
    """Return a document as it is after a file: with lists for tuples."""
    return json.loads(canonical.text(document))
