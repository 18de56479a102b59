"""A loan is brought and taken back at the same moment: no money is asked for that nobody waits for."""

from decimal import Decimal

import pytest

from tests.money.payments.test_races import at_once
from toadlane.money.payments.models import Payment
from toadlane.ownership.lending import services
from toadlane.ownership.lending.models import Loan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def loan(lends, member, second, at):
    membership, by = member("Dana")
    about = {"membership": membership, "minor": 50_000, "interest": Decimal("0.03"), "months": 24, "key": "k", "by": by}
    return services.agree(loan=services.offer(**about, at=at), by=second, at=at), by


def test_what_was_taken_back_is_not_brought_from_an_old_page(loan, at):
    one, by = loan
    services.withdraw(loan=Loan.objects.select_related("membership").get(pk=one.pk), by=by, at=at)
    with pytest.raises(services.WrongMoment):
        services.bring(loan=one, method="transfer", by=by, at=at)
    assert not Payment.objects.exists()


def test_of_bringing_and_taking_back_one_comes_first(loan, at):
    one, by = loan

    def fresh():
        return Loan.objects.select_related("membership").get(pk=one.pk)

    results = at_once(
        *[lambda: services.bring(loan=fresh(), method="transfer", by=by, at=at)] * 2,
        *[lambda: services.withdraw(loan=fresh(), by=by, at=at)] * 2,
    )
    assert not [said for said in results if isinstance(said, Exception) and not isinstance(said, services.WrongMoment)], results
    assert (fresh().state == "withdrawn") is not Payment.objects.exists()
