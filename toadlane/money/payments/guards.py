"""What the database refuses about payments."""

from collections.abc import Iterator

from toadlane.money.ledger.models import Account, AccountBalance, JournalEntry, Posting, Unsealed
from toadlane.money.ledger.policies.chart import COOP, CREDIT, ON_HOLD
from toadlane.money.payments.models import (
    Carried,
    CreditClosing,
    CreditHold,
    CreditLine,
    Dispute,
    Errand,
    Method,
    Payment,
    Payout,
    Provider,
    Refund,
    TakeBack,
    Voucher,
)
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.triggers.refusals import Law, Refusal

PAYMENT, CARRIED, TENANT = (model._meta.db_table for model in (Payment, Carried, Tenant))
LINE, HOLD, CLOSING, REFUND = (model._meta.db_table for model in (CreditLine, CreditHold, CreditClosing, Refund))
ACCOUNT, KEPT, POSTING, UNSEALED, ENTRY = (
    model._meta.db_table for model in (Account, AccountBalance, Posting, Unsealed, JournalEntry)
)
BEYOND = "that is more credit than the member may spend"


def _owed(of: str, but_for: str = "") -> str:
    """Return what a member owes in credit by the books: what is kept of sealed entries, and the tail.

    :param of: whatever has `coop_id`, `holder` and `currency`
    :param but_for: entries of the tail that are not counted
    """
    mine = f"a.coop_id = {of}.coop_id AND a.code = '{CREDIT}' AND a.currency = {of}.currency"
    return (
        f"COALESCE((SELECT SUM(b.minor) FROM {KEPT} b JOIN {ACCOUNT} a ON a.id = b.account_id WHERE {mine} "
        f"AND b.holder = {of}.holder), 0) + COALESCE((SELECT SUM(p.minor) FROM {UNSEALED} u "
        f"JOIN {POSTING} p ON p.entry_id = u.entry_id JOIN {ACCOUNT} a ON a.id = p.account_id "
        f"WHERE u.coop_id = {of}.coop_id AND {mine} AND p.holder = {of}.holder {but_for}), 0)"
    )


OF_MEMBERS = f"a.code = '{CREDIT}' AND p.holder NOT IN ('{COOP}', '{ON_HOLD}')"
# Who spends from one line at the same moment waits, whether it is held first or posted at once: what is not committed yet
# no trigger can see. The order is that of the lines, so that two entries never wait for each other.
LOCKED = f"""
    PERFORM 1 FROM {LINE} l WHERE (l.coop_id, l.holder, l.currency) IN (
      SELECT p.coop_id, p.holder, a.currency FROM fresh p JOIN {ACCOUNT} a ON a.id = p.account_id
      WHERE {OF_MEMBERS} AND p.minor > 0
    ) ORDER BY l.id FOR NO KEY UPDATE;"""


def _plain(column: str) -> str:
    """Return an id as both engines write it."""
    return f"replace(CAST({column} AS text), '-', '')"


def _promised(entry: str) -> str:
    """Return whether an entry takes what a payment was promised of this very line, as `due` says, or gives a payment back.

    A promise was within the limit when it was made, and a refund may bring whoever has spent it below: neither asks again.
    """
    key = f"replace({entry}.key, '-', '')"
    return f"""(
      EXISTS (SELECT 1 FROM {HOLD} h
        JOIN {PAYMENT} y ON y.coop_id = h.coop_id AND replace(y.provider_ref, '-', '') = {_plain("h.id")}
        WHERE h.line_id = l.id AND h.state = '{CreditHold.State.OPEN}' AND h.amount_minor >= due.minor
        AND y.subject = {entry}.subject AND {key} = 'payment:' || {_plain("y.id")} || ':captured')
      OR EXISTS (SELECT 1 FROM {REFUND} r JOIN {PAYMENT} y ON y.id = r.payment_id
        WHERE y.coop_id = {entry}.coop_id AND y.subject = {entry}.subject AND y.method = '{Method.CREDIT}'
        AND r.state = '{Errand.DONE}' AND r.amount_minor >= due.minor AND {key} = 'refund:' || {_plain("r.id")}))"""


def _beyond(postings: str, where: str, but_for: str, entry: str) -> str:
    """Return those whose credit new postings take beyond the limit that their line carries, with what is held of it.

    :param postings: the table they are in, as `p`
    :param but_for: how the tail leaves them out: they are counted by themselves
    :param entry: whose key and subject say what for; `e` where it is looked up
    """
    return f"""
    WITH due AS (
      SELECT p.entry_id, p.coop_id, p.holder, a.currency, SUM(p.minor) AS minor, SUM(SUM(p.minor)) OVER
        (PARTITION BY p.coop_id, p.holder, a.currency) AS together
      FROM {postings} JOIN {ACCOUNT} a ON a.id = p.account_id
      WHERE {where} AND {OF_MEMBERS} GROUP BY p.entry_id, p.coop_id, p.holder, a.currency)
    SELECT 1 FROM due {f"JOIN {ENTRY} e ON e.id = due.entry_id" if entry == "e" else ""}
    LEFT JOIN {LINE} l ON l.coop_id = due.coop_id AND l.holder = due.holder AND l.currency = due.currency
    WHERE due.minor > 0 AND NOT {_promised(entry)}
    AND (l.id IS NULL OR {_owed("due", but_for)} + due.together + l.held_minor > l.limit_minor)"""


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
    # A key that is there already ends the statement by itself, and is no second entry.
    is_new = f"NOT EXISTS (SELECT 1 FROM {ENTRY} k WHERE k.coop_id = NEW.coop_id AND k.key = NEW.key)"
    # From the accounts on: most co-ops have none of credit, and that is all that is asked.
    touches = (
        f"EXISTS (SELECT 1 FROM {ACCOUNT} a CROSS JOIN {POSTING} p ON p.account_id = a.id AND p.entry_id = NEW.id "
        f"WHERE a.coop_id = NEW.coop_id AND a.code = '{CREDIT}')"
    )
    mine = _beyond(f"{POSTING} p", "p.entry_id = NEW.id", "AND u.entry_id <> NEW.id", "NEW")
    yield Law(
        name="credit", table=ENTRY, verb="INSERT", because="", engines=("sqlite",), over_all=(),
        by_row=((BEYOND, f"{touches} AND {is_new} AND EXISTS ({mine})"),),
    )  # fmt: skip
    yield Law(
        name="credit", table=POSTING, verb="INSERT", because="", engines=("postgresql",), by_row=(), look=LOCKED,
        only_if=f"EXISTS (SELECT 1 FROM fresh p JOIN {ACCOUNT} a ON a.id = p.account_id WHERE a.code = '{CREDIT}')",
        over_all=((BEYOND, f"EXISTS ({_beyond('fresh p', 'TRUE', 'AND p.entry_id NOT IN (SELECT entry_id FROM fresh)', 'e')})"),),
    )  # fmt: skip
    yield Refusal(
        name="beyond", table=LINE, verb="UPDATE", because=BEYOND,
        when=f"NEW.held_minor > OLD.held_minor AND {_owed('NEW')} + NEW.held_minor > NEW.limit_minor",
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
