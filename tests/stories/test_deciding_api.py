"""Three stories of deciding, over the API alone: an idea that a tenth of a class carries to the board, the thresholds of a co-op
that really voted so, and two workers against ninety-eight clients.
"""

from datetime import datetime

import pytest
from django.test import Client

from tests.conftest import browser, run_jobs
from tests.democracy.ballots.conftest import SIMPLE, join, propose, rules
from tests.democracy.ballots.test_terms import BYLAWS, ORDINARY
from tests.democracy.proposals.test_support import GREETING, crowd, market, resolution  # noqa: F401
from toadlane.democracy.ballots import tasks as ballots
from toadlane.democracy.ballots.models import Ballot
from toadlane.democracy.proposals import tasks as proposals
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.people.models import Person

TIMERS = (proposals.advance, ballots.open_ballots, ballots.close_ballots)
WHY = "It breaks what we promised."


def send(client: Client, root: str, address: str, body: dict, status: int = 200) -> dict:
    answer = client.post(f"/api/v1/coops/{root}{address}", body, content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def read(client: Client, root: str, address: str) -> dict:
    return client.get(f"/api/v1/coops/{root}{address}").json()


def pass_time(until: datetime) -> None:
    for task in TIMERS:
        run_jobs()
        task(by=Principal.job(current_coop_id()), at=until)
    run_jobs()


@pytest.fixture
def clock(monkeypatch):
    """Set what every co-op's clock says to requests."""
    from toadlane.plumbing.clock import queries

    def at(moment: datetime) -> None:
        monkeypatch.setattr(queries, "machine_time", lambda: moment)

    return at


def test_an_idea_that_a_tenth_of_a_class_signs_starts_seven_days_and_goes_to_the_board(market, resolution, at, bob, clock):  # noqa: F811
    clock(at)
    crowd(40, "provider", at, 100)
    crowd(100, "customer", at, 1000)
    traders = [browser(Person.objects.get(email=f"provider{n}@crowd.test")) for n in range(6)]
    made = send(traders[0], "prints", "/proposals", {"title": "A greeting", "text": "To all.", "contents": [GREETING]}, 201)
    assert made["stage"] == "idea"
    where = f"/proposals/{made['number']}"
    for client in traders[1:4]:
        send(client, "prints", f"{where}/support", {}, 201)
    assert read(traders[0], "prints", where)["stage"] == "idea", "four of 41 are less than a tenth"
    send(traders[4], "prints", f"{where}/support", {}, 201)
    seen = read(traders[0], "prints", where)
    until = datetime.fromisoformat(seen["talk_until"])
    assert seen["stage"] == "discussion" and (until.date() - at.date()).days == 7
    clock(until)
    pass_time(until)
    [ballot] = read(browser(bob), "prints", "/ballots")["items"]
    assert [mine["may_cast"] for mine in read(browser(bob), "prints", f"/ballots/{ballot['number']}")["mine"]] == [True]
    assert read(traders[5], "prints", f"/ballots/{ballot['number']}").get("mine", []) == [], "the board alone votes"
    send(browser(bob), "prints", f"/ballots/{ballot['number']}/votes", {"choice": "for"})
    clock(datetime.fromisoformat(ballot["closes_at"]))
    pass_time(datetime.fromisoformat(ballot["closes_at"]))
    assert [one["outcome"] for one in read(traders[0], "prints", "/decisions")["items"]] == ["passed"]


def opened(at: datetime, voters: list, table: dict) -> int:
    rules(procedures={"tried": SIMPLE | table})
    proposal = propose(voters[0], at, procedure="tried")
    run_jobs()
    ballots.open_ballots(by=Principal.job(current_coop_id()), at=at)
    return Ballot.objects.get(proposal=proposal).number


def cast(voters: list, number: int, votes: dict[str, int]) -> None:
    choices = [choice for choice, count in votes.items() for _ in range(count)]
    for member, choice in zip(voters, choices, strict=False):
        said = {"choice": choice} | ({"reason": WHY} if choice == "block" else {})
        send(browser(member.person), "sparkle", f"/ballots/{number}/votes", said)


def outcome(client: Client, number: int, clock) -> dict:
    until = datetime.fromisoformat(read(client, "sparkle", f"/ballots/{number}")["closes_at"])
    clock(until)
    pass_time(until)
    return read(client, "sparkle", f"/ballots/{number}")


@pytest.mark.parametrize(
    ("terms", "roll", "votes", "told"),
    [
        (ORDINARY, 111, {"for": 22, "against": 5, "abstain": 1}, "passed"),
        (BYLAWS, 111, {"for": 22, "against": 5, "abstain": 1}, "passed"),
        (ORDINARY, 100, {"for": 89, "against": 10, "block": 1}, "blocked"),
        (BYLAWS, 21, {"for": 2, "against": 1}, "rejected"),
    ],
)
def test_real_tallies_come_out_as_they_did(inside, at, clock, terms, roll, votes, told):
    clock(at)
    voters = join(roll)
    number = opened(at, voters, terms | {"roll": {"who": "members", "classes": ["worker"], "min_days": 300}})
    cast(voters, number, votes)
    assert outcome(browser(voters[0].person), number, clock)["outcome"] == told


def test_two_workers_yes_and_98_clients_no_under_halves_is_a_tie_and_the_rule_for_ties_decides(inside, at, clock):
    clock(at)
    names = ("worker", "client")
    rules(classes=[
        {"id": one, "names": {"en": one}, "who": ["person"], "rights": ["vote", "propose"], "college": f"{one}s"} for one in names
    ])  # fmt: skip
    voters = [*join(2, "worker"), *join(98, "client")]
    halves = {"mode": "proportional", "weights": {"workers": "50", "clients": "50"}}
    table = {"who": "members", "classes": list(names), "min_days": 300}
    number = opened(at, voters, {"chambers": halves, "tie": "status_quo", "roll": table})
    cast(voters, number, {"for": 2, "against": 98})
    result = outcome(browser(voters[0].person), number, clock)
    assert result["outcome"] == "rejected"
    assert "As many are for it as against it: everything stays as it is." in result["lines"]
    page = browser(voters[99].person).get(f"/c/sparkle/ballots/{number}/?lang=en").content.decode()
    assert "everything stays as it is" in page
