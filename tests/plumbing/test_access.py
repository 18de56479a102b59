"""A power ends at the co-op it is held in, whoever hands a row or a scope over by mistake."""

import pytest

from toadlane.plumbing.access.principals import Channel, Permission, Principal, Refused, ScopeLacking, anyone, holds
from toadlane.plumbing.tenancy.scope import scope

LOOK, PAY = Permission("look", anyone, scope="read"), Permission("pay", holds("board"), scope="money")


class Row:
    def __init__(self, coop_id):
        self.coop_id = coop_id


def charlie_of(coop, **more):
    return Principal(coop_id=coop.pk, channel=Channel.WEB, person_id=7, roles=frozenset({"board"}), **more)


def test_a_power_is_good_in_its_own_co_op_and_in_no_other(sparkle, wheels):
    with scope(wheels.pk):
        assert charlie_of(wheels).may(PAY)
    with scope(sparkle.pk):
        assert not charlie_of(wheels).may(PAY) and not charlie_of(wheels).may(LOOK)
        with pytest.raises(Refused):
            charlie_of(wheels).must(LOOK)


def test_no_power_of_a_co_op_is_good_outside_all_of_them(wheels):
    assert not charlie_of(wheels).may(PAY)


def test_the_operators_power_ends_at_every_door(sparkle):
    operator = Principal(coop_id=None, channel=Channel.CLI, roles=frozenset({"operator", "board"}))
    assert operator.may(PAY)
    with scope(sparkle.pk):
        assert not operator.may(PAY)


def test_a_row_of_another_co_op_is_refused_though_it_was_handed_over(sparkle, wheels):
    with scope(wheels.pk):
        assert charlie_of(wheels).may(PAY, Row(wheels.pk)) and not charlie_of(wheels).may(PAY, Row(sparkle.pk))


@pytest.mark.parametrize(("scopes", "may_pay"), [(None, True), ({"read", "write", "money"}, True), ({"read", "write"}, False)])
def test_a_token_does_what_it_was_made_for(wheels, scopes, may_pay):
    by = charlie_of(wheels, scopes=None if scopes is None else frozenset(scopes))
    with scope(wheels.pk):
        assert bool(by.may(PAY)) is may_pay
        if not may_pay:
            with pytest.raises(ScopeLacking):
                by.must(PAY)
