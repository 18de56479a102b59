"""How an invoice stands, and what money for it, or a credit note, changes: whole minor units, and nothing lost between them.

Labor is what the fee leaves of an invoice before tax. What comes in parts brings its part of it; of that the guarantee fund
gets back first what it has out, and the activity the rest once the invoice is settled.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from toadlane.kernel.rates import half_up


@dataclass(frozen=True, kw_only=True)
class Came:
    """:param applied: to what is owed; :param over: more than was owed, which is the client's
    :param repaid: to the guarantee fund; :param released: into the budget of the activity"""

    applied: int
    over: int
    repaid: int
    released: int


@dataclass(frozen=True, kw_only=True)
class Credited:
    """What a credit note comes to.

    :param forgiven: of what the client owed; :param back: what was paid for it already, and is the client's again
    :param unearned: what the budget was given, or lent, for what is not to be paid after all
    :param cleared: of that, what the guarantee fund has out; :param repaid, released: where it settles the invoice
    """

    net: int
    vat: int
    forgiven: int
    back: int
    unearned: int
    cleared: int
    repaid: int
    released: int


@dataclass(frozen=True, kw_only=True)
class GivenUp:
    """:param fund: what the guarantee fund bears; :param vat: what the tax office gives back; :param lost: the rest"""

    owed: int
    vat: int
    fund: int
    lost: int
    repaid: int
    released: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """An invoice in minor units.

    :param net, vat, fee: as it was issued; :param credited_net, credited_vat: what credit notes took off
    :param received: of what is owed now; :param out: what the guarantee fund has out for it
    :param given: what its activity was given for it, from the fund and from the client, and has not had to give back
    """

    net: int
    vat: int
    fee: int
    credited_net: int = 0
    credited_vat: int = 0
    received: int = 0
    out: int = 0
    given: int = 0

    @property
    def live_net(self) -> int:
        return self.net - self.credited_net

    @property
    def live_vat(self) -> int:
        return self.vat - self.credited_vat

    @property
    def gross(self) -> int:
        return self.live_net + self.live_vat

    @property
    def live_fee(self) -> int:
        """Return the fee of what is left: in the proportion of the whole, rounded once, so that all of it comes to nothing."""
        return half_up(Fraction(self.fee * self.live_net, self.net))

    @property
    def labor(self) -> int:
        return self.live_net - self.live_fee

    @property
    def owed(self) -> int:
        return self.gross - self.received

    @property
    def due_to_labor(self) -> int:
        """Return which part of what has come is for labor and has gone neither back to the fund nor to the activity."""
        come = half_up(Fraction(self.labor * self.received, self.gross)) if self.gross else 0
        return max(0, come - (self.given - self.out))

    def receive(self, minor: int) -> Came:
        """Return what becomes of money that came."""
        applied = min(minor, self.owed)
        after = replace(self, received=self.received + applied)
        over = minor - applied
        if not after.owed:
            return Came(applied=applied, over=over, repaid=self.out, released=self.labor - self.given)
        return Came(applied=applied, over=over, repaid=min(self.out, after.due_to_labor), released=0)

    def credit(self, net: int, rate: Fraction) -> Credited:
        """Return what a credit note over so much before tax changes.

        The tax of what is left is rounded, and the credit note takes off the difference: parts come to the whole.
        """
        vat = self.live_vat - half_up((self.live_net - net) * rate)
        after = replace(self, credited_net=self.credited_net + net, credited_vat=self.credited_vat + vat)
        back = max(0, self.received - after.gross)
        unearned = max(0, self.given - after.labor)
        cleared = min(self.out, unearned)
        settles = after.gross == self.received - back
        return Credited(
            net=net, vat=vat, forgiven=net + vat - back, back=back, unearned=unearned, cleared=cleared,
            repaid=self.out - cleared if settles else 0, released=after.labor - (self.given - unearned) if settles else 0,
        )  # fmt: skip

    def give_up(self, *, is_relieved: bool) -> GivenUp:
        """Return who bears what the client never pays: the fund what it has out, the tax office its tax, the co-op the rest.

        What has come is shared first, as far as it is for labor.
        """
        due = self.due_to_labor
        repaid = min(self.out, due)
        fund = self.out - repaid
        unpaid = self.live_vat - half_up(Fraction(self.live_vat * self.received, self.gross))
        vat = min(unpaid, self.owed - fund) if is_relieved else 0
        return GivenUp(
            owed=self.owed, vat=vat, fund=fund, lost=self.owed - vat - fund, repaid=repaid, released=due - repaid,
        )  # fmt: skip
