"""Circles are founded, rewritten and ended by decisions, and by nothing else."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.democracy.circles.conftest import DAY, payload, terms
from toadlane.democracy.circles import queries, services
from toadlane.democracy.circles.handlers import decisions as kinds
from toadlane.democracy.circles.models import Charter, Circle
from toadlane.democracy.circles.queries import waiting
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import decisions

ORGANS = ["board", "appeals", "guardian"]


def codes(faults):
    return [one.code for one in faults]


def test_a_decision_founds_a_circle_once(enactment, at):
    one = services.found_circle(terms=terms(), decision="2027-1", by=enactment, at=at)
    again = services.found_circle(terms=terms(), decision="2027-1", by=enactment, at=at + DAY)
    assert one.pk == again.pk and one.founded_by == "2027-1" and one.founded_on == date(2027, 3, 1)
    assert [charter.decision for charter in queries.charters(one)] == ["2027-1"]
    assert [circle.slug for circle in queries.everyone()] == [*ORGANS, "harbor"]
    assert one.parent.slug == "board" and queries.children(queries.find("board")) == [one]


def test_neither_the_board_nor_a_member_nor_a_plain_job_founds_a_circle(board, worker, job, inside, at):
    for by in (board, worker, job):
        with pytest.raises(Refused):
            services.found_circle(terms=terms(), decision="2027-1", by=by, at=at)
    assert not Circle.objects.exists()


def test_the_board_always_exists(inside, enactment, at):
    assert [one.slug for one in queries.everyone()] == ORGANS and queries.find("board").pk is None
    with pytest.raises(services.Wrong):
        services.end_circle(slug="board", decision="2027-1", by=enactment, at=at)
    assert codes(queries.faults_of_ending("board")) == ["organ"]


def test_a_decision_may_say_more_of_the_board_and_its_seats(enactment, at):
    about = terms(slug="board", names={"en": "Board"}, parent="", seats={"": 3}, term_months=24)
    board = services.found_circle(terms=about, decision="2027-1", by=enactment, at=at)
    assert board.founded_by == "founding" and queries.find("board").seats == {"": 3}
    assert [charter.decision for charter in queries.charters(board)] == ["2027-1", "founding"]
    assert queries.vacancies(board) == {"": 2}, "the founder sits on one of the open seats"


def test_a_circle_is_rewritten_and_its_first_words_stay_on_record(enactment, at):
    services.found_circle(terms=terms(), decision="2027-1", by=enactment, at=at)
    one = services.found_circle(terms=terms(purpose="Runs the ferry."), decision="2027-2", by=enactment, at=at + DAY)
    assert one.purpose == "Runs the ferry." and one.founded_by == "2027-1"
    assert [charter.terms["purpose"] for charter in queries.charters(one)] == ["Runs the ferry.", "Runs the jobs by the harbor."]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"slug": "H"}, "slug"), ({"slug": None}, "slug"), ({"slug": "member"}, "slug"), ({"names": {}}, "names"),
        ({"names": {"en": " "}}, "names"), ({"purpose": ""}, "purpose"), ({"scope": 3}, "scope"),
        ({"seats": {}}, "seats"), ({"seats": {"": 0}}, "seats"), ({"seats": {"": -1}}, "seats"), ({"seats": {"": 100}}, "seats"),
        ({"seats": {"": True}}, "seats"), ({"seats": {"pirates": 1}}, "class"), ({"term_months": 0}, "term"),
        ({"term_months": 121}, "term"), ({"term_months": "12"}, "term"), ({"review_on": "soon"}, "review"),
        ({"parent": "nowhere"}, "parent"), ({"parent": "harbor"}, "parent"),
    ],
)  # fmt: skip
def test_a_circle_that_cannot_be_is_refused_with_the_reason(enactment, at, wrong, code):
    assert codes(queries.faults_of_circle(terms(**wrong))) == [code]
    with pytest.raises(services.Wrong):
        services.found_circle(terms=terms(**wrong), decision="2027-1", by=enactment, at=at)
    assert not Circle.objects.filter(slug="harbor").exists()


def test_the_edges_of_a_circle_hold(inside):
    for edge in ({"seats": {"": 99}}, {"term_months": 1}, {"term_months": 120}, {"slug": "ab"}, {"review_on": "2028-01-31"}):
        assert not queries.faults_of_circle(terms(**edge))


def test_a_circle_is_never_under_itself(enactment, at):
    services.found_circle(terms=terms(), decision="2027-1", by=enactment, at=at)
    services.found_circle(terms=terms(slug="boats", parent="harbor"), decision="2027-2", by=enactment, at=at)
    assert codes(queries.faults_of_circle(terms(parent="boats"))) == ["circular"]


def test_a_circle_ends_with_its_seats_and_after_those_under_it(enactment, people, at):
    services.found_circle(terms=terms(), decision="2027-1", by=enactment, at=at)
    services.found_circle(terms=terms(slug="boats", parent="harbor"), decision="2027-2", by=enactment, at=at)
    services.seat(office="harbor", people=[people["Dana"].pk], term_months=12, decision="2027-3", by=enactment, at=at)
    assert codes(queries.faults_of_ending("harbor")) == ["children"]
    services.end_circle(slug="boats", decision="2027-4", by=enactment, at=at)
    services.end_circle(slug="harbor", decision="2027-5", by=enactment, at=at + DAY)
    services.end_circle(slug="harbor", decision="2027-5", by=enactment, at=at + DAY)
    assert not queries.holders("harbor").exists() and queries.find("harbor") is None
    [sat] = queries.sat("harbor", at=at + DAY)
    assert (sat.name, sat.ended_by) == ("Dana", "2027-5")
    assert codes(queries.faults_of_circle(terms())) == ["ended"], "its name is not used again"
    assert codes(queries.faults_of_ending("harbor")) == ["unknown"]
    assert not waiting.seats_hold().faults


def test_what_a_decision_said_cannot_be_rewritten(enactment, at):
    services.found_circle(terms=terms(), decision="2027-1", by=enactment, at=at)
    for deed in (lambda: Charter.objects.update(decision="2027-9"), lambda: Charter.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_members_decide_it_by_the_procedure_of_the_bylaws(inside, at):
    for kind, given in (("circle", terms()), ("end_circle", {"circle": "board"}), ("recall", {}), ("elect", {})):
        assert decisions.kind(kind).procedure(given, bylaws.book()) == "simple"


def test_the_kinds_read_as_sentences_in_each_language(enactment, people, at):
    one = terms(review_on="2028-01-31")
    english = kinds.describe_circle(one, "en")
    assert english[0] == "There would be a circle “Harbor circle”."
    assert "It belongs to “Board”." in english and "A term lasts 12 months." in english
    assert any("2 of this class: Worker" in line and "1 open to all" in line for line in english)
    decisions.enact(kind="circle", payload=one, decision="2027-1", passed_by="simple", by=enactment, at=at)
    assert kinds.describe_circle(one, "es")[0].count("Círculo del puerto") == 1
    assert kinds.describe_end({"circle": "harbor"}, "en")[0].startswith("“Harbor circle” would end")
    told = kinds.describe_election(payload("harbor", list(people.values()), at), "en")
    assert told[0] == "1 seat in Harbor circle is filled." and "Dana, Emil, Fatou" in told[1]


def test_charlie_sees_no_circle_of_another_co_op(enactment, wheels, at):
    services.found_circle(terms=terms(), decision="2027-1", by=enactment, at=at)
    with scope(wheels.pk):
        assert [one.slug for one in queries.everyone()] == ORGANS and queries.row("harbor") is None
        with pytest.raises(Refused):
            services.end_circle(slug="harbor", decision="2027-2", by=enactment, at=at)
