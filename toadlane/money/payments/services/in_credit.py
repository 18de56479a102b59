"""How a payment with mutual credit stands in the books: by the same entries as with money, on the account of credit."""

from toadlane.kernel.money import Money
from toadlane.money.ledger.policies.chart import CREDIT, ON_HOLD
from toadlane.money.ledger.services import Leg
from toadlane.money.payments.models import CreditHold, Payment
from toadlane.money.payments.services.providers import provider_of

MONEY_HELD = "2100"


def payer(payment: Payment) -> str:
    """Return whose credit a payment was made with."""
    return str(CreditHold.objects.values_list("line__holder", flat=True).get(pk=payment.provider_ref))


def held(payment: Payment, amount: Money) -> Leg:
    """Return the side of an entry that is held for orders: money, or credit."""
    if provider_of(payment.provider).stays_inside:
        return Leg(CREDIT, amount, holder=ON_HOLD)
    return Leg(MONEY_HELD, amount)
