"""Whatever members do with their shares, in whatever order: the register is the capital account, member by member."""

import random
from datetime import timedelta

import pytest

from toadlane.kernel.errors import Expected
from toadlane.money.ledger import queries as books
from toadlane.ownership.shares import queries, services
from toadlane.ownership.shares.models import Redemption
from toadlane.plumbing.access.principals import Principal

pytestmark = pytest.mark.django_db(transaction=True)


def something(chance, people, step, now, take, board):
    """Let somebody do something, that may not be allowed."""
    who, other = chance.sample(people, 2)
    count = chance.randint(1, 6)
    about = {"membership": who[0], "share_class": "ordinary", "shares": count, "by": who[1], "at": now}
    deeds = (
        lambda: take(who, count, key=str(step), when=now, paid_rate=chance.choice(["1", "1", "1/2"])),
        lambda: services.transfer(**about, to=other[0], key=str(step)),
        lambda: services.ask_back(**about),
        lambda: services.approve_due(by=board, at=now),
    )
    chance.choice(deeds)()


@pytest.mark.parametrize("seed", [31, 1844])
def test_the_register_is_the_capital_account_after_any_sequence(take, member, board, set_rules, at, seed):
    chance, refused = random.Random(seed), 0
    set_rules(withdrawal_limit="1/3", least_capital=20_000)
    people = [member(name) for name in ("Dana", "Eli", "Fay", "Gus")]
    for step in range(40):
        try:
            something(chance, people, step, at + timedelta(days=5 * step), take, board)
        except Expected:
            refused += 1
        assert queries.register_equals_ledger().faults == [], step
        assert queries.capital() == -books.balance("3000", "EUR")
    assert 0 < refused < 40, "some of it was possible, and some was not"
    assert all(one.shares >= 0 and one.unpaid.minor >= 0 for one in queries.holdings())


@pytest.mark.parametrize("seed", [7, 59, 1844])
def test_shares_that_bear_losses_in_between_are_repaid_and_passed_on_to_the_cent(take, member, board, set_rules, at, seed):
    """Three shares of 25.00 that lost a cent cannot be parted evenly: what one takes along is missing from the others."""
    chance, refused, lost, job = random.Random(seed), 0, 0, Principal.job(board.coop_id)
    set_rules(withdrawal_limit="1/3", least_capital=20_000)
    people = [member(name) for name in ("Dana", "Eli", "Fay", "Gus")]
    for step in range(60):
        now = at + timedelta(days=5 * step)
        try:
            if step % 4 == 3:
                held = chance.choice(queries.holdings())
                off = {held.membership_id: {held.share_class: chance.randint(1, 400)}}
                done = services.bear_loss(
                    off=off, key=f"loss:{step}", subject="loss", narration="Lost", rule="", rule_version=1, by=job, at=now
                )
                lost += sum(-one.nominal_minor for one in done)
            else:
                something(chance, people, step, now, take, board)
        except Expected:
            refused += 1
        assert queries.register_equals_ledger().faults == queries.promised_equals_ledger().faults == [], step
        assert queries.capital() == -books.balance("3000", "EUR")
        held = queries.holdings()
        assert all(one.shares > 0 and one.nominal.minor >= max(one.shares, one.unpaid.minor) for one in held), step
        for one in Redemption.objects.filter(state="waiting"):
            assert one.nominal_minor <= queries.holding(one.membership_id, one.share_class).nominal.minor
    assert lost > 0 < refused and books.balance("3900", "EUR").minor == -lost
