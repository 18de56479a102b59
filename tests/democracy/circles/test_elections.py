"""Before an election: put forward by themselves or by others, with their own yes, until a day that all know."""

import re
from datetime import timedelta

import pytest

from tests.conftest import browser, run_jobs
from tests.democracy.circles.conftest import asker, desk, terms
from toadlane.democracy.circles import queries, services
from toadlane.democracy.circles.handlers.decisions import check_election
from toadlane.democracy.circles.models import Election
from toadlane.democracy.circles.services.elections import CannotStand, FillsOneSeat, NothingToFill
from toadlane.democracy.circles.tasks import close_nominations
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws

LONG = timedelta(days=14)


@pytest.fixture
def election(enactment, board, people, at):
    services.found_circle(terms=terms(), decision="2027-1", by=enactment, at=at)
    return services.open_election(office="harbor", member_class="worker", closes_at=at + LONG, by=board, at=at)


def of(person):
    return queries.standing_members().get(person=person)


def test_nominations_are_open_as_long_as_the_bylaws_ask(election, board, at):
    assert (election.seats, election.term_months, election.method) == (2, 12, "scottish-stv")
    with pytest.raises(services.NotThatLong):
        services.open_election(office="harbor", closes_at=at + LONG - timedelta(seconds=1), by=board, at=at)
    assert services.open_election(office="harbor", closes_at=at + LONG, by=board, at=at).seats == 1


def test_one_election_at_a_time_for_the_same_seats(election, board, at):
    with pytest.raises(services.NotNow):
        services.open_election(office="harbor", member_class="worker", closes_at=at + LONG, by=board, at=at)


def test_only_seats_that_there_are(election, board, at):
    for wrong in ({"member_class": "co_op"}, {"seats": 0}, {"office": "nowhere"}):
        with pytest.raises(NothingToFill):
            services.open_election(**{"office": "harbor", **wrong}, closes_at=at + LONG, by=board, at=at)
    with pytest.raises(NothingToFill):
        services.open_election(office="board", sits="lead", closes_at=at + LONG, by=board, at=at)


@pytest.mark.parametrize("office", ["appeals", "board", "guardian"])
def test_whoever_may_stop_or_undo_something_is_elected_as_the_board_is(inside, people, board, at, office):
    """Without an organ nobody could be put forward for it, and its powers would be nobody's."""
    begun = services.open_election(office=office, seats=3, closes_at=at + LONG, by=board, at=at)
    services.nominate(
        election=begun, membership=of(people["Dana"]), statement="I read everything.", by=asker(people["Dana"]), at=at
    )
    assert queries.name_of(office) != office and begun.nominations.count() == 1


def test_a_way_of_counting_that_fills_one_seat_is_not_asked_to_fill_two(election, board, people, at, inside):
    wanted = {"office": "board", "closes_at": at + LONG, "by": board, "at": at, "method": "irv"}
    with pytest.raises(FillsOneSeat):
        services.open_election(**wanted, seats=2)
    assert services.open_election(**wanted, seats=1).method == "irv"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({}, []), ({"method": "irv", "seats": 1}, []), ({"method": "irv"}, ["method"]), ({"method": "raffle"}, ["method"]),
        ({"method": "knapsack"}, ["method"]), ({"method": None}, ["method"]),
    ],
)  # fmt: skip
def test_an_election_brought_by_a_program_is_counted_in_a_way_that_elects(election, people, at, changed, fault):
    payload = {
        "office": "harbor", "member_class": "worker", "seats": 2, "term_months": 12, "method": "scottish-stv",
        "candidates": [{"person": people["Dana"].pk, "name": "Dana"}, {"person": people["Emil"].pk, "name": "Emil"}],
    }  # fmt: skip
    assert [one.code for one in check_election({**payload, **changed}, bylaws.book(), at)] == fault


def test_the_board_or_the_circle_opens_nominations_and_nobody_else(election, enactment, people, at):
    dana = people["Dana"]
    with pytest.raises(Refused):
        services.open_election(office="harbor", closes_at=at + LONG, by=asker(dana), at=at)
    services.seat(office="harbor", people=[dana.pk], term_months=12, decision="2027-2", by=enactment, at=at)
    assert services.open_election(office="harbor", closes_at=at + LONG, by=asker(dana), at=at)


