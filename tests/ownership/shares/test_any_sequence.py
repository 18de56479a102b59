"""Whatever members do with their shares, in whatever order: the register is the capital account, member by member."""

import random
from datetime import timedelta

import pytest

from toadlane.kernel.errors import Expected
from toadlane.money.ledger import queries as books
from toadlane.ownership.shares import queries, services

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
