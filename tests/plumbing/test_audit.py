"""The trail is written once; an operator acts inside a co-op only on a visit that the co-op sees."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import browser
from toadlane.config.middleware import WhoMiddleware
from toadlane.plumbing.access.principals import Channel, Permission, Principal, Refused, holds
from toadlane.plumbing.audit import queries, services
from toadlane.plumbing.audit.models import Mark, StaffSession
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.people.models import Person

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
WHY = "Ana asked why her letter did not arrive."


@pytest.fixture
def olga(db):
    return Person.objects.create(email="olga@quay.test", name="Olga", is_operator=True)


def operator(person):
    return Principal(coop_id=None, channel=Channel.WEB, person_id=person.pk, roles=frozenset({"operator"}))


def visit(coop, person, **more):
    about = {"coop_id": coop.pk, "name": person.name, "reason": WHY, "until": NOW + HOUR, "at": NOW, "real_time": NOW}
    return services.open_staff_session(**(about | {"by": operator(person)} | more))


def test_a_deed_is_written_down_with_who_and_when(inside, board, at, bob):
    mark = services.record(action="orders.refunded", subject="order:12", by=board, at=at, detail={"minor": 500})
    assert (mark.person_id, mark.by, mark.at) == (bob.pk, f"web:person:{bob.pk}", at)
    assert list(queries.trail(subject="order:12")) == [mark] and not queries.trail(subject="order:13").exists()


@pytest.mark.parametrize("deed", [lambda rows: rows.update(action="nothing"), lambda rows: rows.delete()])
def test_the_database_lets_nobody_rewrite_it(inside, board, at, deed):
    services.record(action="orders.refunded", by=board, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        deed(Mark.objects.all())


def test_the_next_coop_reads_nothing_of_it(inside, wheels, board, at):
    services.record(action="orders.refunded", by=board, at=at)
    with scope(wheels.pk):
        assert not queries.trail().exists()


def test_the_board_reads_the_trail_and_a_member_does_not(inside, board, at, bob, alice, charlie):
    services.record(action="orders.refunded", subject="order:12", by=board, at=at)
    page = browser(bob).get("/c/sparkle/trail/")
    assert page.status_code == 200 and "orders.refunded" in page.content.decode() and "Bob" in page.content.decode()
    assert browser(alice).get("/c/sparkle/trail/").status_code == 403
    assert browser(charlie).get("/c/sparkle/trail/").status_code == 404


def test_an_operator_is_a_stranger_without_a_visit(sparkle, olga):
    assert browser(olga).get("/c/sparkle/trail/").status_code == 404


def test_a_visit_stands_in_the_trail_from_its_first_minute(sparkle, olga, bob):
    session = visit(sparkle, olga)
    with scope(sparkle.pk):
        (mark,) = queries.trail()
        assert (mark.action, mark.detail, mark.staff_session_id) == ("staff.opened", {"reason": WHY}, session.pk)
    page = browser(bob).get("/c/sparkle/trail/").content.decode()
    assert "Olga" in page and WHY in page


def test_on_a_visit_the_operator_is_staff_in_that_coop_alone(sparkle, wheels, olga, rf):
    session = visit(sparkle, olga)
    by = {}
    for coop in (sparkle, wheels):
        request = rf.get("/")
        request.coop, request.user, request.token = coop, olga, None
        with scope(coop.pk):
            by[coop.slug] = WhoMiddleware._principal(request, Channel.WEB, None)
    assert by["sparkle"].roles == {"staff"} and by["sparkle"].staff_session_id == session.pk
    assert not by["wheels"].roles and by["wheels"].staff_session_id is None
    with scope(sparkle.pk):
        assert not by["sparkle"].may(Permission("board's", holds("board")))


def test_a_visit_ends_by_itself_and_by_the_board(sparkle, olga, board):
    session = visit(sparkle, olga)
    with scope(sparkle.pk):
        assert queries.open_staff_session(person_id=olga.pk, real_time=NOW + HOUR - timedelta(seconds=1))
        assert queries.open_staff_session(person_id=olga.pk, real_time=NOW + HOUR) is None
        services.end_staff_session(session=session, by=board, at=NOW, real_time=NOW)
        assert queries.open_staff_session(person_id=olga.pk, real_time=NOW) is None
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffSession.objects.update(ended_at=None)


def test_a_member_does_not_end_it(sparkle, olga, worker):
    session = visit(sparkle, olga)
    with scope(sparkle.pk), pytest.raises(Refused):
        services.end_staff_session(session=session, by=worker, at=NOW, real_time=NOW)


def test_what_staff_does_is_written_down(sparkle, olga, bob):
    session = visit(sparkle, olga)
    browser(olga).post(f"/c/sparkle/trail/staff/{session.pk}/end/")
    with scope(sparkle.pk):
        assert {"staff.did", "staff.ended"} <= set(queries.trail().values_list("action", flat=True))


@pytest.mark.parametrize(
    ("about", "error"),
    [
        ({"reason": "because"}, services.ReasonMissing), ({"until": NOW + services.LONGEST + HOUR}, services.TooLong),
        ({"until": NOW}, services.TooLong),
    ],
)  # fmt: skip
def test_a_visit_needs_a_reason_and_an_end(sparkle, olga, about, error):
    with pytest.raises(error):
        visit(sparkle, olga, **about)


def test_one_visit_at_a_time(sparkle, olga):
    visit(sparkle, olga)
    with pytest.raises(services.AlreadyOpen):
        visit(sparkle, olga)


def test_nobody_else_opens_one(sparkle, bob):
    with pytest.raises(Refused):
        visit(sparkle, bob, by=Principal(coop_id=None, channel=Channel.WEB, person_id=bob.pk))
    assert browser(bob).get("/me/staff/").status_code in (302, 404)