def test_whoever_is_put_forward_by_somebody_else_stands_when_they_say_yes(election, people, at):
    dana, emil = people["Dana"], people["Emil"]
    one = services.nominate(election=election, membership=of(emil), reason="He knows boats.", by=asker(dana), at=at)
    assert not one.stands and not queries.payload_of(election)["candidates"]
    with pytest.raises(Refused):
        services.accept_nomination(nomination=one, statement="He would.", by=asker(dana), at=at)
    with pytest.raises(CannotStand):
        services.accept_nomination(nomination=one, statement=" ", by=asker(emil), at=at)
    services.accept_nomination(nomination=one, statement="Boats need care.", by=asker(emil), at=at)
    assert queries.payload_of(election)["candidates"] == [{"person": emil.pk, "name": "Emil", "statement": "Boats need care."}]
    services.decline_nomination(nomination=one, by=asker(emil), at=at)
    assert not queries.payload_of(election)["candidates"]


def test_the_nominee_gets_a_letter_and_finds_it_on_the_desk(election, people, at, settings):
    settings.TOADLANE_SANDBOX = True  # What is sent elsewhere is emptied once it has left.
    dana, emil = people["Dana"], people["Emil"]
    services.nominate(election=election, membership=of(emil), reason="He knows boats.", by=asker(dana), at=at)
    assert "Dana would like you to stand for Harbor circle" in desk(asker(emil), at)
    run_jobs()
    letter = Letter.objects.get(address="emil@sparkle.test")
    assert "Dana would like you to stand" in letter.subject and "He knows boats." in letter.text
    assert f"/circles/elections/{election.pk}/" in letter.text


def test_standing_oneself_is_a_yes_with_a_statement(election, people, at):
    dana = people["Dana"]
    with pytest.raises(CannotStand):
        services.nominate(election=election, membership=of(dana), by=asker(dana), at=at)
    assert services.nominate(election=election, membership=of(dana), statement="I can row.", by=asker(dana), at=at).stands
    with pytest.raises(services.AlreadyNominated):
        services.nominate(election=election, membership=of(dana), by=asker(people["Emil"]), at=at)


def test_a_class_has_its_own_seats(election, people, board, at):
    from toadlane.society.members import services as members
    from toadlane.society.members.models import Organisation

    tidewater = members.admit(organisation=Organisation.objects.create(name="Tidewater"), member_class="co_op", by=board, at=at)
    members.name_delegate(membership=tidewater, person=people["Dana"], by=board, at=at)
    with pytest.raises(CannotStand):
        services.nominate(election=election, membership=tidewater, by=asker(people["Emil"]), at=at)
    open_to_all = services.open_election(office="harbor", closes_at=at + LONG, by=board, at=at)
    assert services.nominate(election=open_to_all, membership=tidewater, by=asker(people["Emil"]), at=at).person == people["Dana"]


def test_the_deadline_is_a_deadline(election, people, job, at):
    dana, last = people["Dana"], at + LONG - timedelta(seconds=1)
    services.nominate(election=election, membership=of(dana), statement="I can row.", by=asker(dana), at=last)
    with pytest.raises(services.NotNow):
        services.nominate(election=election, membership=of(people["Emil"]), statement="x", by=asker(people["Emil"]), at=at + LONG)
    close_nominations(by=job, at=last)
    assert queries.elections().get(pk=election.pk).state == Election.State.OPEN
    for _twice in (1, 2):
        close_nominations(by=job, at=at + LONG)
    assert queries.elections().get(pk=election.pk).state == Election.State.CLOSED
    assert queries.coops_with_elections_to_close(at + LONG) == []


def test_with_nobody_standing_it_is_called_off_and_says_so(election, people, job, at):
    services.nominate(election=election, membership=of(people["Emil"]), by=asker(people["Dana"]), at=at)
    close_nominations(by=job, at=at + LONG)
    found = queries.elections().get(pk=election.pk)
    assert (found.state, found.cancelled_because) == (Election.State.CANCELLED, "nobody stands")


def test_an_election_is_called_off_with_a_reason(election, board, people, at):
    with pytest.raises(services.NotNow):
        services.cancel_election(election=election, reason=" ", by=board, at=at)
    with pytest.raises(Refused):
        services.cancel_election(election=election, reason="x", by=asker(people["Dana"]), at=at)
    assert services.cancel_election(election=election, reason="Two seats too many.", by=board, at=at).state == "cancelled"


