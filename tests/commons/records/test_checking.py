"""A file of records holds by itself, and whatever is changed in it is found and named."""

import subprocess
import sys
from copy import deepcopy
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.commons.records.conftest import NAMES, Parts, wrong
from toadlane.commons.records.policies import packing
from toadlane.commons.records.policies.checks import CHECKS, verify
from toadlane.commons.records.policies.packing import PARTS, NotRecords
from toadlane.commons.records.policies.variants import Variant
from toadlane.democracy.proposals.models import Decision
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import patches, replaying, undecided
from toadlane.society.members.models import Membership

OWN = {
    "rules.chain", "rules.replayed", "proposals.unchanged", "decisions.chain", "decisions.follow_results",
    "enactments.once_and_on_their_day", "ballots.frozen", "ballots.rolls", "ballots.boards", "ballots.signed",
    "ballots.recounted", "minutes.chain", "ledger.seals", "ledger.entries", "ledger.zero_sums", "shares.register",
}  # fmt: skip


def test_a_coop_with_a_past_verifies_and_everything_was_looked_at(past, export):
    file = export()
    found = verify(file)
    assert not {name: one.faults for name, one in found.items() if one.faults}
    assert {*found} == {"file.signature", *CHECKS} and {*found} > OWN
    assert not [name for name, one in found.items() if not one.looked_at]
    assert not [name for name, one in found.items() if one.left_out]
    assert {*Parts.of(file).lines} == {*PARTS}


@pytest.mark.parametrize("variant", [Variant.MEMBERS, Variant.PUBLIC])
def test_what_others_get_verifies_as_well(past, export, variant):
    assert not wrong(export(variant))


def test_the_same_state_makes_the_same_file(past, export):
    first = export().read_bytes()
    assert export().read_bytes() == first


def test_somebody_else_s_coop_is_not_in_it(past, export, wheels):
    text = str(Parts.of(export()).lines)
    assert "wheels" not in text and "charlie" not in text


# Each: what is changed, and which invariants may name it. The first has to.
def _vote(lines):
    lines["votes"][0]["choice"] = "2"


def _paper(lines):
    next(one for one in lines["papers"] if one["ballot"] == "ballot-2")["count"] += 1


def _roll(lines):
    lines["rolls"][0]["weight"] = 2


def _one_more_on_the_roll(lines):
    lines["rolls"].insert(1, {**lines["rolls"][0], "place": 6})


def _cell(lines):
    stage = lines["rounds"][0]["log"]["stages"][0]
    name = next(iter(stage["totals"]))
    stage["totals"][name] = "9"


def _rule(lines):
    lines["bylaws"][1]["document"]["rules"]["meetings.minutes_days"]["value"] = 21


def _patch(lines):
    lines["decisions"][0]["contents"][0]["payload"]["ops"][0]["set"] = 21


def _date(lines):
    lines["decisions"][0]["decided_at"] = lines["decisions"][0]["decided_at"].replace("2027-03-08", "2027-03-07")


def _early(lines):
    lines["enactments"][0]["enacted_at"] = lines["decisions"][0]["decided_at"]


def _day(lines):
    lines["enactments"][0]["effective_on"] = lines["decisions"][0]["decided_at"][:10]


def _twice(lines):
    lines["enactments"].append(lines["enactments"][0])


def _never(lines):
    del lines["enactments"][0]


def _frozen(lines):
    lines["ballots"][0]["frozen"]["question"] += "?"


def _result(lines):
    lines["ballots"][0]["result"]["judged"]["tally"]["for"] += 1


def _outcome(lines):
    lines["ballots"][0]["result"]["outcome"] = "rejected"


def _no_decision(lines):
    lines["ballots"][0]["ballot"] = "ballot-3"


def _posting(lines):
    lines["entries"][0]["postings"][0][2] += 1


def _narration(lines):
    lines["entries"][0]["narration"] = "Gift"


def _gone(lines):
    del lines["entries"][0]


def _log(lines):
    lines["log"][0]["digest"] = lines["log"][1]["digest"]


def _seal(lines):
    lines["seals"][0]["root"] = "0" * 64


def _account(lines):
    lines["accounts"][0]["minor"] += 1


def _minute(lines):
    lines["minutes"][0]["document"]["opening"] = "Nobody opens."


def _page(lines):
    del lines["minutes"][0]


