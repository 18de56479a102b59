"""Many orders over a bad line: calls time out before and after they are done, notices come twice, late, mixed up or never."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.conftest import run_jobs
from tests.money.payments.stripe.connected import Market, balance, euro, fresh, of
from tests.standins.stripe.line import Fault
from tests.trade.orders import market
from tests.trade.orders.conftest import as_guest
from toadlane.kernel.errors import Expected
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Carried, Dispute, Payment, Payout, Refund, TakeBack
from toadlane.plumbing.tenancy import invariants
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Chore, Order

BAD_CALLS, LOST, DOUBLED = 0.12, 0.25, 0.25
FAULTS: list[Fault] = ["lost", "answer_lost", "500", "500_done", "429"]
BATCH = 20
# What a payer does at Stripe's page.
PAYERS = ["pays", "pays", "pays", "pays", "closes the browser", "declined first", "goes away", "presses twice", "pays too late"]


@dataclass
class Chaos:
    """:param makers: with what each sells"""

    there: Market
    makers: list[tuple[market.Maker, Any]]
    seed: int
    done: Counter[str] = field(default_factory=Counter)
    placed: list[tuple[int, market.Maker]] = field(default_factory=list)
    shipped: list[tuple[int, market.Maker]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    late: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.is_bad = True
        self.there.stripe.fault = self.fault

    def fault(self, method: str, path: str) -> Fault:
        if not self.is_bad or self.chance.random() > BAD_CALLS:
            return ""
        wrong = self.chance.choice(FAULTS)
        self.done[f"line: {wrong}"] += 1
        return wrong

    # ----------------------------------------------------------------------------------------------------------- a day
    def live(self, wanted: int) -> None:
        for first in range(0, wanted, BATCH):
            for number in range(first, min(wanted, first + BATCH)):
                self.order(number)
            self.carry_mail()
            self.there.go_on(minutes=self.chance.choice((1, 2, 7)))
            for _way in range(BATCH):
                self.something_happens()
            self.there.go_on(hours=25)
            self.there.pay_out()
            self.some_goes_on_to_banks()
            self.pay_too_late()

    def order(self, number: int) -> None:
        maker, listing = self.chance.choice(self.makers)
        order = self.there.order(listing, key=f"order-{number}")
        self.placed.append((order.pk, maker))
        payment, payer = self.there.payment(order), self.chance.choice(PAYERS)
        self.done[f"payer: {payer}"] += 1
        page = ""
        for _press in range(4):
            page = self.there.press(payment)
            if page.startswith(self.there.stripe.url) and payer != "presses twice":
                break
        if not page.startswith(self.there.stripe.url) or payer == "goes away":
            return
        if payer == "pays too late":
            self.late.append(page)
            return
        if payer == "declined first":
            httpx.post(page, data={"card": "0002"})
        back = self.there.type_card(page)
        if payer != "closes the browser" and back.startswith("http"):
            self.there.come_back(back)

    def pay_too_late(self) -> None:
        """Somebody types a card when the order has lapsed."""
        pages, self.late = self.late[:-2], self.late[-2:]
        for page in pages:
            self.there.type_card(page)

    # --------------------------------------------------------------------------------------------------------- notices
    def carry_mail(self) -> None:
        for event in self.there.stripe.mail():
            if self.chance.random() < LOST:
                self.done["notices: lost"] += 1
                continue
            self.waiting.append(event)
            if self.chance.random() < DOUBLED:
                self.done["notices: doubled"] += 1
                self.waiting.append(event)
        self.chance.shuffle(self.waiting)
        # Some stay in the bag until another day.
        now, self.waiting = self.waiting[: len(self.waiting) * 3 // 4], self.waiting[len(self.waiting) * 3 // 4 :]
        self.there.post(*now)

    # ------------------------------------------------------------------------------------------------------------ deeds
    def something_happens(self) -> None:
        pk, maker = self.chance.choice(self.placed)
        order = Order.objects.get(pk=pk)
        try:
            deeds = (self.ship, self.ship, self.ship, self.call_off, self.give_back, self.give_back, self.charge_back)
            deed = self.chance.choice(deeds)
            if deed(fresh(order), maker):
                self.done[f"deed: {deed.__name__}"] += 1
        except Expected as error:
            self.done[f"not now: {error.code}"] += 1
        orders.do_chores(order_ids=[pk], by=self.there.job, at=self.there.at)

    def ship(self, order: Order, maker: market.Maker) -> bool:
        orders.act(order=order, transition="ship", by=of(maker), at=self.there.at)
        orders.act(order=fresh(order), transition="receive", by=as_guest(order), at=self.there.at)
        return True

    def call_off(self, order: Order, maker: market.Maker) -> bool:
        orders.act(order=order, transition="cancel", by=of(maker), at=self.there.at)
        return True

    def give_back(self, order: Order, maker: market.Maker) -> bool:
        left = order.captured_minor - order.refunded_minor
        if left <= 0:
            return False
        minor = self.chance.randint(1, left)
        orders.refund(order=order, amount=euro(minor), reason="", key=f"back:{order.pk}:{order.refunded_minor}", by=of(maker),
                      at=self.there.at)  # fmt: skip
        return True

    def charge_back(self, order: Order, maker: market.Maker) -> bool:
        """The payer's bank takes it back, which happens seldom, and to what was not given back already."""
        payment = self.there.payment(order)
        intent = self.there.stripe.books.kept["payment_intent"].get(payment.provider_ref)
        if self.chance.random() > 0.4 or intent is None or payment.refunded_minor or payment.state != "captured":
            return False
        charge = self.there.stripe.books.get("charge", intent["latest_charge"])
        if charge["disputed"] or charge["amount_refunded"]:
            return False
        dispute = self.there.stripe.books.dispute(charge["id"])
        if self.chance.random() < 0.7:
            self.there.stripe.books.decide(dispute["id"], won=self.chance.random() < 0.5)
        return True

    def some_goes_on_to_banks(self) -> None:
        for account in list(self.there.stripe.books.kept["account"]):
            if self.chance.random() < 0.2 and (there := self.there.theirs(account)) > 100:
                self.there.stripe.books.pay_out({"amount": there * 2 // 3, "currency": "eur"}, account)

    # ----------------------------------------------------------------------------------------------------------- the end
    def settle_down(self) -> None:
        """The line is good again. What the server does by itself, in its own time, has to be enough."""
        self.pay_too_late()
        self.is_bad = False
        # By then it is decided, too, whether banks may keep what they took.
        for dispute in self.there.stripe.books.kept["dispute"].values():
            if dispute["status"] == "needs_response":
                self.there.stripe.books.decide(dispute["id"], won=self.chance.random() < 0.5)
        self.there.stripe.mail()
        payments.hear(by=self.there.job, at=self.there.at)
        for _turn in range(3):
            self.there.go_on(minutes=31)
        for _turn in range(5):
            self.there.go_on(minutes=61)
            payments.hear(by=self.there.job, at=self.there.at)
        self.there.pay_out()
        run_jobs()

    def faults(self) -> list[str]:
        """Return every way in which our books, theirs and the state of an order do not say the same."""
        found = [*self._of_payments(), *self._of_orders(), *self._of_books()]
        for name, result in invariants.verify_coop().items():
            if name != "payments.moved_in_time":
                found += [f"{name}: {fault}" for fault in result.faults]
        return found

    def _of_payments(self) -> list[str]:
        found, books = [], self.there.stripe.books
        taken: Counter[str] = Counter(
            one["metadata"].get("payment", "") for one in books.kept["payment_intent"].values() if one["status"] == "succeeded"
        )
        for payment in Payment.objects.all():
            if payment.doing:
                found.append(f"{payment.pk} still waits for {payment.doing}")
            if taken[str(payment.pk)] != (1 if payment.captured_minor else 0):
                found.append(f"{payment.pk} is {payment.state}, and Stripe took it {taken[str(payment.pk)]} times")
            if not payment.captured_minor:
                continue
            intent = books.get("payment_intent", payment.provider_ref)
            charge = books.get("charge", intent["latest_charge"])
            theirs = (intent["amount_received"], charge["amount_refunded"], charge["disputed"])
            if theirs != (payment.captured_minor, payment.refunded_minor, payment.state == "disputed"):
                ours = (payment.captured_minor, payment.refunded_minor, payment.state)
                found.append(f"{payment.pk} is {ours}, they say {theirs}")
        return found

    def _of_orders(self) -> list[str]:
        found = []
        for order in Order.objects.select_related("checkout"):
            payment = self.there.payment(order)
            kept = payment.captured_minor - payment.refunded_minor
            is_off, is_back = order.state in ("lapsed", "cancelled"), payment.state == "disputed"
            if order.state == "unpaid" or (is_off and kept and not is_back):
                found.append(f"order {order.pk} is {order.state} and {kept} of it is kept")
            if order.state in ("paid", "released", "shipped", "received") and not payment.captured_minor:
                found.append(f"order {order.pk} is {order.state} and nothing was paid")
            # What a bank keeps has gone back whole, and no part of it twice: here it only takes what nothing was refunded of.
            gave = payment.captured_minor if is_back else payment.refunded_minor
            if is_back and payment.refunded_minor:
                found.append(f"payment {payment.pk} gave back {payment.refunded_minor} of what a bank took")
            if not is_off and order.refunded_minor != gave:
                found.append(f"order {order.pk} gave back {order.refunded_minor}, its payment {gave}")
        return found

    def _of_books(self) -> list[str]:
        found = []
        if self.there.ours() != self.there.theirs():
            found.append(f"we say Stripe holds {self.there.ours()}, it says {self.there.theirs()}")
        sent: Counter[str] = Counter()
        for payout in Payout.objects.filter(provider="stripe", state="done"):
            sent[payout.holder] += payout.amount_minor
        for taken in TakeBack.objects.filter(state="done").select_related("payout"):
            sent[taken.payout.holder] -= taken.amount_minor
        for maker, _listing in self.makers:
            account = next(one["id"] for one in self.there.stripe.books.kept["account"].values()
                           if one["metadata"]["holder"] == maker.membership.holder)  # fmt: skip
            theirs = sum(one["amount"] - one["amount_reversed"] for one in self.there.stripe.books.kept["transfer"].values()
                         if one["destination"] == account)  # fmt: skip
            if sent[maker.membership.holder] != theirs:
                found.append(f"{maker.membership.holder} got {sent[maker.membership.holder]}, Stripe says {theirs}")
        for model in (Refund, Payout, TakeBack, Carried):
            states = Counter(model.objects.values_list("state", flat=True))
            if open_ones := states["asked"] + states["unknown"]:
                found.append(f"{open_ones} of {model.__name__} are not over")
        if undone := Chore.objects.filter(done_at=None).count():
            found.append(f"{undone} chores are not done: {list(Chore.objects.filter(done_at=None).values_list('trouble')[:3])}")
        return found

    def figures(self, began: float) -> dict[str, Any]:
        states = Counter(Order.objects.values_list("state", flat=True))
        return {
            "orders": sum(states.values()), "seed": self.seed, "seconds": round(time.monotonic() - began, 1),
            "calls": len(self.there.stripe.calls), "calls_gone_wrong": sum(n for name, n in self.done.items() if "line" in name),
            "notices": len(self.there.stripe.books.events), "states": dict(states), "done": dict(self.done),
            "refunds": Refund.objects.count(), "payouts": Payout.objects.count(), "taken_back": TakeBack.objects.count(),
            "disputes": Dispute.objects.count(), "held_by_stripe": self.there.theirs(), "books_say": self.there.ours(),
            "fees": balance("6100"),
        }  # fmt: skip
