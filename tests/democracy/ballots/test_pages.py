"""The pages of a ballot: the paper for whoever is on the roll, the stub once, the count for everybody, and files to check."""

import json
import re

import pytest
from django.test import Client

from tests.conftest import browser, run_jobs
from tests.democracy.ballots.conftest import SIMPLE, as_member, join, propose, rules
from tests.democracy.ballots.test_carried import tellers
from tests.democracy.ballots.test_elections import election
from tests.democracy.ballots.test_talked import CONSENT, say
from toadlane.democracy.ballots import queries, services
from toadlane.democracy.ballots.models import Ballot, PaperBatch, Slip, Vote
from toadlane.democracy.counting.policies import formats, receipts
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.kernel import canonical
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.clock import queries as clock
from toadlane.society.members.models import Membership, Standing
from toadlane.society.people.models import Person

__all__ = ["election", "tellers"]
ROOT = "/c/sparkle/ballots/"


@pytest.fixture
def on(at):
    """Let the co-op live at the instant of the test, also on its pages."""
    with clock.telling(at):
        yield


def page(vote, n=0, tail="", **more):
    client = browser(vote.voters[n].person) if n is not None else Client()
    return client.get(f"{ROOT}{vote.ballot.number}/{tail}", **more)


def post(vote, n, tail, data):
    return browser(vote.voters[n].person).post(f"{ROOT}{vote.ballot.number}/{tail}", data)


def entry(vote, n):
    return queries.my_entries(vote.ballot, as_member(vote.voters[n]))[0].place


def test_the_paper_lies_there_and_goes_into_the_box(poll, on):
    vote = poll(3)
    shown = page(vote)
    assert shown.status_code == 200 and 'class="ballot"' in shown.text and "Put it in the box" in shown.text
    answer = post(vote, 0, "vote/", {"entry": entry(vote, 0), "choice": "for"})
    assert answer.status_code == 302 and Vote.objects.get().choice == "1"
    again = page(vote)
    assert (
        "You voted: Yes" in again.text and "Change my vote" in again.text and re.search(r'value="for"[^>]* checked', again.text)
    )


def test_an_empty_paper_says_what_is_missing_and_keeps_the_rest(poll, on):
    vote = poll(3, block={"override": "9/10"}, of="cast_block")
    answer = post(vote, 0, "vote/", {"entry": entry(vote, 0), "choice": "block", "reason": ""})
    assert answer.status_code == 422 and "Say why you block it." in answer.text
    assert re.search(r'value="block"[^>]* checked', answer.text) and not Vote.objects.exists()
    assert "Mark one box." in post(vote, 0, "vote/", {"entry": entry(vote, 0)}).text


def test_the_stub_is_shown_once_and_kept_nowhere(poll, on):
    vote = poll(3, secrecy="secret")
    answer = post(vote, 0, "vote/", {"entry": entry(vote, 0), "choice": "for"})
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    tracker = re.search(r"Tear-off number <code>([0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4})</code>", answer.text)[1]
    again = post(vote, 0, "vote/", {"entry": entry(vote, 0), "choice": "against"})
    assert again.status_code == 422 and tracker not in again.text and "What you voted is known to nobody" in page(vote).text
    assert Slip.objects.filter(is_empty=False).count() == 1
    vote.close()
    found = page(vote, 0, "board/?code=" + tracker)
    assert "It is on the board" in found.text and "It is not on the board" in page(vote, 0, "board/?code=" + "0" * 12).text


def test_an_eligible_voter_sees_the_ballot_whatever_their_other_powers(poll, on):
    vote = poll(3)
    Membership.objects.filter(pk=vote.voters[0].pk).update(standing=Standing.SUSPENDED)
    assert "Put it in the box" in page(vote).text
    assert post(vote, 0, "vote/", {"entry": entry(vote, 0), "choice": "for"}).status_code == 302


