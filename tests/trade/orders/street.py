"""A market where members pay each other with credit."""

from datetime import timedelta

from tests.trade.orders import market
from tests.trade.orders.conftest import NUALA, fresh, tick
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.payments.queries import credit
from toadlane.plumbing.access.principals import Channel
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members.queries import principal
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders

LIMIT = 20_000


def euro(minor):
    return Money(minor, "EUR")


class Street:
    """A market with three members, of whom two offer work: 50.00 an hour, VAT 20 %, commission 10 %, benefits 2 %."""

    def __init__(self, at, day, **values):
        said = {"fees.community": "0.5", "fees.commission_vat": "0.20", "fees.benefits": "0.02", "pay.credit_limit": LIMIT}
        self.coop = market.found(at, **{**said, **values})
        self.at, self.day, self.n = at, day, 0
        self.hana, self.ines, self.jon = (market.maker(self.coop, name, at) for name in ("hana", "ines", "jon"))
        with scope(self.coop.pk):
            self.workshop = market.room(self.hana, "Workshop", 5000, at, capacity=50)
            self.kiln = market.room(self.ines, "Kiln", 5000, at, capacity=50)

    def by(self, who):
        return principal(person_id=who.person.pk, channel=Channel.WEB)

    def place(self, who, listing=None, hours=2, by=None, **more):
        listing = listing or self.workshop
        self.n += 1
        by = by or self.by(who)
        wish = orders.Wish(listing_id=listing.pk, starts=self.day, ends=self.day + timedelta(hours=hours))
        quote = orders.quote(wish=wish, by=by, at=self.at)
        asked = {"contact": NUALA, "key": f"k{self.n}", "by": by, "at": self.at, "method": "credit"} | more
        return orders.check_out(quote_ids=[quote.pk], **asked)

    def take_on(self, placed, seller):
        order = queries.find(placed.orders[0].pk)
        return orders.act(order=order, transition="accept", by=self.by(seller), at=self.at)

    def done(self, order, hours=2):
        end = self.day + timedelta(hours=hours)
        tick(self.coop, end)
        tick(self.coop, end + timedelta(days=2))
        order = fresh(order)
        assert order.state == "released"
        return order

    def stands(self, who):
        return credit.account(who.membership.holder, "EUR")

    def holds_together(self):
        assert books.balance("2170", "EUR").minor == 0
        assert books.balance("1240", "EUR") == -books.balance("2170", "EUR", "coop")
        for name, found in invariants.verify_coop().items():
            if name != "payments.moved_in_time":
                assert not found.faults, f"{name}: {found.faults}"
