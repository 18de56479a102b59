from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, anyone, holds

# The room whose order is paid has asked already, and who holds the address of a card page may pay on it. What is checked
# here is the co-op, and that a token was made for moving money.
PAY = Permission("pay", anyone, scope="money")
CAPTURE = Permission("capture a payment", anyone, scope="money")
REFUND = Permission("refund a payment", anyone, scope="money")
SETTLE = Permission("record what a provider answered", anyone, scope="money")
# Money that somebody says came by hand: one office says so, another person of an office confirms it.
RECORD = Permission("record a payment made by hand", holds("treasurer", "board", "coordinator", "founder"), scope="money")
CONFIRM = Permission("confirm a payment made by hand", holds("treasurer", "board", "coordinator", "founder"), scope="money")
# Only a statement of the bank itself, read by the room above.
BANK = Permission("book what the bank says", holds("bank"), scope="money")
PAY_OUT = Permission("pay out", holds("system", "treasurer", "board"), scope="money")
RECONCILE = Permission("reconcile payments", holds("system", "treasurer", "board"), scope="money")
OVERSEE = Permission("see payments and payouts", holds("system", "treasurer", "board", "coordinator", "founder"), scope="read")
# Sending on to the co-op's bank what a provider holds: one office asks, another person of an office agrees.
CARRY = Permission("send money on to the bank", holds("treasurer", "board"), scope="money")


def _spends(by: Principal, holder: object) -> Answer:
    mine = holder in {f"membership:{pk}" for pk in by.memberships}
    return Answer(mine, "" if mine else _("Only members pay with credit, and each with their own."))


def _holder(by: Principal, holder: object) -> Answer:
    mine = holder in {f"membership:{pk}" for pk in by.memberships}
    return Answer(mine, "" if mine else _("Only whoever earns it says where it is sent."))


# My credit is mine to spend, as my word is.
SPEND = Permission("spend one’s credit", _spends, scope="money")
SEE_CREDIT = Permission("see mutual credit", holds("member"), scope="read")
# Bringing an account of credit to nothing by decision: one office asks, another person of an office agrees.
CLOSE_CREDIT = Permission("close an account of credit", holds("treasurer", "board"), scope="money")
# Where my own earnings go is mine to say.
ONBOARD = Permission("say where one's earnings go", _holder, scope="money")
