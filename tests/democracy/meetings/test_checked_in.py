"""Where the roll of a vote is the meeting, whoever has come votes; the others see the ballot, and are told how to come in."""

from datetime import timedelta

import pytest

from tests.conftest import browser, run_jobs
from tests.democracy.ballots.conftest import SIMPLE, rules
from tests.democracy.meetings.conftest import asker, come, invitation
from tests.democracy.meetings.test_voting import MINUTE, cast, item, meeting, place, proposal  # noqa: F401
from toadlane.democracy.ballots import queries as ballots
from toadlane.democracy.ballots import services as voting
from toadlane.democracy.ballots.models import Vote
from toadlane.democracy.ballots.queries import waiting
from toadlane.democracy.ballots.services.errors import NotCheckedIn, NotSo
from toadlane.democracy.ballots.tasks import close_ballots, open_ballots
from toadlane.democracy.counting.policies.procedures import BadProcedure, Procedure
from toadlane.democracy.meetings import queries, services
from toadlane.democracy.meetings.models import Meeting
from toadlane.democracy.proposals.models import Proposal
from toadlane.plumbing.clock import queries as clock

ASSEMBLY = SIMPLE | {"roll": "meeting"}


@pytest.fixture
def ballot(item, people):  # noqa: F811
    Proposal.objects.update(procedure="assembly")
    rules(procedures={"assembly": ASSEMBLY})
    services.open_vote(item=item, minutes=20, by=asker(people["Bob"]), at=item.meeting.opened_at)
    run_jobs()
    item.refresh_from_db()
    return queries.ballot_of(item)


@pytest.fixture
def soon(meeting, monkeypatch):  # noqa: F811
    at = meeting.opened_at + MINUTE
    monkeypatch.setattr(clock, "now", lambda tenant: at)
    return at


def test_all_members_are_on_the_roll_and_those_who_have_come_vote(ballot, people, soon):
    assert ballot.roll_size == 10
    cast(ballot, people["Alice"], "for", soon)
    cast(ballot, people["Ivo"], "for", soon)
    with pytest.raises(NotCheckedIn) as told:
        cast(ballot, people["Jun"], "against", soon)
    assert "check in" in told.value.hint and "from elsewhere" in told.value.hint
    assert Vote.objects.filter(ballot=ballot).count() == 2


def test_whoever_comes_in_while_it_is_open_votes(ballot, meeting, people, soon):  # noqa: F811
    come(meeting, people, "Jun", at=soon, mode="remote")
    cast(ballot, people["Jun"], "against", soon)
    services.leave(meeting=meeting, invitation=invitation(meeting, people["Jun"]), by=asker(people["Jun"]), at=soon)
    assert Vote.objects.filter(ballot=ballot).count() == 1, "and what was cast stays cast"
    with pytest.raises(NotCheckedIn):
        cast(ballot, people["Jun"], "for", soon)


def test_a_proxy_of_somebody_who_is_there_votes_and_their_own_vote_needs_them_to_come(ballot, people, soon):
    dana = asker(people["Dana"])
    theirs = next(one for one in ballots.my_entries(ballot, dana) if one.membership.person_id == people["Hana"].pk)
    voting.cast(ballot=ballot, entry=theirs, choice="for", by=dana, at=soon)
    assert Vote.objects.get(ballot=ballot).carried_by is not None


def test_who_comes_late_with_a_proxy_votes_with_it(ballot, meeting, people, soon):  # noqa: F811
    given = {"giver": invitation(meeting, people["Kemi"]), "holder": invitation(meeting, people["Jun"]), "text": "For me."}
    services.give_proxy(meeting=meeting, **given, by=asker(people["Kemi"]), at=soon)
    come(meeting, people, "Jun", at=soon)
    jun = asker(people["Jun"])
    theirs = next(one for one in ballots.my_entries(ballot, jun) if one.membership.person_id == people["Kemi"].pk)
    voting.cast(ballot=ballot, entry=theirs, choice="for", by=jun, at=soon)
    assert Vote.objects.filter(ballot=ballot).count() == 1


def test_no_paper_is_typed_in_for_somebody_who_has_not_come(ballot, people, board, soon):
    batch = {"label": "box", "places": [place(ballot, people["Jun"])], "choices": ["for"]}
    box = voting.enter_papers(ballot=ballot, **batch, by=board, at=soon)
    batch.pop("label")
    with pytest.raises(NotCheckedIn):
        voting.agree_papers(batch=box, **batch, by=services.voting._teller(asker(people["Emil"])), at=soon)


def test_whoever_has_not_come_sees_the_ballot_and_the_door(ballot, meeting, people, soon):  # noqa: F811
    page = browser(people["Jun"]).get(f"/c/sparkle/ballots/{ballot.number}/").content.decode()
    assert "Ballot paper" in page and "Check in" in page and f"/meetings/{meeting.number}/room/" in page
    assert "Put it in the box" not in page
    told = browser(people["Jun"]).get(f"/api/v1/coops/sparkle/ballots/{ballot.number}").json()["mine"]
    assert told[0]["may_cast"] is False and "check in" in told[0]["door"]["words"]
    [desk] = [one for one in waiting.waiting(asker(people["Jun"]), soon) if one.icon == "ballot"]
    assert desk.action == "Check in" and desk.url.endswith(f"/meetings/{meeting.number}/room/")
    answer = browser(people["Jun"]).post(f"/api/v1/coops/sparkle/ballots/{ballot.number}/votes", {"choice": "for"},
                                         content_type="application/json")  # fmt: skip
    assert answer.status_code == 409 and answer.json()["code"] == "not_checked_in" and "check in" in answer.json()["hint"]
    here = browser(people["Alice"]).get(f"/c/sparkle/ballots/{ballot.number}/").content.decode()
    assert "Put it in the box" in here


def test_it_is_counted_of_those_who_voted(ballot, item, people, job, soon):  # noqa: F811
    for name in ("Alice", "Bob", "Ivo"):
        cast(ballot, people[name], "for", soon)
    close_ballots(by=job, at=ballot.closes_at)
    assert queries.voting(item, at=ballot.closes_at).outcome == "passed"


def test_nothing_but_a_general_meeting_opens_it(item, meeting, people, job):  # noqa: F811
    Proposal.objects.update(procedure="assembly")
    rules(procedures={"assembly": ASSEMBLY})
    with pytest.raises(NotSo):
        voting.open_ballot(proposal=Proposal.objects.get(), by=job, at=meeting.opened_at)
    open_ballots(by=job, at=meeting.starts_at + timedelta(days=90))
    assert not list(ballots.every()), "and time does not, either"
    Meeting.objects.update(kind="circle", office="board")
    item.refresh_from_db()
    with pytest.raises(services.NotNow, match="general meeting"):
        services.open_vote(item=item, minutes=20, by=asker(people["Bob"]), at=meeting.opened_at)


@pytest.mark.parametrize(
    "more",
    [{"kind": "consent"}, {"delegation": {}}, {"second_call": {"quorum": "1/10"}}, {"tie": "runoff"},
     {"secrecy": "secret", "elsewhere": True}],
)  # fmt: skip
def test_what_cannot_be_held_in_one_meeting_is_no_procedure(more):
    with pytest.raises(BadProcedure):
        Procedure.thaw("assembly", {"kind": "majority", "rank": 2, "roll": "meeting", "threshold": "1/2", **more})