def test_whoever_is_not_on_the_roll_has_no_paper(poll, on, bob, alice, charlie):
    vote = poll(3)
    url = f"{ROOT}{vote.ballot.number}/"
    assert browser(bob).get(url).status_code == 200 and 'class="ballot"' not in browser(bob).get(url).text
    assert browser(bob).post(url + "vote/", {"entry": 1, "choice": "for"}).status_code == 404
    for client in (browser(charlie), Client()):
        for tail in ("", "time/", "roll/", "frozen.json", "roll.csv", "silent/", "papers/"):
            assert client.get(url + tail).status_code == 404, tail
    assert post(vote, 0, "vote/", {"entry": entry(vote, 1), "choice": "for"}).status_code == 404


def test_the_proposals_page_shows_the_paper_too(poll, on):
    vote = poll(3)
    shown = browser(vote.voters[0].person).get(f"/c/sparkle/proposals/{vote.ballot.proposal.number}/")
    assert shown.status_code == 200 and "Put it in the box" in shown.text and "Who has voted, and who has not" in shown.text
    vote.vote(0, "for")
    ballot = vote.close()
    decided = browser(vote.voters[0].person).get(f"/c/sparkle/decisions/{ballot.proposal.decision.name}/")
    assert decided.status_code == 200 and "The result" in decided.text


def test_the_desk_names_the_vote(poll, on):
    vote = poll(3)
    shown = browser(vote.voters[0].person).get("/c/sparkle/members/desk/")
    assert "The fee" in shown.text and "0 of 3 have voted" in shown.text
    vote.vote(0, "for")
    assert "0 of 3 have voted" not in browser(vote.voters[0].person).get("/c/sparkle/members/desk/").text


def test_turnout_and_those_with_no_voice_are_shown_while_there_is_time(poll, on):
    join(2, "co_op")
    vote = poll(3, quorum="1/2")
    vote.vote(0, "for")
    shown = page(vote, 1).text
    assert '<b class="num">1 of 3</b> has voted' in shown and "The quorum is 2, and it is not met yet." in shown
    assert "Not in the room" in shown and "no vote on this" in shown
    assert page(vote, 1, "time/").text.count("1 of 3") == 2 and "<form" not in page(vote, 1, "time/").text


def test_the_result_has_bars_a_mark_words_and_a_table(poll, on):
    vote = poll(4, threshold="2/3", op="ge")
    for n, choice in enumerate(["for", "for", "against"]):
        vote.vote(n, choice)
    vote.close()
    shown = page(vote).text
    assert "2 of 3 votes for or against are in favor (66.7%)" in shown and 'class="mk" d="M6660 0v14"' in shown
    assert "The same as a table" in shown and "at least two thirds needed" in shown and "Passed" in shown


def test_files_let_anybody_check_and_count_again(election, on):
    vote = election("scottish-stv", seats=1)
    for n, ranking in enumerate([["1", "2"], ["1", "3", "2"], ["1"], ["2", "3"], []]):
        vote.vote(n, ranking)
    ballot = vote.close()
    assert canonical.digest(json.loads(page(vote, 0, "frozen.json").text)) == ballot.hash
    signed = json.loads(page(vote, 0, "result.json").text)
    assert canonical.digest(signed["result"]) == signed["hash"] and len(signed["public_key"]) == 64
    board = json.loads(page(vote, 0, "board.json").text)
    assert receipts.root(board["lines"]) == board["root"] and len(board["votes"]) == 5
    for tail in ("papers.blt", "papers.csv"):
        again = formats.read(page(vote, 0, tail).content)
        assert METHODS["scottish-stv"].rank(again.ranked(), {"seats": 1}).winners == ["Ana"]
    shown = page(vote, 0, "rounds/").text
    assert "Ana" in shown and "First choices" in shown
    assert json.loads(page(vote, 0, "rounds.json").text)["quota"] == 3


