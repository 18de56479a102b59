"""The provider that is people: nothing moves until somebody has moved it and somebody else has seen it.

Refunds and payouts wait as errands for an office; `by_hand` records and confirms them. It never says "paid" by itself.
"""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.money.payments.services.errors import NotOnOffer
from toadlane.money.payments.services.providers import Answer, Instrument, Notice


class Manual:
    def check(self, instrument: Instrument) -> None:
        raise NotOnOffer(_("This is paid by hand, not by card."))

    def authorise(self, *, key: str, amount: Money, instrument: Instrument, capture: bool, at: datetime) -> Answer:
        return Answer("declined", reason="not_a_card")

    def capture(self, *, key: str, charge: str, amount: Money, at: datetime) -> Answer:
        return Answer("declined", reason="by_hand")

    def void(self, *, key: str, charge: str, at: datetime) -> Answer:
        return Answer("succeeded")

    def refund(self, *, key: str, charge: str, amount: Money, at: datetime) -> Answer:
        return Answer("unknown", reason="by_hand")

    def pay_out(self, *, key: str, holder: str, amount: Money, at: datetime) -> Answer:
        return Answer("unknown", reason="by_hand")

    def look_up(self, *, key: str, at: datetime) -> Answer | None:
        return Answer("unknown", reason="by_hand")

    def notices(self, *, charges: Iterable[str], at: datetime) -> list[Notice]:
        return []
