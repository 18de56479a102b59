"""Whatever happens to shares, surpluses, losses and loans, in whatever order: each register is its account, member by member."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.money.payments.cards import card, euro
from toadlane.kernel import canonical
from toadlane.kernel.errors import Expected
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.money.payments import queries as sent
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Dispute, Payment
from toadlane.money.payments.services import by_hand
from toadlane.ownership.lending import queries as loans
from toadlane.ownership.lending import services as lending
from toadlane.ownership.lending.models import Loan
from toadlane.ownership.shares import queries as shares
from toadlane.ownership.shares import services as sharing
from toadlane.ownership.surplus import queries as years
from toadlane.ownership.surplus import services as surplus
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.society.members import queries as members
from toadlane.society.members.models import Office
from toadlane.society.members.services import admit
from toadlane.society.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)

SHARE = {"id": "ordinary", "names": {"en": "Ordinary share"}, "price": 2500, "min": 1, "max": 100, "paid_at_once": "1/4",
         "withdrawable": True, "transferable": True}  # fmt: skip
HOLDS = {
    "shares": shares.register_equals_ledger, "promised": shares.promised_equals_ledger, "layers": years.layers_hold,
    "losses": years.losses_hold, "years": years.years_hold, "loans": loans.register_equals_ledger,
}  # fmt: skip
BOOKS = ("ledger.zero_sums", "ledger.restricted_funds")


@dataclass
class House:
    """A co-op in which things happen, and the moment it has come to."""

    board: Principal
    second: Principal
    people: list[tuple[Any, Principal]]
    now: datetime
    chance: random.Random
    year: int = 2027
    step: int = 0
    told: list[str] = field(default_factory=list)

    @property
    def job(self) -> Principal:
        return Principal.job(self.board.coop_id)

    @property
    def act(self) -> Principal:
        return Principal.job(self.board.coop_id, "enactment")

    def someone(self):
        return self.chance.choice(self.people)

    def moved(self):
        minor = self.chance.choice([-1, 1]) * self.chance.randint(1, 60_000)
        legs = [Leg("1000", euro(minor)), Leg("4900" if minor > 0 else "6600", euro(-minor))]
        ledger.post(key=f"m{self.step}", narration="x", postings=legs, by=self.board, at=self.now)

    def take(self):
        membership, by = self.someone()
        about = {"share_class": "ordinary", "shares": self.chance.randint(1, 4), "paid_rate": self.chance.choice(["1", "1/2"])}
        placed = sharing.subscribe(membership=membership, **about, method="card", key=f"t{self.step}", by=by, at=self.now)
        payments.authorise(payment=placed.payment, instrument=card(), by=by, at=self.now)
        sharing.settle(subscription=placed.subscription, by=self.job, at=self.now)

    def pay_rest(self):
        membership, by = self.someone()
        placed = sharing.pay_rest(
            membership=membership, share_class="ordinary", method="card", key=f"e{self.step}", by=by, at=self.now
        )  # fmt: skip
        payments.authorise(payment=placed.payment, instrument=card(), by=by, at=self.now)
        sharing.settle(subscription=placed.subscription, by=self.job, at=self.now)

    def charge_back(self):
        """A payer's bank takes some or all of what somebody paid for shares."""
        paid = list(Payment.objects.filter(subject__startswith="shares:", state="captured").order_by("begun_at", "pk"))
        if not paid:
            raise sharing.WrongMoment
        one = self.chance.choice(paid)
        left = one.captured_minor - sum(row.amount_minor for row in one.disputes.exclude(state="won"))
        if left <= 0:
            raise sharing.WrongMoment
        amount = euro(self.chance.choice([left, self.chance.randint(1, left)]))
        about = {"payment": one, "provider_ref": f"dp_{self.step}", "by": self.job, "at": self.now}
        payments.open_dispute(**about, amount=amount, fee=euro(0))

    def decide(self):
        open_ones = list(Dispute.objects.filter(state="open").select_related("payment").order_by("pk"))
        if not open_ones:
            raise sharing.WrongMoment
        one, won = self.chance.choice(open_ones), self.chance.random() < 0.6
        payments.close_dispute(payment=one.payment, provider_ref=one.provider_ref, won=won, by=self.job, at=self.now)

    def bounce(self):
        """A payee's bank sends back what was paid out."""
        gone = [one for one in sent.payouts().filter(state="done").order_by("key") if sent.can_come_back(one)]
        if not gone:
            raise sharing.WrongMoment
        one, bank = self.chance.choice(gone), Principal.job(self.board.coop_id, "bank")
        payments.payout_came_back(payout=one, by=bank, at=self.now)
        for room in (sharing, surplus):
            room.note_came_back(subject=one.subject, by=self.job, at=self.now)

    def pass_on(self):
        (membership, by), (other, _by) = self.chance.sample(self.people, 2)
        about = {"share_class": "ordinary", "shares": self.chance.randint(1, 3), "key": f"p{self.step}"}
        sharing.transfer(membership=membership, to=other, **about, by=by, at=self.now)

    def ask_back(self):
        membership, by = self.someone()
        sharing.ask_back(membership=membership, share_class="ordinary", shares=1, by=by, at=self.now)
        sharing.approve_due(by=self.board, at=self.now)

    def close(self):
        name = str(self.year)
        about = {"name": name, "starts_on": date(self.year, 1, 1), "ends_on": date(self.year, 12, 31)}
        self.now = max(self.now, self.now.replace(year=self.year + 1, month=1, day=15))
        year = surplus.work_out(**about, by=self.board, at=self.now)
        surplus.book(name=name, digest=year.hash, decision=f"d{name}", by=self.act, at=self.now)
        self.year += 1

    def share_loss(self):
        lost = years.to_share_out("EUR")
        if not lost:
            raise surplus.NoLossLeft
        made = surplus.propose_imputation(name=lost[0].name, by=self.board, at=self.now)
        surplus.impute(pk=made.pk, digest=made.hash, decision=f"l{self.step}", by=self.act, at=self.now)

    def cover(self):
        surplus.cover(amount_minor=self.chance.randint(1, 9_000), decision=f"c{self.step}", by=self.act, at=self.now)

    def give_back(self):
        layer = next(iter(years.layers("EUR")), None)
        if layer is None:
            raise surplus.NotLeft
        part = self.chance.randint(1, layer.total.minor)
        surplus.repay(name=layer.year.name, amount_minor=part, decision=f"r{self.step}", by=self.act, at=self.now)

    def lend(self):
        membership, by = self.someone()
        about = {"minor": self.chance.randint(1, 40_000), "interest": Decimal("0.03"), "months": self.chance.randint(1, 24)}
        loan = lending.offer(membership=membership, **about, key=f"o{self.step}", by=by, at=self.now)
        loan = lending.agree(loan=loan, by=self.board, at=self.now)
        payment = lending.bring(loan=loan, method="transfer", by=by, at=self.now)
        bank = Principal.job(self.board.coop_id, "bank")
        by_hand.receive_by_bank(payment=payment, reference=f"b{self.step}", by=bank, at=self.now)
        lending.settle(loan=loan, by=self.job, at=self.now)

    def keep_time(self):
        lending.earn_due(by=self.job, at=self.now)
        lending.give_back_due(by=self.job, at=self.now)
        surplus.hand_over(by=self.job, at=self.now)
        sharing.hand_over_due(by=self.job, at=self.now)
        sharing.give_back_due(by=self.job, at=self.now)

    def send(self):
        waiting = list(sent.payouts().filter(settled_at=None).order_by("key"))
        for one in self.chance.sample(waiting, min(2, len(waiting))):
            by_hand.record_sent(errand=one, by=self.board, at=self.now)
            by_hand.confirm_sent(errand=one, by=self.second, at=self.now)
        if self.chance.random() < 0.5:  # The register hears of it now, or with the next.
            lending.note_sent(by=self.job, at=self.now)
            surplus.note_paid(by=self.job, at=self.now)
            sharing.note_paid(by=self.job, at=self.now)

    def go_on(self) -> bool:
        """Let something happen; return whether it was possible."""
        deeds = (self.moved, self.moved, self.take, self.pass_on, self.pay_rest, self.charge_back, self.decide, self.bounce,
                 self.ask_back, self.close, self.share_loss, self.cover, self.give_back, self.lend, self.keep_time,
                 self.send)  # fmt: skip
        self.step += 1
        self.now += timedelta(days=self.chance.randint(1, 20))
        deed = self.chance.choice(deeds)
        try:
            deed()
        except (Expected, AssertionError) as error:
            assert isinstance(error, Expected), (deed.__name__, error)
            self.told.append(f"{deed.__name__}: {error.code}")
            return False
        self.told.append(deed.__name__)
        return True


