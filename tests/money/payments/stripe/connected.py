"""A market whose cards are taken by the stand-in for Stripe, with makers who are paid there."""

from datetime import datetime, timedelta
from typing import Any

import httpx
from django.test import Client

from tests.conftest import run_jobs
from tests.standins.stripe import StripeStandIn
from tests.trade.orders import market
from tests.trade.orders.conftest import NUALA
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as paid
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.society.coops.models import Coop
from toadlane.society.members.queries import principal
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Order

NOTICES = "/api/v1/coops/market/payments/notices/stripe"


class Market:
    """The market, from the street's side and from Stripe's."""

    def __init__(self, stripe: StripeStandIn, coop: Coop, at: datetime) -> None:
        self.stripe, self.coop, self.at = stripe, coop, at
        self.street, self.guest = Client(), Principal(coop_id=coop.pk, channel=Channel.API)
        self.job = Principal.job(coop.pk)

    # ------------------------------------------------------------------------------------------------------- ordering
    def order(self, *listings: Any, key: str) -> Order:
        """Order one of each, in one checkout that nobody has paid yet; return the first order."""
        wishes = [orders.Wish(listing_id=listing.pk) for listing in listings]
        quotes = [orders.quote(wish=wish, by=self.guest, at=self.at).pk for wish in wishes]
        placed = orders.check_out(quote_ids=quotes, contact=NUALA, key=key, by=self.guest, at=self.at)
        return placed.orders[0]

    def payment(self, order: Order) -> Payment:
        assert order.checkout is not None
        found = paid.of_subject(order.checkout.subject)
        assert found is not None
        return found

    def press(self, payment: Payment) -> str:
        """Press the button of our page; return where it leads."""
        with outside():
            answer = self.street.post(paid.card_page(payment))
        return str(answer.headers.get("Location", answer.status_code))

    def type_card(self, page: str, card: str = "4242") -> str:
        """Pay at Stripe's page, as the payer's browser does; return where that leads."""
        answer = httpx.post(page, data={"card": card})
        return str(answer.headers.get("Location", answer.status_code))

    def come_back(self, address: str) -> str:
        with outside():
            answer = self.street.get(httpx.URL(address).raw_path.decode())
        run_jobs()
        return str(answer.headers.get("Location", answer.status_code))

    def pay(self, order: Order) -> Payment:
        payment = self.payment(order)
        self.come_back(self.type_card(self.press(payment)))
        run_jobs()
        return self.payment(order)

    # --------------------------------------------------------------------------------------------------------- notices
    def post(self, *events: dict[str, Any], times: int = 1) -> None:
        for event in events:
            body, signature = self.stripe.letter(event)
            for _time in range(times):
                with outside():
                    answer = self.street.post(
                        NOTICES, body, content_type="application/json", headers={"Stripe-Signature": signature}
                    )
                assert answer.status_code == 204, answer.content
        payments.look_into(by=self.job, at=self.at)
        run_jobs()

    def post_all(self) -> None:
        self.post(*self.stripe.mail())

    # ------------------------------------------------------------------------------------------------------------ time
    def go_on(self, **by: float) -> datetime:
        """Move the co-op's clock, and let everything that then is due happen, as the timers of the server do."""
        self.at += timedelta(**by)
        Tenant.objects.filter(pk=self.coop.pk).update(ahead_by=max(self.at - clock.machine_time(), timedelta(0)))
        payments.sweep(by=self.job, at=self.at)
        orders.ring(by=self.job, at=self.at)
        run_jobs()
        orders.sweep(by=self.job, at=self.at)
        payments.sweep(by=self.job, at=self.at)
        run_jobs()
        return self.at

    def pay_out(self) -> list[Any]:
        return payments.pay_out(by=self.job, at=self.at)

    # ----------------------------------------------------------------------------------------------------------- makers
    def onboard(self, maker: market.Maker) -> str:
        """A maker says to Stripe where their earnings go; return the account."""
        by = principal(person_id=maker.person.pk, channel=Channel.WEB)
        url = payments.onboard(holder=maker.membership.holder, name="Market", email=maker.person.email or "", country="IE",
                               back="http://testserver/back", by=by, at=self.at)  # fmt: skip
        assert httpx.post(url).status_code == 303
        payee = payments.came_from_onboarding(holder=maker.membership.holder, by=by, at=self.at)
        assert payee is not None and payee.is_ready
        return str(payee.account)

    # -------------------------------------------------------------------------------------------------------- the books
    def ours(self) -> int:
        return books.balance("1100", "EUR", "stripe").minor

    def theirs(self, account: str = "") -> int:
        return self.stripe.books.balances[account, "eur"]

    def agree(self) -> None:
        """Our books and theirs say the same, to the cent."""
        assert self.ours() == self.theirs()
        assert not paid.captured_is_booked().faults
        for name in ("ledger.zero_sums", "ledger.kept_balances"):
            assert not books.checks()[name]().faults


def balance(code: str, holder: str | None = None) -> int:
    return books.balance(code, "EUR", holder).minor


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def of(maker: market.Maker) -> Principal:
    return principal(person_id=maker.person.pk, channel=Channel.WEB)


def fresh(order: Order) -> Order:
    found = queries.find(order.pk)
    assert found is not None
    return found


__all__ = ["Market", "balance", "euro", "fresh", "of", "scope"]
