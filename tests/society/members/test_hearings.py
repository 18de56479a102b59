"""Nobody is put out without having been heard, and nobody but the members puts anybody out."""

from datetime import timedelta

import pytest

from tests.conftest import browser
from tests.society.members.test_joining import asker
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import decisions
from toadlane.society.members import queries, services
from toadlane.society.members.models import Standing
from toadlane.society.people.models import Person


@pytest.fixture
def hearing(inside, alice, board, at):
    membership = queries.of_person(alice.pk).get()
    return services.open_hearing(membership=membership, charges="Took the keys of a client home.", by=board, at=at)


@pytest.fixture
def act(inside):
    return Principal.job(inside.pk, "enactment")


def codes(kind, payload, at):
    return [fault.code for fault in decisions.kind(kind).check(payload, bylaws.book(), at)]


def test_the_members_decide_only_once_the_member_has_answered_or_the_time_is_over(hearing, worker, at):
    last = at + timedelta(days=14)
    about = {"hearing": hearing.pk}
    assert codes("exclude", about, last) == ["not_heard"]
    assert codes("exclude", about, last + timedelta(days=1)) == []
    services.answer_charges(hearing=hearing, text="I gave them back the same night.", by=worker, at=at)
    assert codes("exclude", about, at) == []
    assert "the same night" in " ".join(decisions.kind("exclude").describe(about, "en"))
    assert decisions.kind("exclude").subject(about) == hearing.membership_id


def test_the_time_to_answer_ends_with_its_last_day(hearing, worker, at):
    services.answer_charges(hearing=hearing, text="I gave them back.", by=worker, at=at + timedelta(days=14))
    with pytest.raises(services.WrongMoment):
        services.answer_charges(hearing=hearing, text="And more.", by=worker, at=at + timedelta(days=15))


def test_whoever_is_charged_keeps_every_right_until_the_decision_is_in_force(hearing, alice, act, at):
    assert "member" in asker(alice).roles
    with pytest.raises(services.NotHeard):
        services.expel(hearing=hearing, decision="2027-3", by=act, at=at)
    for _ in range(2):
        services.expel(hearing=hearing, decision="2027-3", by=act, at=at + timedelta(days=15))
    hearing.membership.refresh_from_db()
    assert (hearing.membership.standing, hearing.membership.left_because) == (Standing.EXPELLED, "decision:2027-3")
    assert not asker(alice).roles
    assert codes("exclude", {"hearing": hearing.pk}, at) == ["not_charged"]


@pytest.mark.parametrize("who", ["board", "worker"])
def test_nobody_excludes_by_hand(request, hearing, at, who):
    with pytest.raises(Refused):
        services.expel(hearing=hearing, decision="x", by=request.getfixturevalue(who), at=at + timedelta(days=30))


def test_one_hearing_at_a_time_with_charges_and_by_an_office(hearing, worker, board, at):
    for charges, error in ((" ", services.ReasonNeeded), ("More.", services.WrongMoment)):
        with pytest.raises(error):
            services.open_hearing(membership=hearing.membership, charges=charges, by=board, at=at)
    with pytest.raises(Refused):
        services.open_hearing(membership=hearing.membership, charges="x", by=worker, at=at)


def test_nobody_answers_for_somebody_else(hearing, board, at):
    with pytest.raises(Refused):
        services.answer_charges(hearing=hearing, text="Guilty.", by=board, at=at)


def test_a_refusal_goes_to_the_members_only_on_appeal_and_once(inside, board, act, at):
    dana = Person.objects.create(email="dana@example.test", name="Dana")
    answers = {"with": "Tidewater", "why": "I want a say."}
    application = services.apply(person=dana, member_class="worker", answers=answers, by=asker(dana), at=at)
    services.decline(application=application, reason="We are full.", by=board, at=at)
    about = {"application": application.pk}
    assert codes("admit", about, at) == ["no_appeal"]
    services.appeal(application=application, text="You took two others.", by=asker(dana), at=at)
    assert codes("admit", about, at) == [] and codes("admit", {"application": 999}, at) == ["not_found"]
    application.refresh_from_db()
    for _ in range(2):
        membership = services.let_in_on_appeal(application=application, decision="2027-4", by=act, at=at)
    assert membership.standing == Standing.ACCEPTED


def test_the_charged_reads_and_answers_on_their_page(hearing, sparkle, alice, bob, charlie):
    page = f"/c/sparkle/members/hearings/{hearing.pk}/"
    assert b"Took the keys" in browser(alice).get(page).content
    assert browser(alice).post(page, {"text": ""}).status_code == 422
    assert browser(bob).get(page).status_code == 200
    assert browser(charlie).get(page).status_code == 404
    told = browser(alice).get("/c/sparkle/members/desk/").content.decode()
    assert page in told


def test_the_api_tells_and_takes_the_same(hearing, sparkle, alice, charlie):
    path = f"/api/v1/coops/sparkle/members/hearings/{hearing.pk}"
    assert browser(alice).get(path).json()["charges"] == "Took the keys of a client home."
    assert browser(charlie).get(path).status_code in (403, 404)
