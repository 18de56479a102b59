"""What the database refuses about spending, whatever the Python says."""

from collections.abc import Iterator

from toadlane.democracy.proposals.models import Decision
from toadlane.money.funds.models import Approval, Disbursement, Expense
from toadlane.plumbing.triggers.refusals import Refusal, append_only


def refusals() -> Iterator[Refusal]:
    approval, paid, expense, decision = (model._meta.db_table for model in (Approval, Disbursement, Expense, Decision))
    yield from append_only(approval)
    yield Refusal(
        name="undecided", table=approval, verb="INSERT", because="only a decision that passed lets money be spent",
        when=f"NOT EXISTS (SELECT 1 FROM {decision} d WHERE d.id = NEW.decision_id AND d.outcome = 'passed')",
    )  # fmt: skip
    for table in (expense, paid):
        yield Refusal(name="forgetting", table=table, verb="DELETE", because="what was asked for or paid stays on the list")
    yield Refusal(
        name="rewriting", table=paid, verb="UPDATE", because="a payment is what it was prepared as, and paid or dropped once",
        when=f"OLD.paid_at IS NOT NULL OR OLD.dropped_at IS NOT NULL OR {_differs()}",
    )  # fmt: skip
    # Of two who pay at once the second is refused: what was decided is locked before, and the sum is taken here again.
    spent = (
        f"SELECT COALESCE(SUM(p.amount_minor), 0) FROM {paid} p "
        "WHERE p.approval_id = NEW.approval_id AND p.paid_at IS NOT NULL AND p.id <> NEW.id"
    )
    decided = f"SELECT a.amount_minor FROM {approval} a WHERE a.id = NEW.approval_id AND a.currency = NEW.currency"
    over = f"NEW.paid_at IS NOT NULL AND NEW.amount_minor + ({spent}) > COALESCE(({decided}), 0)"
    fits = f"EXISTS (SELECT 1 FROM {expense} e WHERE e.id = NEW.expense_id AND e.approval_id = NEW.approval_id)"
    for verb in ("INSERT", "UPDATE"):
        yield Refusal(
            name="overspending", table=paid, verb=verb, when=f"NEW.approval_id IS NOT NULL AND (({over}) OR NOT {fits})",
            because="no more is paid than was decided, and for what it was decided",
        )  # fmt: skip


def _differs() -> str:
    """Say that something of a payment was changed beside who paid it when, or that it was dropped."""
    columns = ("coop_id", "expense_id", "key", "amount_minor", "currency", "is_advance", "prepared_by_id")
    differing = [f"NEW.{column} <> OLD.{column}" for column in columns]
    differing += [f"COALESCE(NEW.{column}, -1) <> COALESCE(OLD.{column}, -1)" for column in ("approval_id", "limit_minor")]
    return " OR ".join(differing)
