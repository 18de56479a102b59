"""Everything the pages can do, over REST."""

import hashlib
import json

import pytest

from tests.conftest import browser, run_jobs
from tests.democracy.ballots.conftest import as_member
from tests.democracy.ballots.test_carried import tellers
from tests.democracy.ballots.test_elections import election
from tests.democracy.ballots.test_pages import on
from tests.democracy.ballots.test_talked import CONSENT
from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.models import Delegation, Proxy, Vote
from toadlane.democracy.counting.policies import receipts
from toadlane.kernel import canonical
from toadlane.plumbing.once.models import Replay
from toadlane.society.people.models import Person

__all__ = ["election", "on", "tellers"]
API = "/api/v1/coops/sparkle/ballots"


def call(person, path="", data=None, method=""):
    client = browser(person)
    if data is None and not method:
        return client.get(API + path)
    send = getattr(client, method or "post")
    return send(API + path, json.dumps(data), content_type="application/json")


def test_list_look_vote_and_read_the_result(poll, on):
    vote = poll(3)
    alice, n = vote.voters[0].person, vote.ballot.number
    assert call(alice).json()["items"][0]["question"] == "The fee"
    shown = call(alice, f"/{n}").json()
    assert [one["id"] for one in shown["options"]] == ["for", "against", "abstain"] and shown["mine"][0]["may_cast"]
    assert call(alice, f"/{n}/votes", {"choice": "perhaps"}).json()["code"] == "spoilt_paper"
    assert call(alice, f"/{n}/votes", {"choice": "for"}).json() == {"receipt": None}
    again = call(alice, f"/{n}").json()
    assert again["mine"][0]["choice"] == "for" and again["voted"] == 1
    assert canonical.digest(call(alice, f"/{n}/frozen").json()) == again["hash"]
    ballot = vote.close()
    assert call(alice, f"/{n}/result").json()["hash"] == ballot.result_hash
    assert call(alice, f"/{n}/papers").json()["papers"][0]["choice"] == "for"
    assert call(alice, f"/{n}/votes", {"choice": "for"}).json()["code"] == "not_open"
    assert call(alice, f"/{n}/rounds").status_code == 404


def test_a_secret_vote_has_a_receipt_and_no_second_one(poll, on):
    vote = poll(3, secrecy="secret")
    alice, n = vote.voters[0].person, vote.ballot.number
    receipt = call(alice, f"/{n}/votes", {"choice": "for"}).json()["receipt"]
    assert receipts.ballot_hash(nonce=receipt["nonce"], poll=vote.ballot.hash, vote="1") == receipt["digest"]
    assert call(alice, f"/{n}/votes", {"choice": "for"}).json()["code"] == "already_voted"
    assert call(alice, f"/{n}/board").status_code == 404
    vote.close()
    assert call(alice, f"/{n}/board/{receipt['tracker']}").json() == {"place": 1, "digest": receipt["digest"]}
    assert call(alice, f"/{n}/board/{'0' * 12}").status_code == 404
    assert "votes" not in call(alice, f"/{n}/board").json()


def test_a_key_against_repeating_keeps_nothing_of_a_vote(poll, on):
    """What was sent and what was answered would join the voter to the vote."""
    vote = poll(3, secrecy="secret")
    send = browser(vote.voters[0].person).post
    body = {"content_type": "application/json", "headers": {"Idempotency-Key": "one"}}
    answer = send(f"{API}/{vote.ballot.number}/votes", json.dumps({"choice": "for"}), **body)
    assert answer.status_code == 200 and not Replay.objects.exists()


def test_a_ranking_and_its_rounds(election, on):
    vote = election("irv")
    alice, n = vote.voters[0].person, vote.ballot.number
    assert call(alice, f"/{n}/votes", {"choice": ["1", ["2", "3"]]}).json()["code"] == "equal_ranks"
    assert call(alice, f"/{n}/votes", {"choice": ["2", "1"]}).status_code == 200
    vote.close()
    assert call(alice, f"/{n}/rounds").json()["elected"][0]["candidate"] == "2" and call(alice, f"/{n}").json()["elected"] == [
        "2"
    ]


def test_a_stranger_and_somebody_from_another_coop_find_nothing(poll, on, charlie, client):
    vote = poll(3)
    n = vote.ballot.number
    reads = ("", "/frozen", "/roll", "/board", "/papers", "/result", "/said", "/silent", "/boxes", "/voters")
    for tail in reads:
        assert call(charlie, f"/{n}{tail}").status_code == 404, tail
        assert client.get(f"{API}/{n}{tail}").status_code in (401, 404), tail
    assert call(charlie, f"/{n}/votes", {"choice": "for"}).status_code == 404 and not Vote.objects.exists()


