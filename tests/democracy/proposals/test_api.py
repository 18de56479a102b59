"""Everything the pages do, over REST."""

from datetime import timedelta

import pytest

from tests.conftest import browser, run_jobs
from tests.democracy.proposals.conftest import change
from toadlane.democracy.proposals import services
from toadlane.democracy.proposals.models import Proposal
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import outside, scope

ROOT = "/api/v1/coops/sparkle"
FEE = change(set="0.06")


@pytest.fixture
def api(inside, at):
    """Ask as a person at the time of the story."""

    def ask(person, method, path, body=None, status=200, when=at):
        with outside(), clock.telling(when):
            more = {"content_type": "application/json"} if method != "get" else {}
            answer = getattr(browser(person), method)(f"{ROOT}{path}", body if method != "get" else {}, **more)
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    return ask


def test_from_an_idea_to_its_amendment_and_its_end(api, alice, bob):
    made = api(alice, "post", "/proposals", {"title": "Six per cent", "contents": [FEE], "summary": "For the phone."}, 201)
    assert (made["number"], made["stage"], made["procedure"], made["brought_by"]) == (1, "discussion", "simple", ["Alice"])
    assert "More than half" in made["guard"]
    said = api(bob, "post", "/proposals/1/contributions", {"side": "question", "text": "Who answers?"}, 201)
    api(alice, "post", "/proposals/1/contributions", {"text": "A rota.", "reply_to": said["id"]}, 201)
    assert [one["reply_to"] for one in api(alice, "get", "/proposals/1/contributions")["items"]] == [None, said["id"]]
    api(alice, "post", "/proposals/1/contributions", {"text": "To nobody.", "reply_to": 999}, 404)
    api(alice, "post", "/proposals/1/summaries", {"text": "Not much said."}, 201)
    assert api(bob, "get", "/proposals/1/summaries")["items"][0]["name"] == "Alice"
    offer = {"title": "Five and a half", "contents": [change(set="0.055")], "why": "Half is enough."}
    assert api(bob, "post", "/proposals/1/amendments", offer, 201)["state"] == "offered"
    api(bob, "post", "/proposals/1/amendments/1/accept", {}, 403)
    assert api(alice, "post", "/proposals/1/amendments/1/accept", {})["revision"] == 2
    api(bob, "post", "/proposals/1/amendments", {**offer, "title": "Five", "contents": [change(set="0.058")]}, 201)
    assert api(alice, "post", "/proposals/1/amendments/2/decline", {}, 422)["field"] == "answer"
    assert api(alice, "post", "/proposals/1/amendments/2/decline", {"answer": "No."})["state"] == "declined"
    assert [one["number"] for one in api(bob, "get", "/proposals/1/revisions")["items"]] == [2, 1]
    assert [one["deed"] for one in api(bob, "get", "/proposals/1/timeline")["items"]][:2] == ["made", "opened"]
    sponsor = api(bob, "post", "/proposals/1/support", {"as_sponsor": True}, 201)
    api(bob, "post", "/proposals/1/support", {}, 409)
    assert api(alice, "post", f"/proposals/1/authors/{sponsor['id']}")["role"] == "author"
    assert api(alice, "post", "/proposals/1/procedure", {"procedure": "special"})["procedure"] == "special"
    api(alice, "post", "/proposals/1/procedure", {"procedure": "coordinators"}, 422)
    again = {"title": "Six per cent, after all", "contents": [FEE]}
    assert api(bob, "put", "/proposals/1", again)["title"] == "Six per cent, after all"
    assert len(api(bob, "get", "/proposals/1/supports")["items"]) == 2
    assert api(alice, "post", "/proposals/1/withdraw", {"reason": "Not now."})["stage"] == "withdrawn"
    assert api(alice, "get", "/proposals")["items"] == []


def test_what_is_wrong_is_told_before_and_when_it_is_brought(api, alice):
    fine = api(alice, "post", "/proposals/check", {"contents": [FEE]})
    assert fine["faults"] == [] and fine["procedure"] == "simple" and fine["course"]["effective_on"] > "2027-04-01"
    wrong = api(alice, "post", "/proposals/check", {"contents": [change(set="7"), {"kind": "nothing", "payload": {}}]})
    assert [one["code"] for one in wrong["faults"]] == ["beyond_maximum", "unknown_kind"]
    told = api(alice, "post", "/proposals", {"title": "x", "contents": [change(set="7")]}, 422)
    assert told["code"] == "cannot_be_decided" and told["errors"][0]["field"] == "ops"
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "payload",
    [{}, {"base": "x", "ops": 3}, {"base": 1, "ops": [{}]}, {"base": 1, "ops": [{"rule": ["x"]}]}, {"base": 1.5, "ops": []},
     {"base": 1, "ops": [{"rule": "fees.commission", "expect": "0.05", "set": "0.06", "effective": "soon"}]}],
)  # fmt: skip
def test_whatever_is_sent_is_answered_kindly(api, alice, payload):
    contents = [{"kind": "patch", "payload": payload}]
    api(alice, "post", "/proposals", {"title": "x", "contents": contents}, 422)
    assert api(alice, "post", "/proposals/check", {"contents": contents})["faults"]


