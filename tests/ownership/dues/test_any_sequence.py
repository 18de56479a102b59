"""Whatever is charged, paid, chosen and waived, in any order: the claims are what the books say."""

from datetime import timedelta
from random import Random

import pytest

from tests.money.payments.cards import euro
from toadlane.kernel.errors import Expected
from toadlane.ownership.dues import queries, services, tasks


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [12, 1896])
def test_whatever_happens_claims_less_payments_less_waivers_are_what_the_books_say(
    dues, set_rules, member, treasurer, job, paid, at, seed
):
    set_rules(sliding=True, least=0, most=5000)
    chance, refused = Random(seed), 0
    people = [member(name) for name in ("Dana", "Eli", "Fay")]
    for step in range(30):
        now = at + timedelta(days=9 * step)
        who = chance.choice(people)
        claim = queries.claims(membership_ids=[who[0].pk]).first()
        until = now.date() + timedelta(days=chance.randint(-3, 60))
        deeds = (
            lambda who=who, now=now, step=step: paid(who, now, key=str(step), amount=euro(chance.randint(1, 4000))),
            lambda who=who, now=now: services.choose(
                membership=who[0], amount=euro(chance.randint(0, 5500)), by=who[1], at=now
            ),
            lambda who=who, now=now, until=until: services.waive(
                membership=who[0], until=until, reason="Ill", what_is_open=chance.random() < 0.5, by=treasurer[1], at=now
            ),
            lambda claim=claim, now=now: claim and services.waive_claim(claim=claim, reason="Ill", by=treasurer[1], at=now),
        )  # fmt: skip
        try:
            chance.choice(deeds)()
        except Expected:
            refused += 1
        tasks.keep_time(by=job, at=now)
        assert queries.claims_equal_ledger().faults == [], step
        for one in people:
            assert queries.balance(one[0].pk) == queries.left_of([one[0].pk]).minor - queries.credit_of([one[0].pk]).minor
            assert not (queries.left_of([one[0].pk]).minor and queries.credit_of([one[0].pk]).minor), (
                "nobody owes who has paid ahead"
            )
    assert 0 < refused < 30, "some of it was possible, and some was not"
