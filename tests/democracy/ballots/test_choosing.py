"""A choice among several, from the form to the count: names, scores, dots, and projects that share a budget."""

import csv
import io

import pytest

from tests.conftest import browser
from tests.democracy.ballots.test_pages import entry, on, page, post
from toadlane.democracy.ballots.queries import pages
from toadlane.democracy.counting.policies import formats
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.proposals.handlers.decisions import WAYS, check_choice
from toadlane.democracy.proposals.models import Decision, Draft, Proposal
from toadlane.society.bylaws import queries as bylaws

__all__ = ["on"]
PROJECTS = [("Oven", 60000), ("Ramp", 30000), ("Lamp", 30000)]


def choice(method, *, named=("Oven", "Ramp", "Lamp"), **more):
    options = [{"id": str(n), "name": name} for n, name in enumerate(named, 1)]
    return {"kind": "choose", "payload": {"text": "What we do next.", "options": options, "method": method, **more}}


def spending(method, budget=100000, costs=PROJECTS):
    options = [{"id": str(n), "name": name, "cost": cost} for n, (name, cost) in enumerate(costs, 1)]
    return {"kind": "choose", "payload": {"text": "Out of the fund.", "options": options, "method": method, "budget": budget}}


@pytest.mark.parametrize("method", WAYS)
def test_every_way_is_opened_voted_on_and_counted(poll, on, method):
    asked = spending(method) if METHODS[method].kind == "budget" else choice(method)
    vote = poll(3, contents=[asked])
    assert vote.ballot.method == method and vote.ballot.secrecy == "open"
    marks = {"scores": {"mark_1": "5", "mark_2": "1"}, "dots": {"mark_1": "8"}, "credits": {"mark_1": "10"}}
    typed = marks.get(METHODS[method].kind, {"mark_1": "1", "choice": "1"})
    assert post(vote, 0, "vote/", {"entry": entry(vote, 0), **typed}).status_code == 302
    assert vote.close().result["elected"] == ["1"] and Decision.objects.get().result["elected"] == ["1"]
    assert "Oven" in page(vote).text


def test_a_third_decides_about_a_third_by_equal_shares_and_about_nothing_by_most_votes(poll, on):
    for method, funded in (("equal-shares", ["1", "3"]), ("knapsack", ["1", "2"])):
        vote = poll(6, contents=[spending(method, 90000)], member_class="worker" if method == "knapsack" else "co_op")
        # One fewer wants the ramp than the oven: equals would be drawn by lot.
        for n, marked in enumerate([["1", "2"]] * 3 + [["1"]] + [["3"]] * 2):
            vote.vote(n, marked)
        assert vote.close().result["elected"] == funded, method


def test_the_paper_says_what_each_costs_and_a_vote_beyond_the_budget_is_told_in_money(poll, on):
    vote = poll(3, contents=[spending("knapsack")])
    shown = page(vote).text
    assert "€600.00" in shown and "There is €1,000.00, and what you mark has to fit into it." in shown
    kept = post(vote, 0, "vote/", {"entry": entry(vote, 0), "choice": ["1", "2", "3"]})
    assert kept.status_code == 422 and "What you marked costs €1,200.00 together, and there is €1,000.00." in kept.text
    # Exactly the budget fits.
    even = poll(3, contents=[spending("knapsack", 90000)], member_class="co_op")
    assert post(even, 0, "vote/", {"entry": entry(even, 0), "choice": ["1", "2"]}).status_code == 302


def test_the_file_and_the_command_beside_it_come_to_the_same(poll, on, tmp_path):
    vote = poll(4, contents=[spending("equal-shares", 60000)])
    for n, marked in enumerate([["1"], ["1", "2"], ["3"], []]):
        vote.vote(n, marked)
    ballot = vote.close()
    assert pages.command(ballot).startswith("toadlane tally ballot-1-papers.csv --method equal-shares --option budget=60000")
    table = page(vote, 0, "papers.csv").content
    assert next(row for row in csv.reader(io.StringIO(table.decode())) if row[0] == "cost") == ["cost", "60000", "30000", "30000"]
    again = formats.read(table)
    counted = METHODS["equal-shares"].count(
        again.votes("budget"), again.options, {"budget": 60000, "costs": dict(again.costs)},
        [dict(enumerate(again.options, 1))[int(key)] for key in ballot.result["lot"]],
    )  # fmt: skip
    names = {str(n): name for n, (name, _cost) in enumerate(PROJECTS, 1)}
    assert counted.winners == [names[key] for key in ballot.result["elected"]] and counted.blank == 1
    assert "€300.00" in page(vote).text, "what is told of a count is told in money"


