"""What the database refuses about payments."""

from collections.abc import Iterator

from toadlane.money.ledger.models import Account, AccountBalance, Posting, Unsealed
from toadlane.money.ledger.policies.chart import CREDIT
from toadlane.money.payments.models import (
    Carried,
    CreditClosing,
    CreditHold,
    CreditLine,
    Dispute,
    Errand,
    Payment,
    Payout,
    Provider,
    Refund,
    TakeBack,
    Voucher,
)
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.triggers.refusals import Refusal

PAYMENT, CARRIED, TENANT = (model._meta.db_table for model in (Payment, Carried, Tenant))
LINE, HOLD, CLOSING = (model._meta.db_table for model in (CreditLine, CreditHold, CreditClosing))
ACCOUNT, KEPT, POSTING, UNSEALED = (model._meta.db_table for model in (Account, AccountBalance, Posting, Unsealed))
MINE = f"a.coop_id = NEW.coop_id AND a.code = '{CREDIT}' AND a.currency = NEW.currency"
# What a member owes in credit by the books: what is kept of sealed entries, and the tail.
OWED = (
    f"COALESCE((SELECT SUM(b.minor) FROM {KEPT} b JOIN {ACCOUNT} a ON a.id = b.account_id WHERE {MINE} "
    f"AND b.holder = NEW.holder), 0) + COALESCE((SELECT SUM(p.minor) FROM {UNSEALED} u "
    f"JOIN {POSTING} p ON p.entry_id = u.entry_id JOIN {ACCOUNT} a ON a.id = p.account_id "
    f"WHERE u.coop_id = NEW.coop_id AND {MINE} AND p.holder = NEW.holder), 0)"
)


def refusals() -> Iterator[Refusal]:
    yield from of_credit()
    yield Refusal(
        name="pretending", table=PAYMENT, verb="INSERT", because="only a sandbox is paid with pretended money",
        when=f"NEW.provider = '{Provider.SANDBOX}' AND NOT EXISTS "
             f"(SELECT 1 FROM {TENANT} t WHERE t.id = NEW.coop_id AND t.is_sandbox)",
    )  # fmt: skip
    yield Refusal(
        name="recast", table=PAYMENT, verb="UPDATE", because="what a payment is of does not change",
        when="NEW.amount_minor <> OLD.amount_minor OR NEW.currency <> OLD.currency OR NEW.subject <> OLD.subject "
             "OR NEW.provider <> OLD.provider",
    )  # fmt: skip
    yield Refusal(
        name="agreed", table=CARRIED, verb="UPDATE", because="nothing is sent on to the bank before two people have said so",
        when=f"NEW.state = '{Errand.DONE}' AND NEW.agreed_by IS NULL",
    )  # fmt: skip
    yield Refusal(
        name="recast", table=Payout._meta.db_table, verb="UPDATE", because="what a payout is of does not change",
        when="NEW.amount_minor <> OLD.amount_minor OR NEW.currency <> OLD.currency OR NEW.holder <> OLD.holder "
             "OR NEW.code <> OLD.code OR NEW.subject <> OLD.subject",
    )  # fmt: skip
    yield Refusal(
        name="recast", table=Voucher._meta.db_table, verb="UPDATE", because="a voucher was taken for a payment, or let go, once",
        when="NEW.number <> OLD.number OR NEW.payment_id <> OLD.payment_id OR OLD.let_go_at IS NOT NULL",
    )  # fmt: skip
    for model in (Payment, Refund, Payout, Dispute, TakeBack, Carried, Voucher, CreditLine, CreditHold, CreditClosing):
        table = model._meta.db_table
        yield Refusal(name="kept", table=table, verb="DELETE", because=f"{table}: what was asked of a provider is kept")


def of_credit() -> Iterator[Refusal]:
    """Nobody goes further below nothing than the members voted, whatever else is promised at the same moment."""
    yield Refusal(
        name="beyond", table=LINE, verb="UPDATE", because="that is more credit than the member may spend",
        when=f"NEW.held_minor > OLD.held_minor AND {OWED} + NEW.held_minor > NEW.limit_minor",
    )  # fmt: skip
    yield Refusal(
        name="held", table=LINE, verb="INSERT", because="a line of credit begins with nothing", when="NEW.held_minor <> 0"
    )
    yield Refusal(
        name="recast", table=LINE, verb="UPDATE", because="a line of credit is one member’s, in one currency",
        when="NEW.holder <> OLD.holder OR NEW.currency <> OLD.currency",
    )  # fmt: skip
    yield Refusal(
        name="unheld", table=HOLD, verb="INSERT", because="credit is promised when it is held",
        when=f"NEW.state <> '{CreditHold.State.OPEN}' OR NEW.amount_minor + COALESCE((SELECT SUM(h.amount_minor) FROM {HOLD} h "
             f"WHERE h.line_id = NEW.line_id AND h.state = '{CreditHold.State.OPEN}'), 0) > "
             f"(SELECT l.held_minor FROM {LINE} l WHERE l.id = NEW.line_id)",
    )  # fmt: skip
    yield Refusal(
        name="recast", table=HOLD, verb="UPDATE", because="a promise of credit ends once, and stays what it is of",
        when=f"OLD.state <> '{CreditHold.State.OPEN}' OR NEW.amount_minor <> OLD.amount_minor OR NEW.line_id <> OLD.line_id "
             "OR NEW.key <> OLD.key OR NEW.limit_minor <> OLD.limit_minor",
    )  # fmt: skip
    yield Refusal(
        name="recast", table=CLOSING, verb="UPDATE", because="a closing was agreed to, or dropped, once",
        when="OLD.agreed_at IS NOT NULL OR OLD.dropped_at IS NOT NULL OR NEW.amount_minor <> OLD.amount_minor "
             "OR NEW.membership_id <> OLD.membership_id OR NEW.asked_by <> OLD.asked_by",
    )  # fmt: skip