@pytest.mark.parametrize(
    ("method", "typed", "text"),
    [
        ("schulze", {"mark_1": "2", "mark_2": "1", "mark_3": ""}, "2 1"), ("schulze", {"mark_1": "1", "mark_2": "1"}, "1=2"),
        ("approval", {"choice": ["3", "1"]}, "1 3"), ("dot", {"mark_1": "5", "mark_3": "3"}, "5 . 3"), ("approval", {}, ""),
    ],
)  # fmt: skip
def test_papers_of_every_kind(election, on, method, typed, text):
    vote = election(method)
    assert page(vote).status_code == 200
    assert post(vote, 0, "vote/", {"entry": entry(vote, 0), **typed}).status_code == 302
    assert Vote.objects.get().choice == text and page(vote).status_code == 200


@pytest.mark.parametrize(
    ("method", "typed", "said"),
    [
        ("irv", {"mark_1": "1", "mark_2": "1"}, "Two options share a rank"), ("dot", {"mark_1": "9"}, "8"),
        ("dot", {"mark_1": "5", "mark_2": "5"}, "More dots are given than there are"), ("schulze", {"mark_1": "x"},
        "whole number"),
    ],
)  # fmt: skip
def test_a_paper_that_cannot_be_counted_keeps_what_was_typed(election, on, method, typed, said):
    vote = election(method)
    answer = post(vote, 0, "vote/", {"entry": entry(vote, 0), **typed})
    assert answer.status_code == 422 and said in answer.text and f'value="{typed["mark_1"]}"' in answer.text
    assert not Vote.objects.exists()


def test_a_consent_is_spoken_on_its_page(poll, on):
    vote = poll(3, **CONSENT)
    assert "I consent" in page(vote, 1).text
    assert post(vote, 1, "say/", {"act": "object", "text": ""}).status_code == 422
    assert post(vote, 1, "say/", {"act": "object", "text": "It breaks the pay floor."}).status_code == 302
    shown = page(vote, 2).text
    assert "An objection stands." in shown and "It breaks the pay floor." in shown
    say(vote, 2, "consent")
    vote.close()
    assert "An objection stands: It breaks the pay floor." in page(vote, 2).text


def test_a_proxy_and_a_delegation_are_given_on_a_page_and_taken_back(poll, on):
    vote = poll(3, proxies=1, delegation={})
    other = vote.voters[1].number
    assert page(vote, 0, "carry/").status_code == 200
    assert post(vote, 0, "carry/", {"member": 99999, "way": "proxy"}).status_code == 422
    assert post(vote, 0, "carry/", {"member": other, "way": "proxy"}).status_code == 302
    assert "holds your proxy" in page(vote).text and "whose proxy you hold" in page(vote, 1).text
    assert post(vote, 0, "end-proxy/", {"entry": entry(vote, 0)}).status_code == 302 and "holds your proxy" not in page(vote).text
    assert post(vote, 0, "carry/", {"member": other, "way": "all"}).status_code == 302
    shown = page(vote).text
    assert "votes for you in every ballot" in shown
    url = re.search(r'action="(/c/sparkle/ballots/delegations/\d+/take-back/)"', shown)[1]
    assert browser(vote.voters[1].person).post(url).status_code == 404
    assert browser(vote.voters[0].person).post(url).status_code == 302 and "in every ballot" not in page(vote).text


def test_a_proxy_goes_to_somebody_by_their_name_or_their_number(poll, on):
    vote = poll(3, proxies=1)
    Person.objects.filter(pk__in=[one.person_id for one in vote.voters[1:]]).update(name="Ada Quinn")
    twice = post(vote, 0, "carry/", {"member": "Ada Quinn", "way": "proxy"})
    assert twice.status_code == 422 and "There are several of this name. Write the number." in twice.text
    Person.objects.filter(pk=vote.voters[2].person_id).update(name="Ida Quinn")
    assert "called so" in post(vote, 0, "carry/", {"member": "Uda Quinn", "way": "proxy"}).text
    assert 'value="Ida Quinn"' in page(vote, 0, "carry/").text
    assert post(vote, 0, "carry/", {"member": " ada quinn ", "way": "proxy"}).status_code == 302
    assert "Ballot 1 · Ada Quinn" in page(vote, 1).text, "one's own lies on top"
    assert "Ada Quinn holds your proxy." in page(vote).text.replace("\u2068", "").replace("\u2069", "")


