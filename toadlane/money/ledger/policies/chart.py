"""The chart of accounts: what may be posted to, and what a restricted account may be spent on."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_noop as _

Kind = Literal["asset", "liability", "equity", "income", "expense"]


@dataclass(frozen=True)
class ChartAccount:
    """:param purposes: what a restricted account may be debited for; an account without purposes is free
    :param contrary: how what stands on it the other way round is called: that is on the other side of a balance sheet
    """

    code: str
    name: str
    kind: Kind
    purposes: tuple[str, ...] = ()
    contrary: str = ""

    @property
    def other_way_round(self) -> "ChartAccount":
        return ChartAccount(self.code, self.contrary, "liability" if self.kind == "asset" else "asset")

    @property
    def is_restricted(self) -> bool:
        return bool(self.purposes)


CHART: dict[str, ChartAccount] = {
    account.code: account
    for account in (
        ChartAccount("1000", _("Bank"), "asset", contrary=_("Overdrawn at the bank")),
        ChartAccount("1100", _("Payments on their way"), "asset"),
        ChartAccount("1200", _("Owed by customers"), "asset"),
        ChartAccount("1210", _("Owed by providers after a reversal"), "asset"),
        ChartAccount("1220", _("Advances to account for"), "asset"),
        ChartAccount("1230", _("Dues owed by members"), "asset", contrary=_("Dues paid ahead")),
        # What the co-op itself holds on 2170, seen as its own: each entry moves both by the same.
        ChartAccount("1240", _("Credit that the co-op holds"), "asset"),
        ChartAccount("1300", _("Shares subscribed and not yet paid"), "asset"),
        ChartAccount("1900", _("Currency trading"), "asset"),
        ChartAccount("2010", _("Bills to pay"), "liability"),
        ChartAccount("2100", _("Held for orders"), "liability"),
        ChartAccount("2110", _("Owed to providers"), "liability"),
        ChartAccount("2120", _("Portable benefits"), "liability"),
        ChartAccount(
            "2125", _("Benefits wallets"), "liability", ("time_off", "insurance", "carried_over", "contribution_reversal")
        ),
        # What an activity has to spend is set aside for labor and expenses: no share is ever bought from it.
        ChartAccount("2130", _("Budgets of activities"), "liability", ("labor", "expense", "transfer")),
        ChartAccount("2140", _("Wage guarantee fund"), "liability", ("client_default", "contribution_reversal")),
        # What the fund has out, on both of its sides: to the fund, and under the name of what a client owes. It comes to nothing.
        ChartAccount("2145", _("Advanced by the guarantee fund"), "liability"),
        ChartAccount("2150", _("Community and education fund"), "liability", ("grant_award", "contribution_reversal")),
        ChartAccount("2152", _("Solidarity fund"), "liability", ("emergency_grant", "grant_award", "contribution_reversal")),
        ChartAccount("2154", _("Education fund"), "liability", ("course", "contribution_reversal")),
        ChartAccount("2160", _("Grants to pay"), "liability"),
        # What members owe each other, on either side: all of it together is always nothing.
        ChartAccount("2170", _("Mutual credit of members"), "liability", contrary=_("Owed by members in mutual credit")),
        ChartAccount("2200", _("Wages to pay"), "liability"),
        ChartAccount("2210", _("Social security and wage tax to pay"), "liability"),
        ChartAccount("2220", _("Payroll provisions"), "liability"),
        ChartAccount("2240", _("Owed back to clients"), "liability"),
        ChartAccount("2250", _("Dues to give back"), "liability"),
        # A card company could not give it back: customers are owed it until it is sent another way.
        ChartAccount("2260", _("Refunds that came back"), "liability"),
        ChartAccount("2310", _("VAT to pay"), "liability", contrary=_("VAT that comes back")),
        ChartAccount("2330", _("Withholding tax to pay"), "liability"),
        ChartAccount("2340", _("Tax on the result to pay"), "liability"),
        ChartAccount("2350", _("Due to the fund for other co-ops"), "liability"),
        ChartAccount("2400", _("Shares to be redeemed"), "liability"),
        ChartAccount("2410", _("Patronage refunds to pay"), "liability"),
        ChartAccount("2420", _("Interest on shares to pay"), "liability"),
        ChartAccount("2500", _("Member loans"), "liability"),
        ChartAccount("2510", _("Interest owed on loans"), "liability"),
        ChartAccount("3000", _("Members’ shares"), "equity"),
        ChartAccount("3100", _("Indivisible reserve"), "equity", ("loss_allocation", "dissolution_devolution")),
        ChartAccount("3200", _("Members’ capital accounts"), "equity"),
        ChartAccount("3900", _("Result of the year"), "equity"),
        ChartAccount("4000", _("Sales"), "income"),
        ChartAccount("4100", _("Platform fee"), "income"),
        ChartAccount("4190", _("Platform fee given back"), "income"),
        ChartAccount("4200", _("Membership dues"), "income"),
        ChartAccount("4290", _("Membership dues waived"), "income"),
        ChartAccount("4300", _("Grants and gifts"), "income"),
        ChartAccount("4900", _("Other income"), "income"),
        ChartAccount("6000", _("Wages"), "expense"),
        ChartAccount("6010", _("Employer social contributions"), "expense"),
        ChartAccount("6020", _("Payroll provisions, expense"), "expense"),
        ChartAccount("6030", _("Set aside for activities"), "expense"),
        ChartAccount("6100", _("Payment processing"), "expense"),
        ChartAccount("6110", _("Dispute fees"), "expense"),
        ChartAccount("6200", _("Losses by chargebacks and refunds"), "expense"),
        ChartAccount("6210", _("Bad debts"), "expense"),
        ChartAccount("6300", _("Paid into the guarantee fund"), "expense"),
        ChartAccount("6400", _("Paid into the community fund"), "expense"),
        ChartAccount("6410", _("Paid into the solidarity fund"), "expense"),
        ChartAccount("6420", _("Paid into the education fund"), "expense"),
        ChartAccount("6500", _("Interest paid"), "expense"),
        ChartAccount("6600", _("Running costs"), "expense"),
        ChartAccount("6610", _("Rent and energy"), "expense"),
        ChartAccount("6620", _("Software and hosting"), "expense"),
        ChartAccount("6630", _("Insurance, dues and public fees"), "expense"),
        ChartAccount("6640", _("Travel"), "expense"),
        ChartAccount("6650", _("Advice and accounting"), "expense"),
        ChartAccount("6900", _("Exchange differences"), "expense"),
    )
}
# Accounts whose every posting belongs to somebody: their sub-ledger has to add up to them.
CONTROL = ("1230", "2110", "2120", "2125", "2130", "2145", "2170", "2240", "2500", "3000", "3200")
# Mutual credit never becomes money: of each entry that touches it, its sides come to nothing among themselves, and what the
# co-op holds of it stands on an account of the co-op's own.
CREDIT, CREDIT_OF_THE_COOP, COOP = "2170", "1240", "coop"
# Where one member may owe and another have something: neither makes the other's any less.
EACH_APART = ("1230", CREDIT)
# Whose it is, while an order is under way that was charged.
ON_HOLD = "held:orders"
