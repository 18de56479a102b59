"""What members decided is in force from its first second, whether or not a worker has got to it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.democracy.proposals.conftest import change
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import services as members

RULE = "/api/v1/coops/sparkle/rules/fees.commission"


@pytest.fixture
def due(decided, idea):
    decided(idea())
    (coming,) = bylaws.coming()
    return coming.due_at


def value(at):
    with outside(), clock.telling(at):
        return Client().get(RULE).json()["value"]


def test_the_old_rule_serves_until_its_last_second_and_the_new_one_from_its_first(due):
    assert value(due - timedelta(microseconds=1)) == "0.05"
    assert value(due) == "0.06"
    assert bylaws.coming() == [] and bylaws.book().number == 2


def test_a_door_asks_no_more_when_nothing_is_due(due):
    value(due)
    with CaptureQueriesContext(connection) as asked:
        value(due + timedelta(days=1))
    quiet = len(asked)
    with CaptureQueriesContext(connection) as asked:
        value(due + timedelta(days=2))
    assert len(asked) == quiet <= 3


def test_a_named_day_that_the_server_slept_through_is_made_good(decided, idea):
    decided(idea(change(set="0.06", effective="2027-07-01")))
    (coming,) = bylaws.coming()
    assert value(coming.due_at - timedelta(seconds=1)) == "0.05"
    assert value(coming.due_at + timedelta(days=3)) == "0.06"


def test_arrears_are_noted_by_the_co_op_itself(inside, board, alice, at):
    from toadlane.plumbing.access.principals import Principal, Refused
    from toadlane.society.members.queries import of_person

    membership = of_person(alice.pk).get()
    members.note_arrears(membership=membership, since=at.date(), by=Principal.job(inside.pk), at=at)
    membership.refresh_from_db()
    assert membership.in_arrears_since == at.date()
    with pytest.raises(Refused):
        members.note_arrears(membership=membership, since=None, by=board, at=at)
