"""Who asks: filled in from memberships, offices and delegations, in one statement."""

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
