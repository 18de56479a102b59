"""Ballots of every kind hold in a file: talked out, cast elsewhere, called twice, decided by the chair or by lot."""

import json
from copy import deepcopy
from datetime import timedelta

import pytest

from tests.commons.records.conftest import Parts, wrong
from tests.conftest import run_jobs
from tests.democracy.ballots.conftest import as_member, poll
from toadlane.commons.records.policies.checks import verify
from toadlane.democracy.ballots import services
from toadlane.plumbing.access.principals import Channel, Principal

__all__ = ["poll"]
NONE = {"threshold": None, "op": None, "of": None}
# `poll` gives the co-op other procedures without a vote. It is this that the replay of the rules finds.
KNOWN = {"rules.replayed", "enactments.once_and_on_their_day"}


def holds(file):
    return not {*wrong(file)} - KNOWN


def test_a_rule_that_was_set_without_a_vote_is_found(poll, export):
    poll(3)
    assert wrong(export())["rules.replayed"] == ["version 2 names the decision test-1, and there is none that changes rules"]


def test_consent_with_an_objection_and_what_was_said(poll, export, tmp_path):
    asked = poll(3, **NONE, kind="consent", quorum="1/2")
    for n, (act, text) in enumerate([("consent", ""), ("object", "It breaks the pay floor."), ("consent", "")]):
        services.say(ballot=asked.ballot, act=act, text=text, by=as_member(asked.voters[n]), at=asked.at)
    assert asked.close().result["outcome"] == "blocked"
    file = export()
    assert holds(file) and verify(file)["ballots.recounted"].left_out == 0
    parts = Parts.of(file)
    parts.lines["said"][1]["act"] = "consent"
    found = wrong(parts.pack(tmp_path / "changed.zip"))
    assert "ballots.boards" in found and "ballots.recounted" in found
    assert holds(export("members"))
    # What was said is not for strangers as long as the bylaws open decisions alone.
    public = export("public")
    assert holds(public) and "said" not in Parts.of(public).lines and verify(public)["ballots.recounted"].left_out == 1


def test_one_that_was_cast_elsewhere(poll, export, board, worker):
    away = poll(6, secrecy="secret", elsewhere=True)
    run_jobs()
    by = [
        Principal(coop_id=one.coop_id, channel=Channel.WEB, person_id=one.person_id, roles=frozenset({"teller"}))
        for one in (board, worker)
    ]
    text = json.dumps({"result": [[3, 1, 1]], "num_tallied": 5})
    brought = services.bring_result(ballot=away.ballot, text=text, by=by[0], at=away.ballot.closes_at)
    services.confirm_result(ballot=away.ballot, digest=brought.digest, by=by[1], at=away.ballot.closes_at)
    assert away.close().state == "closed"
    assert holds(export()) and holds(export("public"))


def test_a_first_call_without_its_quorum_and_a_tie_that_a_lot_decides(poll, export):
    first = poll(4, quorum="1/2", second_call={"after_days": 7, "quorum": "1/4"}, tie="lot")
    first.vote(0, "for")
    assert first.close().next_at is not None
    assert holds(export()) and not [*Parts.of(export("public")).lines["ballots"]]
    at = first.ballot.closes_at + timedelta(days=8)
    first.ballot = services.open_ballot(proposal=first.ballot.proposal, by=Principal.job(first.ballot.coop_id), at=at)
    first.at = at
    first.vote(0, "for")
    first.vote(1, "against")
    result = first.close().result
    assert result["judged"]["awaits"] == "lot" or result["settled"] is None
    for variant in ("full", "members", "public"):
        file = export(variant)
        assert holds(file) and verify(file)["ballots.recounted"].looked_at == 2


def test_one_that_nobody_was_told_of_is_void(poll, export, inside):
    vote = poll(3)
    services.close(ballot=vote.ballot, by=Principal.job(inside.pk), at=vote.ballot.closes_at)
    file = export()
    assert holds(file) and verify(file)["ballots.signed"].looked_at == 1


def test_one_that_is_still_open_shows_no_votes(poll, export):
    vote = poll(3)
    vote.vote(0, "for")
    parts = Parts.of(export())
    assert len(parts.lines["ballots"]) == 1 and not parts.lines["votes"] and not parts.lines["papers"]
    assert holds(export())


@pytest.mark.parametrize("method", ["stv", "schulze", "approval", "score"])
def test_a_stage_or_a_figure_of_any_method(poll, export, tmp_path, method, monkeypatch):
    from toadlane.democracy.proposals.queries import procedures

    monkeypatch.setattr(procedures, "faults", lambda *_args, **_more: [])
    names = [{"person": n, "name": f"Number {n}", "statement": ""} for n in (1, 2, 3)]
    contents = [{"kind": "elect", "payload": {"office": "board", "seats": 1, "method": method, "candidates": names}}]
    params = {"max": 5} if method == "score" else {}
    vote = poll(4, contents=contents, kind="election", method=method, params=params, **NONE)
    for n, one in enumerate(("1", "2", "1", "3")):
        vote.vote(n, {one: 5} if method == "score" else [one])
    closed = vote.close()
    file = export()
    assert holds(file)
    parts = Parts.of(file)
    for change in ("papers",) if closed.is_secret else ("papers", "votes"):
        other = deepcopy(parts)
        other.lines[change][0]["choice"] = other.lines[change][-1]["choice"]
        assert "ballots.recounted" in wrong(other.pack(tmp_path / f"{change}.zip"))
