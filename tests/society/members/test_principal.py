"""Who asks: filled in from memberships, offices and delegations, in one statement."""

import pytest

from tests.conftest import browser
from toadlane.plumbing.access.principals import Channel
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members import queries as members
from toadlane.society.members.models import Membership, Organisation, Standing
from toadlane.society.members.services import admit, name_delegate


def ask(person):
    return members.principal(person_id=person.pk, channel=Channel.WEB)


def test_a_board_member_holds_the_office_and_the_membership(inside, bob):
    assert ask(bob).roles == {"member", "class:worker", "board"}


def test_one_statement_says_it_all(inside, bob, django_assert_num_queries):
    with django_assert_num_queries(1):
        ask(bob)
    with django_assert_num_queries(0):
        members.principal(person_id=None, channel=Channel.WEB)


def test_who_is_suspended_reads_as_members_do_and_changes_nothing(inside, bob, charlie):
    Membership.objects.filter(person=bob).update(standing=Standing.SUSPENDED)
    mine = Membership.objects.get(person=bob)
    asked = {"person_id": bob.pk, "channel": Channel.WEB}
    reading, writing = members.principal(**asked, reads=True), members.principal(**asked)
    assert (reading.roles, reading.memberships) == ({"member", f"class:{mine.member_class}"}, {mine.pk})
    assert (writing.roles, writing.memberships) == (set(), set())
    for over in (Standing.FORMER, Standing.EXPELLED, Standing.APPLICANT):
        Membership.objects.filter(person=bob).update(standing=over)
        assert not members.principal(**asked, reads=True).roles
    assert not members.principal(person_id=charlie.pk, channel=Channel.WEB, reads=True).roles


@pytest.mark.parametrize("surface", ["page", "api"])
def test_what_is_owed_to_whoever_is_suspended_is_theirs_to_read(sparkle, inside, bob, surface):
    Membership.objects.filter(person=bob).update(standing=Standing.SUSPENDED)
    client = browser(bob)
    if surface == "page":
        assert client.get("/c/sparkle/payments/earned/").status_code == 200
        assert client.post("/c/sparkle/proposals/new/", {"title": "A van"}).status_code in (403, 404)
    else:
        assert client.get("/api/v1/coops/sparkle/members").status_code == 200
        assert client.post("/api/v1/coops/sparkle/proposals", {"title": "x"}, content_type="application/json").status_code >= 400


def test_a_suspended_member_has_no_roles_nor_office(inside, bob):
    Membership.objects.filter(person=bob).update(standing=Standing.SUSPENDED)
    assert not ask(bob).roles and ask(bob).membership_id is None


def test_a_delegate_speaks_for_the_organisation(inside, alice, board, at):
    org = Organisation.objects.create(name="Tidewater")
    membership = admit(organisation=org, member_class="co_op", by=board, at=at)
    name_delegate(membership=membership, person=alice, by=board, at=at)
    assert ask(alice).delegate_of == {membership.pk}
    assert ask(alice).roles == {"member", "class:worker", "class:co_op"}


def test_the_board_next_door_is_nobody_here(inside, charlie, wheels):
    assert not ask(charlie).roles
    with scope(wheels.pk):
        assert "board" in ask(charlie).roles