@pytest.fixture
def house(inside, board, at):
    def open_house(seed, how="reserve_first"):
        values = {
            "shares.classes": [SHARE], "shares.withdrawal_limit": "1", "surplus.cash_share": "1/3", "surplus.interest": "0.03",
            "surplus.bases": [{"class": "", "basis": "equal"}], "surplus.losses": how, "lending.ceiling": 100_000,
        }  # fmt: skip
        book = bylaws.book()
        ops = tuple(Op(rule, book.rule(rule)["value"], value) for rule, value in values.items())
        act = Principal.job(inside.pk, "enactment")
        rules.enact(patch=Patch(book.number, ops), decision="2027-1", passed_by="special", by=act, at=at)
        people = []
        for name in ("Dana", "Eli", "Fay", "Gus"):
            person = Person.objects.create(email=f"{name.lower()}@sparkle.test", name=name)
            membership = admit(person=person, member_class="worker", by=board, at=at)
            people.append((membership, members.principal(person_id=person.pk, channel=Channel.WEB)))
        Office.objects.create(person=people[0][0].person, office="treasurer", since=at.date(), named_by="test")
        second = members.principal(person_id=people[0][0].person_id, channel=Channel.WEB)
        return House(board, second, people, at, random.Random(seed))

    return open_house


@pytest.mark.parametrize(("seed", "how"), [(1844, "reserve_first"), (7, "split"), (59, "reserve_first")])
def test_each_register_is_its_account_after_any_sequence(house, seed, how):
    here, possible = house(seed, how), 0
    for _ in range(90):
        possible += here.go_on()
        faults = {name: found for name, check in HOLDS.items() if (found := check().faults)}
        faults |= {name: found for name in BOOKS if (found := books.checks()[name]().faults)}
        assert faults == {}, (here.told[-3:], faults)
        # What is held for others is never less than nothing, and nobody's unpaid shares are more than they hold.
        assert books.balance("2100", "EUR").minor <= 0, here.told[-3:]
        assert all(0 <= one.unpaid.minor <= one.nominal.minor for one in shares.holdings()), here.told[-3:]
    assert shares.capital() == -books.balance("3000", "EUR")
    assert 15 < possible < 90, "much of it was possible, and some was not"
    assert {"close", "lend", "send"} <= set(here.told), here.told


@pytest.mark.parametrize("seed", [31, 8])
def test_a_random_year_is_the_same_byte_for_byte_however_often_it_is_worked_out(house, seed):
    here = house(seed)
    for _ in range(30):
        if here.go_on() and here.told[-1] == "close":
            break
    here.now = here.now.replace(year=here.year + 1, month=6)
    about = {"name": str(here.year), "starts_on": date(here.year, 1, 1), "ends_on": date(here.year, 12, 31)}
    seen = []
    for days in range(2):
        year = surplus.work_out(**about, by=here.board, at=here.now + timedelta(days=days))
        rows = "".join(years.table(years.statements(year)))
        seen.append((canonical.text({"facts": year.facts, "terms": year.terms, "result": year.result}), year.hash, rows))
    assert seen[0] == seen[1]
    assert Loan.objects.count() == here.told.count("lend")
