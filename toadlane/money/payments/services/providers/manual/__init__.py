"""The provider that is people: nothing moves until somebody has moved it and somebody else has seen it.

Refunds and payouts wait as errands for an office; `by_hand` records and confirms them. It never says "paid" by itself.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.money.payments.services.errors import NotOnOffer
from toadlane.money.payments.services.providers.port import Answer, Instrument, Payee, PaymentProvider

BY_HAND = Answer("unknown", reason="by_hand")


class Manual(PaymentProvider):
    def check(self, instrument: Instrument) -> None:
        raise NotOnOffer(_("This is paid by hand, not by card."))

    def void(self, *, key: str, charge: str, at: datetime) -> Answer:
        return Answer("succeeded")

    def refund(self, *, key: str, charge: str, amount: Money, at: datetime) -> Answer:
        return BY_HAND

    def pay_out(self, *, key: str, payee: Payee, amount: Money, at: datetime) -> Answer:
        return BY_HAND

    def look_up(self, *, key: str, charge: str, at: datetime) -> Answer | None:
        return BY_HAND


PROVIDER = Manual()