def test_charlie_neither_reads_nor_nominates(election, wheels, charlie, at):
    with scope(wheels.pk):
        assert not queries.elections().exists()
        with pytest.raises(Refused):
            services.nominate(election=election, membership=queries.standing_members().first(), by=asker(charlie), at=at)
    client = browser(charlie)
    assert client.get(f"/c/sparkle/circles/elections/{election.pk}/").status_code == 404
    assert client.get(f"/api/v1/coops/sparkle/circles/elections/{election.pk}").status_code == 404


# --------------------------------------------------------------------------------------------------------------- pages


def test_the_pages_lead_from_the_circle_to_the_candidates(election, bob, people):
    client = browser(bob)
    assert "Harbor circle" in client.get("/c/sparkle/circles/").content.decode()
    page = client.get("/c/sparkle/circles/harbor/").content.decode()
    assert "Runs the jobs by the harbor." in page and "Empty seats: 1 open to all, 2 of this class: Worker." in page
    answer = client.post(
        f"/c/sparkle/circles/elections/{election.pk}/", {"deed": "other", "other-membership": "dana", "other-reason": "Rows."}
    )
    assert answer.status_code == 302 and queries.nominations(election).get().person.name == "Dana"
    mine = browser(people["Dana"]).get(f"/c/sparkle/circles/elections/{election.pk}/").content.decode()
    assert "Bob would like you to stand" in mine
    nomination = queries.nominations(election).get()
    browser(people["Dana"]).post(f"/c/sparkle/circles/nominations/{nomination.pk}/", {"deed": "accept", "statement": "I row."})
    assert "I row." in client.get(f"/c/sparkle/circles/elections/{election.pk}/").content.decode()
    assert browser(people["Emil"]).post(f"/c/sparkle/circles/nominations/{nomination.pk}/", {"deed": "accept"}).status_code == 404


def test_a_form_says_what_is_wrong(election, bob):
    client = browser(bob)
    page = client.post(f"/c/sparkle/circles/elections/{election.pk}/", {"deed": "other", "other-membership": "Nobody"})
    assert page.status_code == 422 and "as it stands in the register" in page.content.decode()
    page = client.post(f"/c/sparkle/circles/elections/{election.pk}/", {"deed": "self", "self-statement": ""})
    assert page.status_code == 422
    page = client.post("/c/sparkle/circles/board/election/", {"seat": "seat:", "seats": "1", "closes_on": "2026-01-01"})
    assert page.status_code == 422 and "The earliest is" in page.content.decode()
    page = client.post("/c/sparkle/circles/board/election/", {"seat": "seat:", "seats": "", "closes_on": "2027-12-01"})
    assert page.status_code == 422 and "Say how many seats there are." in page.content.decode()
    assert re.search(r'value="seat:"[^>]* checked', client.get("/c/sparkle/circles/board/election/").content.decode())


def test_strangers_see_who_sits_and_not_who_is_asked_to(election, client):
    assert client.get("/c/sparkle/circles/harbor/").status_code == 200
    assert client.get(f"/c/sparkle/circles/elections/{election.pk}/").status_code in (302, 404)


def test_over_the_api(election, bob, people):
    client = browser(bob)
    root = "/api/v1/coops/sparkle/circles"
    assert [one["slug"] for one in client.get(root).json()["items"]] == ["appeals", "board", "guardian", "harbor"]
    assert client.get(f"{root}/harbor").json()["vacancies"] == {"": 1, "worker": 2}
    assert client.get(f"{root}/harbor/history").json()["charters"][0]["decision"] == "2027-1"
    assert client.get(f"{root}/nowhere").status_code == 404
    given = {"membership": of(people["Dana"]).pk, "reason": "Rows."}
    made = client.post(f"{root}/elections/{election.pk}/nominations", given, content_type="application/json")
    assert made.status_code == 201, made.content
    again = client.post(f"{root}/elections/{election.pk}/nominations", given, content_type="application/json")
    assert again.status_code == 409 and again.json()["code"] == "already_nominated"
    dana = browser(people["Dana"])
    said = dana.post(f"{root}/nominations/{made.json()['id']}/accept", {"statement": "I row."}, content_type="application/json")
    assert said.json()["stands"] is True
    assert client.get(f"{root}/elections").json()["items"][0]["id"] == election.pk
    assert dana.post(f"{root}/nominations/{made.json()['id']}/decline").json()["has_declined"] is True
