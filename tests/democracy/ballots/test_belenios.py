"""An election held with Belenios's own program, from our list of voters to the result that is counted here."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests import needs
from tests.conftest import run_jobs
from tests.democracy.ballots.test_carried import tellers
from toadlane.democracy.ballots import services
from toadlane.democracy.ballots.models import Ballot, RollEntry
from toadlane.democracy.ballots.queries import exports
from toadlane.democracy.proposals.queries import procedures
from toadlane.plumbing.access.principals import Principal
from toadlane.society.people.models import Person

__all__ = ["tellers"]


class Election:
    """An election in a folder of its own, held by two trustees."""

    def __init__(self, folder: Path, voters: str, question: dict[str, object], *, group: str) -> None:
        self.program, self.folder = needs.belenios(), folder
        (folder / "voters.txt").write_text(voters)
        (folder / "template.json").write_text(json.dumps({"name": "A", "description": "B", "questions": [question]}))
        where = ("--uuid", self.run("setup", "generate-token").strip(), "--group", group)
        self.run("setup", "generate-credentials", *where, "--file", "voters.txt")
        self.the("*.pubcreds").rename(folder / "public_creds.json")
        self.credentials = [line.split()[1] for line in self.the("*.privcreds").read_text().splitlines()]
        for _trustee in range(2):
            self.run("setup", "generate-trustee-key", "--group", group)
        (folder / "public_keys.jsons").write_text("".join(key.read_text() for key in sorted(folder.glob("*.pubkey"))))
        self.run("setup", "make-trustees")
        self.run("setup", "make-election", *where, "--template", "template.json")
        self.run("archive", "init")

    def run(self, *words: str, said: str = "") -> str:
        done = subprocess.run(
            [self.program, *words], cwd=self.folder, input=said, capture_output=True, text=True, check=False,
            env=os.environ | {"BELENIOS_USE_URANDOM": "1"},
        )  # fmt: skip
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout

    def the(self, pattern: str) -> Path:
        [found] = self.folder.glob(pattern)
        return found

    def add(self, kind: str, said: str = "") -> str:
        self.run("archive", "add-event", f"--type={kind}", said=said)
        return said

    def vote(self, credential: str, choice: list[int]) -> None:
        (self.folder / "credential").write_text(credential)
        (self.folder / "choice").write_text(json.dumps([choice]))
        self.add("Ballot", self.run("election", "generate-ballot", "--privcred", "credential", "--ballot", "choice"))

    def result(self, *, shuffled: bool = False) -> str:
        """End the vote, decrypt it, let the program check all its proofs, and return the file of the result."""
        self.add("EndBallots")
        self.add("EncryptedTally", self.run("election", "compute-encrypted-tally"))
        if shuffled:
            for trustee in ("1", "2"):
                self.add("Shuffle", self.run("election", "shuffle", "--trustee-id", trustee))
            self.add("EndShuffles")
        for trustee, key in enumerate(sorted(self.folder.glob("*.privkey")), 1):
            self.add("PartialDecryption", self.run("election", "decrypt", "--privkey", key.name, "--trustee-id", str(trustee)))
        found = self.add("Result", self.run("election", "compute-result"))
        self.run("election", "verify")
        return found


def brought_back(ballot: Ballot, text: str, tellers) -> Ballot:
    run_jobs()
    brought = services.bring_result(ballot=ballot, text=text, by=tellers[0], at=ballot.closes_at)
    services.confirm_result(ballot=ballot, digest=brought.digest, by=tellers[1], at=ballot.closes_at)
    return services.close(ballot=ballot, by=Principal.job(ballot.coop_id), at=ballot.closes_at)


@pytest.mark.parametrize(
    ("blank", "choices", "told"),
    [
        (False, [[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1]], {"for": 2, "against": 1, "abstain": 1}),
        (True, [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0]], {"for": 2, "against": 0, "abstain": 2}),
    ],
)
def test_one_answer_of_several(poll, tellers, tmp_path, blank, choices, told):
    ballot = poll(6, secrecy="secret", elsewhere=True).ballot
    Person.objects.filter(pk=RollEntry.objects.order_by("place")[0].person_id).update(email=None, phone="+4512345678")
    answers = [str(option["id"]) for option in ballot.options]
    question = {"question": "The fee?", "answers": answers, "min": 1, "max": 1} | ({"blank": True} if blank else {})
    there = Election(tmp_path, exports.voters(ballot), question, group="BELENIOS-2048")
    assert len(there.credentials) == ballot.roll_size
    for credential, choice in zip(there.credentials, choices, strict=False):
        there.vote(credential, choice)
    there.vote(there.credentials[1], choices[1])  # Again: there the last one counts.
    closed = brought_back(ballot, there.result(), tellers)
    assert {name: closed.result["judged"]["tally"][name] for name in told} == told
    assert closed.result["elsewhere"] == len(choices)


def test_answers_ranked(poll, tellers, tmp_path, monkeypatch):
    monkeypatch.setattr(procedures, "faults", lambda *_args, **_more: [])
    named = [{"person": n, "name": name, "statement": ""} for n, name in enumerate(("Ana", "Ben", "Chi"), 1)]
    contents = [{"kind": "elect", "payload": {"office": "board", "seats": 2, "method": "scottish-stv", "candidates": named}}]
    terms = {"kind": "election", "method": "scottish-stv", "threshold": None, "op": None, "of": None}
    ballot = poll(6, contents=contents, secrecy="secret", elsewhere=True, **terms).ballot
    answers = [str(option["label"]) for option in ballot.options]
    question = {"type": "NonHomomorphic", "value": {"question": "Who?", "answers": answers}}
    there = Election(tmp_path, exports.voters(ballot), question, group="RFC-3526-2048")
    for credential, choice in zip(there.credentials, [[1, 2, 3], [1, 2, 0], [3, 1, 2], [0, 0, 0], [1, 1, 2]], strict=False):
        there.vote(credential, choice)
    text = there.result(shuffled=True)
    closed = brought_back(ballot, text, tellers)
    # Their own count, and what it does not count, are the same.
    (tmp_path / "papers.json").write_text(json.dumps(json.loads(text)["result"][0]))
    counted = json.loads(there.run("method", "stv", "--nseats", "2", said=(tmp_path / "papers.json").read_text()))
    assert closed.result["elected"] == [answer_of(ballot, number) for number in counted["winners"]] == ["1", "2"]
    assert closed.result["counted"]["valid"] == len([one for one in counted["ballots"] if one]) == 3


def answer_of(ballot: Ballot, number: int) -> str:
    return str(ballot.options[number]["id"])
