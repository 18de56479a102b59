"""Members pay, officers waive and the timer charges at the same moment, with real threads and real transactions."""

import pytest

from tests.money.payments.test_races import at_once
from toadlane.kernel.errors import Expected
from toadlane.money.ledger import queries as books
from toadlane.money.payments.models import Payment
from toadlane.ownership.dues import queries, services
from toadlane.ownership.dues.models import Claim, Remittance

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 4


def test_a_double_click_on_paying_is_one_payment(dues, member, job, at):
    dana = member("Dana")
    services.charge_due(by=job, at=at)
    results = at_once(*[lambda: services.pay(membership=dana[0], method="transfer", key="k", by=dana[1], at=at)] * CROWD)
    assert {getattr(getattr(one, "payment", one), "pk", one) for one in results} == {Payment.objects.get().pk}, results
    assert Remittance.objects.count() == 1


def test_two_timers_charge_everybody_once(dues, member, job, at):
    for name in ("Dana", "Eli", "Fay"):
        member(name)
    results = at_once(*[lambda: services.charge_due(by=job, at=at)] * CROWD)
    assert not [one for one in results if isinstance(one, Exception)], results
    assert sum(results) == Claim.objects.count() == Claim.objects.values("membership").distinct().count()
    assert queries.claims_equal_ledger().faults == []


def test_a_claim_is_paid_or_waived_and_never_both(dues, member, job, treasurer, at):
    dana = member("Dana")
    services.charge_due(by=job, at=at)
    claim = queries.open_claims(membership_ids=[dana[0].pk]).get()
    placed = services.pay(membership=dana[0], method="transfer", key="k", by=dana[1], at=at)

    def settle():
        return services.settle(remittance=Remittance.objects.get(pk=placed.remittance.pk), by=job, at=at)

    def waive():
        return services.waive_claim(claim=Claim.objects.get(pk=claim.pk), reason="hard times", by=treasurer[1], at=at)

    results = at_once(settle, waive, settle, waive)
    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, Expected)], results
    claim.refresh_from_db()
    assert claim.paid_minor + claim.waived_minor == claim.amount_minor and queries.claims_equal_ledger().faults == []
    assert books.balance("1230", "EUR", holder=dana[0].holder).minor == queries.balance(dana[0].pk)
