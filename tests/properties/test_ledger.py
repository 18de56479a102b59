from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.models import JournalEntry
from toadlane.money.ledger.services import Leg

CODES, CURRENCIES, HOLDERS = ["1000", "2100", "2110", "4100"], ["EUR", "JPY", "BHD"], ["", "membership:1", "membership:2"]
sides = st.tuples(st.sampled_from(CODES), st.sampled_from(HOLDERS))
moves = st.lists(
    st.tuples(sides, sides, st.sampled_from(CURRENCIES), st.integers(-(10**12), 10**12).filter(bool)), min_size=1, max_size=5
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.one_of(moves, st.just("seal")), max_size=8))
def test_whatever_is_posted_the_books_balance_and_hold(inside, board, at, history):
    known = Counter({(c, cur, h): queries.balance(c, cur, h).minor for c in CODES for cur in CURRENCIES for h in HOLDERS})
    start = JournalEntry.objects.count()
    for n, entry in enumerate(history):
        if entry == "seal":
            ledger.seal(by=board, at=at)
            continue
        legs = []
        for (debit, owner), (credit, other), currency, minor in entry:
            legs.append(Leg(debit, Money(minor, currency), holder=owner))
            legs.append(Leg(credit, Money(-minor, currency), holder=other))
            known[debit, currency, owner] += minor
            known[credit, currency, other] -= minor
        for _retry in range(2):
            ledger.post(key=f"move:{start}:{n}", narration="move", postings=legs, by=board, at=at)

    for (code, currency, holder), minor in known.items():
        assert queries.balance(code, currency, holder).minor == minor
    assert all(sum(b.minor for b in queries.balances() if b.currency == currency) == 0 for currency in CURRENCIES)
    checks = queries.checks()
    for name in ("ledger.zero_sums", "ledger.untouched", "ledger.seals", "ledger.kept_balances"):
        assert not checks[name]().faults