def test_words_proxies_delegations_and_classes(poll, on):
    vote = poll(3, proxies=1, delegation={})
    (alice, bea), n = (vote.voters[0].person, vote.voters[1].person), vote.ballot.number
    place = queries.my_entries(vote.ballot, as_member(vote.voters[0]))[0].place
    given = call(alice, f"/{n}/proxies", {"entry": place, "member": vote.voters[1].number})
    assert given.status_code == 201 and Proxy.objects.filter(ended_at=None).exists()
    papers = call(bea, f"/{n}").json()["mine"]
    assert [one["is_proxy"] for one in papers] == [False, True]
    assert call(bea, f"/{n}/votes", {"choice": "for"}).status_code == 404, "which of the two has to be said"
    assert call(alice, f"/{n}/proxies/{place}", method="delete").status_code == 204
    one = call(alice, "/delegations", {"member": vote.voters[1].number})
    assert one.status_code == 201 and call(alice, "/delegations").json()["items"][0]["ballot"] is None
    assert call(bea, f"/delegations/{one.json()['id']}", method="delete").status_code == 404
    assert call(alice, f"/delegations/{one.json()['id']}", method="delete").status_code == 204
    assert not Delegation.objects.filter(ended_at=None).exists()
    assert call(alice, "/vote-as", {"member_class": "worker"}, "put").json() == {"member_class": "worker"}
    assert call(alice, "/vote-as", {"member_class": "co_op"}, "put").status_code == 409


def test_a_decision_that_is_talked_out(poll, on):
    vote = poll(3, **CONSENT)
    bea, n = vote.voters[1].person, vote.ballot.number
    assert call(bea, f"/{n}/said", {"act": "object"}).json()["code"] == "objection_without_reason"
    assert call(bea, f"/{n}/said", {"act": "object", "text": "It breaks the pay floor."}).status_code == 201
    told = call(bea, f"/{n}/said").json()
    assert told["state"] == "objection_pending" and told["said"][0]["place"] == 2


@pytest.fixture
def two(tellers, bob):
    return bob, Person.objects.get(pk=tellers[1].person_id)


def test_boxes_the_door_and_ties(poll, on, two):
    vote, (bob, eve) = poll(4, tie="chair"), two
    n = vote.ballot.number
    box = {"label": "Post", "places": [1, 2], "choices": ["for", "against"]}
    pk = call(bob, f"/{n}/boxes", box).json()["id"]
    assert call(vote.voters[0].person, f"/{n}/boxes", box).status_code == 403
    assert call(bob, f"/{n}/boxes/{pk}/agree", box).json()["code"] == "another"
    assert call(eve, f"/{n}/boxes/{pk}/agree", box).json()["state"] == "agreed"
    other = call(bob, f"/{n}/boxes", box | {"places": [3, 4]}).json()["id"]
    assert call(bob, f"/{n}/boxes/{other}", method="delete").status_code == 204
    assert [one["state"] for one in call(bob, f"/{n}/boxes").json()["items"]] == ["dropped", "agreed"]
    assert call(bob, f"/{n}/present", {"present": 3}).status_code == 403, "the board, which wants a quorum, makes none"
    assert call(eve, f"/{n}/present", {"present": 5}).json()["field"] == "present", "four could vote"
    assert call(eve, f"/{n}/present", {"present": 4}).status_code == 200
    assert call(bob, f"/{n}/silent").json()["count"] == 2
    vote.close()
    assert call(bob, f"/{n}/tie", {"passed": True, "reason": "Before winter."}).json()["outcome"] == "passed"


def test_a_vote_cast_elsewhere(poll, on, two, at):
    from toadlane.plumbing.clock import queries as clock

    vote, (bob, eve) = poll(6, secrecy="secret", elsewhere=True), two
    n, text = vote.ballot.number, json.dumps({"result": [[3, 1, 1]]})
    run_jobs()
    lines = call(bob, f"/{n}/voters").json().splitlines()
    assert len(lines) == 6 and lines[0].split(",")[0] == vote.voters[0].person.email
    assert call(vote.voters[0].person, f"/{n}/voters").status_code == 403
    with clock.telling(vote.ballot.closes_at):
        assert call(bob, f"/{n}/elsewhere", {"text": text}).json()["counts"]["for"] == 3
        digest = hashlib.sha256(text.encode()).hexdigest()
        assert call(bob, f"/{n}/elsewhere/confirm", {"digest": digest}).json()["code"] == "another"
        assert call(eve, f"/{n}/elsewhere/confirm", {"digest": digest}).json()["is_confirmed"]