def _share(lines):
    lines["shares"][0]["nominal_minor"] += 100


def _proposal(lines):
    lines["proposals"][0]["text"] = "For no reason."


def _board(lines):
    lines["boards"][1]["lines"].pop()


def _ends_later(lines):
    lines["ballots"][0]["closes_at"] = "2099-01-01T00:00:00+00:00"


def _ended_otherwise(lines):
    lines["ballots"][0]["closed_at"] = "2027-01-01T00:00:00+00:00"


def _not_in_force(lines):
    lines["enactments"][0]["state"] = "scheduled"


TAMPERED = [
    (_ends_later, "ballots.frozen"), (_ended_otherwise, "ballots.frozen"), (_not_in_force, "enactments.once_and_on_their_day"),
    (_vote, "ballots.boards"), (_paper, "ballots.recounted"), (_roll, "ballots.rolls"), (_one_more_on_the_roll, "ballots.rolls"),
    (_cell, "ballots.recounted"), (_rule, "rules.chain"), (_rule, "rules.replayed"), (_patch, "decisions.chain"),
    (_patch, "rules.replayed"), (_date, "decisions.chain"), (_early, "enactments.once_and_on_their_day"),
    (_day, "enactments.once_and_on_their_day"), (_twice, "enactments.once_and_on_their_day"),
    (_never, "enactments.once_and_on_their_day"), (_frozen, "ballots.frozen"), (_result, "ballots.signed"),
    (_result, "ballots.recounted"), (_outcome, "decisions.follow_results"), (_no_decision, "decisions.follow_results"),
    (_posting, "ledger.entries"), (_posting, "ledger.zero_sums"), (_narration, "ledger.entries"), (_gone, "ledger.entries"),
    (_log, "ledger.seals"), (_seal, "ledger.seals"), (_account, "ledger.zero_sums"), (_minute, "minutes.chain"),
    (_page, "minutes.chain"), (_share, "shares.register"), (_proposal, "proposals.unchanged"), (_board, "ballots.boards"),
]  # fmt: skip


def test_whatever_is_changed_is_named(past, export, tmp_path):
    """With the manifest as it was, with one that was put right, and signed by somebody else: one file for all of them."""
    whole = Parts.of(export())
    for change, invariant in TAMPERED:
        parts = deepcopy(whole)
        change(parts.lines)
        found = wrong(parts.pack(tmp_path / "changed.zip"))
        assert invariant in found and "file.manifest" in found, (change.__name__, found)
        parts.fix_manifest()
        found = wrong(parts.pack(tmp_path / "fixed.zip"))
        assert invariant in found and "file.signature" in found and "file.manifest" not in found, (change.__name__, found)
        parts.sign_as_a_stranger()
        file = parts.pack(tmp_path / "signed.zip")
        found = wrong(file)
        assert invariant in found and not {"file.signature", "file.manifest"} & {*found}, (change.__name__, found)
        assert "file.signature" in wrong(file, key=whole.signature["public_key"])


def test_a_change_names_nothing_that_still_holds(past, export, tmp_path):
    """One changed narration is a fault of that entry, and of no ballot."""
    parts = Parts.of(export())
    _narration(parts.lines)
    assert {*wrong(parts.pack(tmp_path / "changed.zip"))} == {"file.manifest", "ledger.entries"}


def test_a_part_that_is_taken_out_or_put_in_is_found(past, export, tmp_path):
    whole = Parts.of(export())
    parts = deepcopy(whole)
    del parts.lines["minutes"]
    assert "file.manifest" in wrong(parts.pack(tmp_path / "less.zip"))
    del parts.manifest["parts"]["minutes"]
    parts.fix_manifest()
    assert wrong(parts.pack(tmp_path / "less.zip"))["file.manifest"] == ["minutes is missing, and nothing says why"]
    whole.extra["more.txt"] = b"more"
    assert wrong(whole.pack(tmp_path / "more.zip"))["file.manifest"] == ["more.txt is in no manifest"]


def test_one_byte_on_the_disk(past, export):
    file = export()
    content = bytearray(file.read_bytes())
    content[200] ^= 1
    file.write_bytes(content)
    assert "file.manifest" in wrong(file)