def test_the_kinds_say_what_they_ask_for(api, alice):
    known = {one["name"]: one for one in api(alice, "get", "/proposals/kinds")}
    assert {"patch", "resolution", "exclude"} <= set(known) and known["exclude"]["secret"]
    assert known["resolution"]["fields"][0]["name"] == "text"
    for field in (one for kind in known.values() for one in kind["fields"]):
        assert bool(field["options"]) <= (field["type"] == "choice"), field
    [source] = [one for one in known["spend"]["fields"] if one["name"] == "source"]
    assert {"value", "label"} == set(source["options"][0]), "whoever chooses is told from what"


def test_decisions_for_everybody_and_what_came_of_them(api, alice, idea, decided, job, client):
    decision = decided(idea())
    run_jobs()
    with outside(), clock.telling(decision.decided_at):
        told = client.get(f"{ROOT}/decisions/2027-1").json()
        assert (told["outcome"], told["enactment"]["state"], told["hash"]) == ("passed", "scheduled", decision.hash)
        assert told["url"].endswith("/c/sparkle/decisions/2027-1/")
        assert [one["decision"] for one in client.get(f"{ROOT}/decisions/enactments").json()["items"]] == ["2027-1"]
        assert client.get(f"{ROOT}/decisions").json()["items"][0]["state"] == "scheduled"
        assert client.get(f"{ROOT}/decisions?outcome=rejected").json()["items"] == []
        assert client.get(f"{ROOT}/decisions/chain").json() == {"decisions": 1, "faults": []}
        assert client.get(f"{ROOT}/decisions/2027-9").status_code == 404
        assert client.get(f"{ROOT}/proposals").json()["items"] == [] and client.get(f"{ROOT}/proposals/1").status_code == 200
    demand = api(alice, "post", "/decisions/2027-1/suspension", None, 201, when=decision.decided_at)
    assert demand == {"names": 1, "needed": 1, "is_suspended": True}
    api(alice, "post", "/decisions/2027-1/repair", None, 409, when=decision.decided_at)
    api(alice, "post", "/decisions/2027-1/appeals", {"text": "x"}, 403, when=decision.decided_at)
    assert api(alice, "get", "/decisions/2027-1/appeals")["items"] == []


def test_the_rule_leads_to_its_decision(api, alice, idea, decided, job):
    decision = decided(idea())
    services.enact_due(by=job, at=decision.enactment.due_at)
    told = api(alice, "get", "/rules/fees.commission", when=decision.enactment.due_at)
    assert told["decided"]["url"].endswith("/c/sparkle/decisions/2027-1/")


def test_pauses_over_the_api(api, alice, bob, inside, at):
    assert api(alice, "get", "/decisions/pauses")["items"] == []
    wish = {"action": "bylaws.enact", "cause": "decision:2027-1", "reasons": "Nobody was told."}
    for person in (alice, bob):
        api(person, "post", "/decisions/pauses", wish, 403)


def test_the_board_hides_with_reasons_and_nobody_elses_words_are_kept_from_them(api, alice, bob, idea, worker, at):
    said = services.say(proposal=idea(), side="for", text="Call me on 085 123.", by=worker, at=at)
    api(alice, "post", f"/proposals/1/contributions/{said.pk}/hide", {"text": "x"}, 403)
    hidden = api(bob, "post", f"/proposals/1/contributions/{said.pk}/hide", {"text": "A phone number."})
    assert (hidden["text"], hidden["hidden_because"]) == ("", "A phone number.")


def test_charlie_is_told_nothing(inside, wheels, charlie, idea, at):
    idea()
    client = browser(charlie)
    with outside(), clock.telling(at):
        for method, path, body in (
            ("get", "/proposals/1", None), ("get", "/proposals/1/revisions", None), ("post", "/proposals/1/support", {}),
            ("post", "/proposals/1/contributions", {"text": "x"}), ("post", "/proposals", {"title": "x", "contents": [FEE]}),
            ("post", "/proposals/check", {"contents": [FEE]}),
        ):  # fmt: skip
            answer = getattr(client, method)(
                f"{ROOT}{path}", body, **({"content_type": "application/json"} if method == "post" else {})
            )
            assert answer.status_code == 404, (method, path, answer.content)
    with scope(wheels.pk):
        assert not Proposal.objects.exists()


def test_a_token_for_reading_writes_nothing(inside, alice, at):
    from toadlane.plumbing.access.principals import Channel, Principal, Refused
    from toadlane.society.members import queries as members

    mine = members.principal(person_id=alice.pk, channel=Channel.API, scopes=frozenset({"read"}))
    assert isinstance(mine, Principal)
    with pytest.raises(Refused):
        services.propose(title="x", contents=[FEE], by=mine, at=at + timedelta(days=1))