def test_it_is_written_on_one_page_a_line_for_each(inside, on, poll):
    voter = poll(1).voters[0]
    client = browser(voter.person)
    client.post("/c/sparkle/proposals/new/", {"kind": "choose"})
    address = f"/c/sparkle/proposals/drafts/{Draft.objects.get().pk}/"
    typed = {"text": "Out of the fund.", "options": "New oven: 600\n\nRamp: 300,50", "method": "knapsack", "budget": "700"}
    wrong = client.post(f"{address}0/what/", {**typed, "options": "New oven: soon\nRamp: 300"})
    assert wrong.status_code == 422 and "This is not an amount: “New oven: soon”." in wrong.text
    dear = client.post(f"{address}0/what/", {**typed, "budget": "599.99"})
    assert dear.status_code == 422 and "New oven" in dear.text and "none costs more than there is" in dear.text
    assert client.post(f"{address}0/what/", typed).status_code == 302
    payload = Draft.objects.get().parts[0]["payload"]
    assert payload["budget"] == 70000
    assert payload["options"] == [{"id": "1", "name": "New oven", "cost": 60000}, {"id": "2", "name": "Ramp", "cost": 30050}]
    # Gone back to, the page says what was typed, and keeping it changes nothing.
    again = client.get(f"{address}0/what/").text
    assert 'value="700.00"' in again and "Ramp: 300.50" in again
    client.post(f"{address}why/", {"title": "Oven or ramp"})
    client.post(f"{address}review/", {"procedure": "tried"})
    assert Proposal.objects.get(title="Oven or ramp").contents[0]["payload"] == payload


def test_names_keep_their_colons_where_nothing_costs_anything(inside, on, poll):
    client = browser(poll(1).voters[0].person)
    client.post("/c/sparkle/proposals/new/", {"kind": "choose"})
    address = f"/c/sparkle/proposals/drafts/{Draft.objects.get().pk}/0/what/"
    client.post(address, {"text": "When we meet.", "options": "Tuesday 18:30\nFriday 17:00", "method": "score"})
    assert [row["name"] for row in Draft.objects.get().parts[0]["payload"]["options"]] == ["Tuesday 18:30", "Friday 17:00"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"method": "lottery"}, "method"), ({"method": "scottish-stv"}, "method"), ({"method": ["irv"]}, "method"),
        ({"method": "quadratic-funding"}, "method"),
        ({"options": []}, "options"), ({"options": [{"id": "1", "name": "Oven"}]}, "options"),
        ({"options": [{"id": "1", "name": "Oven"}, {"id": "1", "name": "Ramp"}]}, "options"),
        ({"options": [{"id": "1", "name": "Oven"}, {"id": "2", "name": "oven "}]}, "options"),
        ({"seats": 3}, "seats"), ({"seats": 0}, "seats"), ({"seats": True}, "seats"), ({"method": "irv", "seats": 2}, "seats"),
        ({"budget": 100}, "budget"), ({"method": "knapsack"}, "budget"), ({"method": "knapsack", "budget": 100}, "options"),
        ({"text": " "}, "text"),
    ],
)  # fmt: skip
def test_what_nobody_could_vote_on_is_refused(inside, at, changed, field):
    asked = choice("approval")["payload"]
    assert not check_choice(asked, bylaws.book(), at) and not check_choice({**asked, "seats": 2}, bylaws.book(), at)
    assert field in [fault.field for fault in check_choice({**asked, **changed}, bylaws.book(), at)]


def test_whoever_sees_it_reads_what_can_be_chosen(poll, on):
    vote = poll(2, contents=[spending("equal-shares")])
    shown = browser(vote.voters[0].person).get(f"/c/sparkle/proposals/{vote.ballot.proposal.number}/").text
    assert "There is €1,000.00 to spend." in shown and "1. Oven: €600.00" in shown