def test_two_tellers_type_in_a_box(poll, on, tellers, bob):
    vote = poll(3)
    url = f"{ROOT}{vote.ballot.number}/papers/"
    wrong = browser(bob).post(url, {"label": "Post", "papers": "1: 1\nx"})
    assert wrong.status_code == 422 and "Line 2 cannot be read" in wrong.text
    assert browser(bob).post(url, {"label": "Post", "papers": "1: 1\n2: 2"}).status_code == 302
    from toadlane.society.people.models import Person

    eve = Person.objects.get(pk=tellers[1].person_id)
    again = re.search(rf'href="({url}\d+/)"', browser(eve).get(url).text)[1]
    assert "Papers wait to be typed in again" in browser(eve).get("/c/sparkle/members/desk/").text
    assert browser(eve).post(again, {"papers": "2: 2\n1: 1"}).status_code == 302 and Vote.objects.count() == 2


def test_who_has_not_voted_is_for_those_who_may_call(poll, on, bob):
    vote = poll(3)
    vote.vote(0, "for")
    shown = browser(bob).get(f"{ROOT}{vote.ballot.number}/silent/").text
    assert vote.voters[1].name in shown and vote.voters[0].name not in shown and "2 have not voted" in shown
    assert page(vote, 1, "silent/").status_code == 404


def test_the_chair_settles_a_tie_on_a_page(poll, on, bob):
    vote = poll(2, tie="chair")
    vote.vote(0, "for")
    vote.vote(1, "against")
    vote.close()
    url = f"{ROOT}{vote.ballot.number}/tie/"
    assert "A tie waits for the chair" in browser(bob).get("/c/sparkle/members/desk/").text
    assert browser(bob).post(url, {"passed": "yes", "reason": "Before winter."}).status_code == 302
    assert Ballot.objects.get().result["outcome"] == "passed" and "Before winter." in page(vote).text


def test_the_roll_is_for_members_and_names_votes_only_where_they_are_not_secret(poll, on):
    vote = poll(2)
    assert "Voted" not in page(vote, 0, "roll/").text
    vote.vote(0, "for")
    vote.close()
    assert "did not vote" in page(vote, 0, "roll/").text
    assert str(vote.voters[0]) in page(vote, 1, "roll/").text and "How each member voted" in page(vote, 1).text


def test_strangers_cannot_guess_an_open_vote_from_its_line_on_the_board(poll, on, inside):
    vote = poll(2)
    vote.vote(0, "for")
    vote.close()
    shown = json.loads(page(vote, None, "board.json").text)
    assert shown["count"] == 1 and shown["root"] and not {"lines", "votes"} & set(shown)
    code = vote.ballot.board.lines()[0]
    assert code[:4] not in page(vote, None, "board/").text and "members can read them" in page(vote, None, "board/").text
    told = Client().get(f"/api/v1/coops/sparkle/ballots/{vote.ballot.number}/board/{code}")
    assert told.status_code == 404
    member = json.loads(page(vote, 0, "board.json").text)
    assert member["lines"] == [code] and [one["place"] for one in member["votes"]] == [1]


def test_the_list_of_ballots_and_the_class_one_votes_as(poll, on):
    vote = poll(2)
    person = vote.voters[0].person
    shown = browser(person).get(ROOT)
    assert shown.status_code == 200 and "The fee" in shown.text and "Vote as" not in shown.text
    Membership.objects.create(
        person=person, member_class="co_op", standing=Standing.ACTIVE, joined_on=vote.voters[0].joined_on, number=7777
    )
    assert "Vote as" in browser(person).get(ROOT).text
    assert browser(person).post(ROOT + "vote-as/", {"member_class": "co_op"}).status_code == 302
    assert re.findall(r'value="(\w+)"[^>]* checked', browser(person).get(ROOT).text) == ["co_op"], "and it shows what was chosen"
    rules(procedures={"again": SIMPLE})
    second = services.open_ballot(
        proposal=propose(vote.voters[1], vote.at, procedure="again"), by=Principal.job(vote.ballot.coop_id), at=vote.at
    )
    assert second.entries.get(person=person).member_class == "co_op"


