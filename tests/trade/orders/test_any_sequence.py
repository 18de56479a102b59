"""Baskets of several sellers, with everything that happens to money after it was paid, in any order: no cent is lost or made."""

import os
from datetime import timedelta
from random import Random

import pytest

from tests.conftest import run_jobs
from tests.trade.orders import market
from tests.trade.orders.conftest import GOOD, NUALA, as_guest, fresh, tick
from tests.trade.orders.test_chargebacks import FEE, euro, of
from toadlane.kernel.errors import Expected
from toadlane.money.ledger import queries as books
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Dispute, Payment, Payout
from toadlane.money.payments.services import Card
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.tenancy.scope import scope
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Order

pytestmark = pytest.mark.django_db
RULES = {"fees.community": "0.5", "fees.commission_vat": "0.20", "fees.benefits": "0.02", "pay.payout_days": 1}
SEEDS, STEPS = int(os.environ.get("BASKETS", "2")), 50


class Life:
    """A market with three makers, of whom one lends a room by the hour; customers, banks and offices do as they like."""

    def __init__(self, at, day, seed, loss):
        self.chance, self.at, self.day, self.seed = Random(seed), at, day, seed
        self.coop = market.found(at, **RULES, **loss)
        self.job = Principal.job(self.coop.pk)
        self.makers = [market.maker(self.coop, name, at) for name in ("ines", "joao", "kofi")]
        self.count, self.done = 0, []

    def stock(self):
        return [
            *(market.thing(maker, f"Bowl {n}", 1_667 + 1_111 * n, self.at, stock=99) for n, maker in enumerate(self.makers)),
            *(market.room(maker, f"Room {n}", 3_333 + n, self.at, capacity=99) for n, maker in enumerate(self.makers)),
        ]

    def buy(self):
        by = Principal(coop_id=self.coop.pk, channel=Channel.API)
        quotes = []
        things, rooms = self.listings[:3], self.listings[3:]
        # Bookings are paid one by one, things from stock together.
        wanted = self.chance.choice([self.chance.sample(things, self.chance.randint(1, 3)), self.chance.sample(rooms, 1)])
        for listing in wanted:
            tip = self.chance.choice([0, 0, 100, 333])
            wish = orders.Wish(listing_id=listing.pk, tip_minor=tip)
            if listing.kind == "time":
                starts = max(self.day, self.at.replace(minute=0, second=0, microsecond=0)) + timedelta(
                    days=self.chance.randint(1, 4)
                )
                wish = orders.Wish(listing_id=listing.pk, starts=starts, ends=starts + timedelta(hours=1), tip_minor=tip)
            quotes.append(orders.quote(wish=wish, by=by, at=self.at).pk)
        self.count += 1
        orders.check_out(quote_ids=quotes, contact=NUALA, key=f"k{self.count}", by=by, at=self.at, card=Card(number=GOOD))
        run_jobs()

    def some(self):
        return fresh(self.chance.choice(list(Order.objects.order_by("pk"))))

    def seller(self, order):
        return of(next(one for one in self.makers if one.membership.pk == order.provider_id))

    def act(self):
        """Do one of what can be done with an order now; going wrong is rarer than going well."""
        order, well = self.some(), ["accept", "ship", "receive", "done", "complete", "confirm"]
        badly = ["decline", "cancel", "call_off", "no_show", "dispute"]
        deeds = [*self.chance.sample(badly, 5), *well] if self.chance.random() < 0.25 else well
        for deed in deeds:
            by = as_guest(order) if deed in ("receive", "cancel", "dispute", "confirm") else self.seller(order)
            try:
                orders.act(order=order, transition=deed, by=by, at=self.at, facts=orders.Facts(reason="so it was"))
                self.done.append(deed)
                return
            except Expected:
                continue

    def settle(self):
        order = self.some()
        mediator = Principal(coop_id=self.coop.pk, channel=Channel.WEB, person_id=1, roles=frozenset({"mediator"}))
        minor = self.chance.randint(0, order.captured_minor - order.refunded_minor)
        facts = orders.Facts(refund_minor=minor, reason="half of it")
        orders.act(order=order, transition="settle", by=mediator, at=self.at, facts=facts)

    def refund(self):
        order = max((self.some() for _n in range(4)), key=lambda one: one.captured_minor - one.refunded_minor)
        left = order.captured_minor - order.refunded_minor
        minor = self.chance.choice([left, self.chance.randint(1, max(1, left))])
        self.count += 1
        orders.refund(order=order, amount=euro(minor), reason="", key=f"r{self.count}", by=self.seller(order), at=self.at)
        orders.do_chores(order_ids=[order.pk], by=self.job, at=self.at)

    def bank(self):
        payment = self.chance.choice(list(Payment.objects.order_by("pk")))
        left = payment.captured_minor - payment.refunded_minor
        if payment.state == "captured" and left > 0 and not Dispute.objects.filter(payment=payment, state="open").exists():
            self.count += 1
            minor = self.chance.choice([payment.captured_minor, self.chance.randint(1, left)])
            payments.open_dispute(
                payment=payment, provider_ref=f"dp_{self.count}", amount=euro(minor), fee=FEE, by=self.job, at=self.at
            )

    def judge(self):
        for one in Dispute.objects.filter(state="open").select_related("payment")[:1]:
            won = self.chance.random() < 0.5
            payments.close_dispute(payment=one.payment, provider_ref=one.provider_ref, won=won, by=self.job, at=self.at)

    def pay(self):
        payments.pay_out(by=self.job, at=self.at)

    def wait(self):
        self.at += timedelta(hours=self.chance.choice([1, 8, 30]))
        tick(self.coop, self.at)

    def step(self):
        deeds = [self.buy, self.act, self.act, self.act, self.refund, self.bank, self.judge, self.settle]
        deed = self.chance.choice([*deeds, self.pay, self.wait])
        try:
            deed()
            self.done.append(deed.__name__)
        except Expected as no:
            self.done.append(f"{deed.__name__}: {no.code}")
        run_jobs()

    def check(self):
        for one in books.holders("2110", "EUR"):
            assert one.minor <= 0, f"{one.holder} is paid less than nothing: {self.done}"
        for code, sign in (("1210", 1), ("2100", -1), ("2120", -1), ("2150", -1), ("2310", -1)):
            assert sign * books.balance(code, "EUR").minor >= 0, f"{code} is on the wrong side: {self.done}"

    def end(self):
        """Whatever is open is decided, and whoever is owed something is paid: all checks of the co-op hold."""
        for _n in range(4):
            self.judge()
            run_jobs()
        for _n in range(6):
            self.at += timedelta(days=12)
            tick(self.coop, self.at)
            orders.sweep(by=self.job, at=self.at)
            payments.pay_out(by=self.job, at=self.at)
            run_jobs()
            self.check()
        faults = {name: found.faults for name, found in invariants.verify_coop().items() if found.faults}
        assert faults == {}, self.done


@pytest.mark.parametrize("loss", [{}, {"fees.after_payout": "coop"}], ids=["owed", "borne"])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_happens_to_baskets_no_cent_is_lost(at, day, seed, loss):
    life = Life(at, day, seed, loss)
    with scope(life.coop.pk):
        life.listings = life.stock()
        for _n in range(3):
            life.buy()
        for _n in range(STEPS):
            life.step()
            life.check()
        life.end()
        rows = list(Order.objects.all())
        got_back = sum(one.refunded_minor for one in rows)
        assert all(0 <= one.refunded_minor <= one.captured_minor for one in rows)
        paid = sum(one.amount_minor for one in Payout.objects.filter(state="done"))
        print(seed, len(rows), got_back, paid, " ".join(life.done))
