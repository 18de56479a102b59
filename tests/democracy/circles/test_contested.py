"""More candidates than seats, from the nominations to the seats: by the vote that a new co-op elects with, and in secret."""

from datetime import timedelta

import pytest

from tests.conftest import run_jobs
from tests.democracy.circles.conftest import asker, terms
from toadlane.democracy.ballots import queries as ballots
from toadlane.democracy.ballots import services as voting
from toadlane.democracy.ballots import tasks as balloting
from toadlane.democracy.ballots.models import Ballot
from toadlane.democracy.ballots.queries import pages, results
from toadlane.democracy.circles import queries, services
from toadlane.democracy.circles.tasks import close_nominations
from toadlane.democracy.proposals import tasks as proposing
from toadlane.democracy.proposals.models import Decision, Proposal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops.models import Coop

LONG, DAY = timedelta(days=14), timedelta(days=1)


@pytest.fixture
def ballot(enactment, board, people, job, at):
    """Three stand for two seats, and the vote is open."""
    Coop.objects.update(language="fr")
    services.found_circle(terms=terms(seats={"": 2}), decision="2027-1", by=enactment, at=at)
    election = services.open_election(office="harbor", closes_at=at + LONG, by=board, at=at)
    members = {one.person_id: one for one in queries.standing_members()}
    for one in people.values():
        services.nominate(election=election, membership=members[one.pk], statement="I can row.", by=asker(one), at=at)
    close_nominations(by=job, at=at + LONG)
    when = at + LONG
    run_jobs()
    assert Proposal.objects.get().procedure == bylaws.book().value("circles.elect_by") == "simple"
    for _day in range(40):
        when += DAY
        proposing.advance(by=job, at=when)
        run_jobs()
        balloting.open_ballots(by=job, at=when)
        run_jobs()
        if Ballot.objects.exists():
            break
    return Ballot.objects.get()


def vote(ballot, person, *ranking):
    by = asker(person)
    (entry,) = ballots.my_entries(ballot, by)
    ids = {option["label"]: option["id"] for option in ballot.options}
    choice = [ids[name] for name in ranking]
    return voting.cast(ballot=ballot, entry=entry, choice=choice, by=by, at=ballot.opens_at + DAY)


def closed(ballot, job):
    run_jobs()
    balloting.close_ballots(by=job, at=ballot.closes_at)
    run_jobs()
    ballot.refresh_from_db()
    return ballot


def test_those_whom_the_count_elects_are_seated(ballot, people, job):
    assert ballot.question.startswith("Élection"), "as the co-op speaks, whoever's job it was"
    assert (ballot.method, ballot.secrecy, ballot.params["seats"]) == ("scottish-stv", "secret", 2)
    vote(ballot, people["Dana"], "Emil", "Dana")
    vote(ballot, people["Emil"], "Emil", "Dana")
    vote(ballot, people["Fatou"], "Dana", "Fatou")
    result = closed(ballot, job).result
    assert result["outcome"] == "passed" and result["elected"] == [str(people[name].pk) for name in ("Emil", "Dana")]
    assert Decision.objects.get().outcome == "passed"
    proposing.enact_due(by=job, at=ballot.closes_at + timedelta(days=60))
    assert {one.name for one in queries.sitting("harbor", at=ballot.closes_at + timedelta(days=61))} == {"Emil", "Dana"}


def test_with_too_few_taking_part_nobody_is_elected(ballot, job):
    result = closed(ballot, job).result
    assert (result["outcome"], result["why"], result["elected"]) == ("expired", "quorum", [])


def test_a_result_is_told_as_an_election(ballot, people, job):
    vote(ballot, people["Dana"], "Dana")
    vote(ballot, people["Fatou"], "Fatou")
    lines = " ".join(results.lines(closed(ballot, job)))
    assert "for or against" not in lines and "Dana" in lines
    assert "20%" in pages.guard(ballot) and "half" not in pages.guard(ballot)