def test_the_key_that_somebody_holds_decides(past, export):
    file = export()
    key = Parts.of(file).signature["public_key"]
    assert not wrong(file, key=key) and wrong(file, key="0" * 64)["file.signature"] == ["it is not signed with the key you gave"]


def test_what_is_no_file_of_records_is_refused(tmp_path):
    file = tmp_path / "something.zip"
    file.write_bytes(b"something else")
    with pytest.raises(NotRecords):
        verify(file)


def bloat(file, to, name, size):
    """Write a copy of a file in which the last line of one of its documents is blown up to so many bytes."""
    with ZipFile(file) as old, ZipFile(to, "w") as new:
        for one in old.namelist():
            content = old.read(one)
            if one == name:
                content = content.rstrip(b"\n")
                content += b" " * (size - len(content.rsplit(b"\n", 1)[-1]))
            new.writestr(one, content)
    return to


def test_what_unpacks_to_more_than_any_document_is_not_unpacked(past, export, tmp_path, monkeypatch):
    file, there = export(), tmp_path / "bloated.zip"
    with ZipFile(file) as packed:
        most = max(len(line) for one in packed.namelist() for line in packed.read(one).splitlines(keepends=True))
    monkeypatch.setattr(packing, "LARGEST", most)
    assert not wrong(file)
    assert verify(bloat(file, there, "manifest.json", most)), "it is no longer signed, and is read all the same"
    with pytest.raises(NotRecords, match="broken"):
        verify(bloat(file, there, "manifest.json", most + 1))
    assert "larger than any" not in str(wrong(bloat(file, there, "bylaws.jsonl", most)))
    assert "larger than any" in str(wrong(bloat(file, there, "bylaws.jsonl", most + 1))["rules.chain"])


def test_the_public_file_names_nobody(past, export, bob, alice):
    file = export(Variant.PUBLIC)
    parts = Parts.of(file)
    with ZipFile(file) as packed:
        text = "".join(packed.read(name).decode() for name in packed.namelist())
    assert NAMES[3] in "".join(one.title for one in Decision.objects.order_by("pk")), "there is a name to leave out"
    for membership in Membership.objects.select_related("person"):
        assert membership.person.name not in text and membership.person.email not in text
    assert "[member " in text and "@sparkle.test" not in text
    # What was said without a name is there, and can be taken again.
    found = verify(file)
    assert found["ballots.recounted"].looked_at == 2 and not found["ballots.recounted"].left_out
    assert found["decisions.chain"].left_out == 2 and "entries" not in parts.lines and "rolls" not in parts.lines


def test_a_person_is_called_the_same_each_time_and_two_differently(past, export):
    parts = Parts.of(export(Variant.PUBLIC))
    labels = [option["label"] for option in parts.lines["ballots"][1]["frozen"]["options"]]
    assert len(set(labels)) == 4 and labels[0] == parts.lines["proposals"][0]["author"]


def test_it_runs_with_no_settings_of_a_server(past, export, tmp_path):
    """In an empty folder, with nothing in its surroundings: it writes nothing and looks for no database."""
    file, home = export(), tmp_path / "elsewhere"
    home.mkdir()
    root = Path(__file__).parents[3]
    run = subprocess.run(
        [sys.executable, "-m", "toadlane.config.cli", "verify", "--file", str(file)],
        cwd=home, env={"PYTHONPATH": str(root), "HOME": str(home), "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Everything holds." in run.stdout and all(f"ok {name}: " in run.stdout for name in CHECKS)
    assert not [*home.iterdir()]


def test_a_rule_that_was_adopted_replays_where_the_software_does_not_know_it(inside, monkeypatch):
    now = bylaws.book().document
    before = {**now, "rules": {name: rule for name, rule in now["rules"].items() if name != "meetings.minutes_days"}}
    op = undecided.adoption(before, "meetings.minutes_days")
    patch = {"base": 1, "ops": [op]}
    monkeypatch.setattr(undecided, "find", lambda _rule: None)
    old = replaying.Version(1, before, [])
    new = replaying.Version(2, patches.apply(before, patches.Patch.read(patch)), [op["rule"]])
    for procedure, faults in (("special", []), ("coordinators", ["version 2: 2027-1 could not make it: wrong_procedure"])):
        decided = replaying.Decided("2027-1", True, patch, procedure, date(2027, 3, 1))
        assert [*replaying.faults(old, new, decided)] == faults
