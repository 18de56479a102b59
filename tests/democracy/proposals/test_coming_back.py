"""What failed cannot come back at once; something else can."""

from datetime import timedelta

import pytest

from tests.democracy.proposals.conftest import change
from toadlane.democracy.proposals import services
from toadlane.kernel.dates import add_months
from toadlane.ui import formats


def test_the_same_waits_its_months_to_the_day(inside, idea, decided):
    lost = decided(idea(), state="rejected")
    again = add_months(lost.decided_at.date(), 6)
    days = (again - lost.decided_at.date()).days
    with pytest.raises(services.TooSoon) as refused:
        idea(when=lost.decided_at + timedelta(days=days - 1))
    assert formats.day(again) in refused.value.hint
    assert idea(when=lost.decided_at + timedelta(days=days)).number == 2


def test_other_words_are_the_same_and_another_number_is_not(inside, idea, decided):
    lost = decided(idea(), state="rejected")
    later = lost.decided_at + timedelta(days=1)
    with pytest.raises(services.TooSoon):
        idea(title="Six per cent, please", text="Please.", when=later)
    assert idea(change(set="0.055"), title="Five and a half", when=later).number == 2


def test_what_passed_or_was_taken_back_may_come_again(inside, idea, worker, at):
    services.withdraw(proposal=idea(), by=worker, at=at)
    assert idea().number == 2


@pytest.mark.parametrize("state", ["expired", "void"])
def test_where_too_few_took_part_nothing_was_voted_down(inside, idea, decided, state):
    lost = decided(idea(), state=state)
    assert idea(when=lost.decided_at + timedelta(days=1)).number == 2
