"""A tenth of those who vote can have a vote taken in secret, as long as nobody has voted: before it opens, or just after."""

from datetime import timedelta

import pytest

from tests.conftest import browser, run_jobs
from tests.democracy.ballots.conftest import join
from tests.democracy.meetings.conftest import NAMES, asker, come, draft, people  # noqa: F401
from tests.democracy.meetings.test_voting import item, meeting, proposal  # noqa: F401
from toadlane.democracy.ballots import queries, services
from toadlane.democracy.ballots.models import Ballot, SecretAsked
from toadlane.democracy.ballots.queries import asking, results
from toadlane.democracy.ballots.services.errors import AskedAlready, NotSo, TooLate
from toadlane.democracy.ballots.tasks import close_ballots, open_ballots
from toadlane.democracy.meetings import queries as meetings
from toadlane.democracy.meetings import services as holding
from toadlane.democracy.proposals.models import Decision
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy import invariants
from toadlane.society.bylaws.rules import packs

MINUTE = timedelta(minutes=1)


@pytest.fixture
def job(inside):
    return Principal.job(inside.pk)


def ask(proposal, person, at):  # noqa: F811
    return services.ask_secret(proposal=proposal, by=asker(person), at=at)


@pytest.fixture
def opens(job, at):
    """Have the vote open by itself, a day after everybody was told of it."""

    def now():
        run_jobs()
        open_ballots(by=job, at=at)
        return Ballot.objects.get()

    return now


def test_asked_for_before_it_opens_by_a_tenth_it_opens_secret(proposal, people, opens, at):  # noqa: F811
    join(10)
    assert asking.asked(proposal).needed == 2
    first = ask(proposal, people["Dana"], at)
    assert (first.names, first.needed, first.is_enough) == (1, 2, False)
    with pytest.raises(AskedAlready):
        ask(proposal, people["Dana"], at)
    assert ask(proposal, people["Emil"], at).is_enough
    ballot = opens()
    assert ballot.is_secret and not ballot.is_replaceable and ballot.frozen["secrecy"] == "secret"


def test_asked_for_by_too_few_it_opens_as_it_was(proposal, people, opens, at):  # noqa: F811
    join(10)
    ask(proposal, people["Dana"], at)
    assert not opens().is_secret


def test_after_it_opened_and_before_the_first_vote_it_opens_again(proposal, people, opens, job, at):  # noqa: F811
    opens()
    run_jobs()
    ask(proposal, people["Dana"], at + MINUTE)
    first, second = Ballot.objects.order_by("round")
    assert first.state == "void" and second.is_secret and second.state == "open" and not Decision.objects.exists()
    assert "secret vote" in results.lines(first)[0]
    run_jobs()
    entry = queries.my_entries(second, asker(people["Emil"]))[0]
    assert services.cast(ballot=second, entry=entry, choice="for", by=asker(people["Emil"]), at=at + 2 * MINUTE).digest
    close_ballots(by=job, at=second.closes_at)
    assert Decision.objects.get().result["ballot"] == second.name
    assert {name: one.faults for name, one in invariants.verify_coop().items() if one.faults} == {}


def test_once_the_first_vote_is_cast_it_is_too_late(proposal, people, opens, job, at):  # noqa: F811
    ballot, emil = opens(), asker(people["Emil"])
    services.cast(ballot=ballot, entry=queries.my_entries(ballot, emil)[0], choice="for", by=emil, at=at)
    with pytest.raises(TooLate):
        ask(proposal, people["Dana"], at + MINUTE)
    assert not SecretAsked.objects.exists() and Ballot.objects.count() == 1


def test_who_has_no_vote_does_not_ask(proposal, people, opens, job, board, inside, charlie, at):  # noqa: F811
    stranger = Principal(coop_id=inside.pk, channel=job.channel)
    with pytest.raises(Refused):
        services.ask_secret(proposal=proposal, by=stranger, at=at)
    opens()
    [late] = join(1, name="Late")
    with pytest.raises(NotSo):
        ask(proposal, late.person, at)
    assert browser(charlie).post(f"/c/sparkle/ballots/secret/{proposal.number}/").status_code in (403, 404)


def test_in_a_meeting_a_tenth_of_those_present_are_enough(item, meeting, people):  # noqa: F811
    join(30)
    at = meeting.opened_at + MINUTE
    asked = asking.asked(meetings.proposal_of(item))
    assert (asked.whole, asked.needed, asked.at_meeting) == (7, 1, True)
    assert not ask(meetings.proposal_of(item), people["Jun"], at).is_enough, "who is not there is not counted"
    holding.open_vote(item=item, minutes=20, by=asker(people["Bob"]), at=at)
    run_jobs()
    item.refresh_from_db()
    assert not meetings.ballot_of(item).is_secret
    assert ask(meetings.proposal_of(item), people["Emil"], at + MINUTE).is_enough
    run_jobs()
    ballot = meetings.ballot_of(item)
    assert ballot.is_secret and ballot.round == 2 and ballot.closes_at == at + 21 * MINUTE and ballot.present == 7
    theirs = [one.membership.person.name for one in queries.my_entries(ballot, asker(people["Dana"]))]
    assert theirs == ["Dana", "Hana"], "who acts for somebody does so in the new one"


def test_the_page_and_the_api_offer_it_and_say_how_many(proposal, people, job, at, monkeypatch):  # noqa: F811
    join(10)
    monkeypatch.setattr(clock, "now", lambda tenant: at)
    client = browser(people["Dana"])
    page = client.get(f"/c/sparkle/proposals/{proposal.number}/").content.decode()
    assert "Ask for a secret vote" in page and "0 of the 20 who may vote ask for one; it takes 2." in page
    client.post(f"/c/sparkle/ballots/secret/{proposal.number}/")
    page = client.get(f"/c/sparkle/proposals/{proposal.number}/").content.decode()
    assert "You have asked for it." in page and "Ask for a secret vote" not in page
    sent = browser(people["Emil"]).post("/api/v1/coops/sparkle/ballots/secret", {"proposal": proposal.number},
                                        content_type="application/json")  # fmt: skip
    assert sent.json() == {"names": 2, "whole": 20, "needed": 2, "at_meeting": False}
    again = browser(people["Emil"]).post("/api/v1/coops/sparkle/ballots/secret", {"proposal": proposal.number},
                                         content_type="application/json")  # fmt: skip
    assert again.status_code == 409 and again.json()["code"] == "asked_already"


def test_the_law_may_let_no_more_than_a_tenth_be_needed():
    assert packs.load("es-27-1999").bounds["gov.secret_share"]["cap"]["max"] == "0.10"


def test_who_is_elected_is_decided_in_secret_whatever_the_procedure_says(poll, monkeypatch):
    from toadlane.democracy.proposals.queries import procedures

    monkeypatch.setattr(procedures, "faults", lambda *_args, **_more: [])
    candidates = [{"person": n, "name": name, "statement": ""} for n, name in enumerate(("Ana", "Ben"), 1)]
    payload = {"office": "board", "seats": 1, "method": "approval", "candidates": candidates}
    assert poll(5, contents=[{"kind": "elect", "payload": payload}], secrecy="open").ballot.is_secret