def test_a_vote_that_strangers_may_not_read_is_on_no_list_of_theirs(poll, on):
    """The question alone may tell more than a co-op wants told: whom it might exclude, say."""
    vote = poll(2)
    listed = "/api/v1/coops/sparkle/ballots"

    def found(client) -> tuple[bool, int, int]:
        return "The fee" in client.get(ROOT).text, len(client.get(listed).json()["items"]), page(vote, None).status_code

    member = browser(vote.voters[0].person)
    assert found(Client()) == (False, 0, 404) and found(member)[:2] == (True, 1)
    Membership.objects.filter(pk=vote.voters[0].pk).update(standing=Standing.FORMER)
    assert found(member)[:2] == (True, 1), "whoever was on the roll reads it, whatever became of them"
    vote.vote(1, "for")
    vote.close()
    assert found(Client()) == (True, 1, 200)


def test_the_page_costs_the_same_for_five_and_for_fifty(poll, on, django_assert_max_num_queries):
    vote = poll(50, quorum="1/2")
    for n in range(20):
        vote.vote(n, "for")
    client = browser(vote.voters[0].person)
    client.get(f"{ROOT}{vote.ballot.number}/")
    with django_assert_max_num_queries(26):
        assert client.get(f"{ROOT}{vote.ballot.number}/").status_code == 200


@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_casting_takes_ten_statements_at_most(poll, on, secrecy, django_assert_max_num_queries):
    vote = poll(50, secrecy=secrecy)
    run_jobs()
    by = as_member(vote.voters[0])
    (one,) = queries.my_entries(vote.ballot, by)
    with django_assert_max_num_queries(10):
        services.cast(ballot=vote.ballot, entry=one, choice="for", by=by, at=vote.at)


def test_two_who_read_a_box_differently_are_led_to_type_it_in_anew(poll, tellers, on):
    vote, (bob, eve) = poll(5), [browser(Person.objects.get(pk=one.person_id)) for one in tellers]
    root = f"{ROOT}{vote.ballot.number}/papers/"
    bob.post(root, {"label": "Hall & stairs", "papers": "1: 1\n2: 2"})
    assert "Type it in a second time" not in bob.get(root).text, "who typed it first cannot be the second"
    second = f"{root}{PaperBatch.objects.get().pk}/"
    assert second in eve.get(root).text
    told = eve.post(second, {"papers": "1: 1\n2: 1"}, follow=True)
    assert "The two entries differ" in told.text and "roll: 2." in told.text and 'value="Hall &amp; stairs"' in told.text
    assert "Type it in anew" in bob.get(root).text and bob.get(second).status_code == 404
    bob.post(root, {"label": "Hall & stairs", "papers": "1: 1\n2: 2"})
    again = PaperBatch.objects.latest("pk")
    assert eve.post(f"{root}{again.pk}/", {"papers": "2: 2\n1: 1"}).status_code == 302 and Vote.objects.count() == 2
    assert eve.post(f"{root}{again.pk}/drop/").status_code == 302 and PaperBatch.objects.get(pk=again.pk).state == "agreed"
    kept = bob.post(root, {"label": "Door", "papers": "3: 0"})
    assert kept.status_code == 422 and "Line 1 cannot be read: “3: 0”." in kept.text


def test_what_was_typed_in_and_not_agreed_on_is_taken_back(poll, tellers, on):
    vote, bob = poll(5), browser(Person.objects.get(pk=tellers[0].person_id))
    root = f"{ROOT}{vote.ballot.number}/papers/"
    bob.post(root, {"label": "Hall", "papers": "1: 1"})
    batch = PaperBatch.objects.get()
    assert post(vote, 0, f"papers/{batch.pk}/drop/", {}).status_code == 404
    assert bob.post(f"{root}{batch.pk}/drop/").status_code == 302 and PaperBatch.objects.get().state == "dropped"
