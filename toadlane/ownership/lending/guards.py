from collections.abc import Iterator

from toadlane.ownership.lending.models import Loan, Movement
from toadlane.plumbing.triggers.refusals import Refusal, append_only


def refusals() -> Iterator[Refusal]:
    table, loan = Movement._meta.db_table, Loan._meta.db_table
    yield from append_only(table)
    for column in ("principal_minor", "interest_minor"):
        before = f"COALESCE((SELECT SUM(m.{column}) FROM {table} m WHERE m.loan_id = NEW.loan_id), 0)"
        yield Refusal(
            name=f"overdraft_{column.partition('_')[0]}", table=table, verb="INSERT",
            because=f"{table}: no more goes back than is owed", when=f"NEW.{column} < 0 AND NEW.{column} + {before} < 0",
        )  # fmt: skip
    agreed = ("membership_id", "currency", "principal_minor", "interest", "months", "offered_at")
    yield Refusal(
        name="recast", table=loan, verb="UPDATE", because=f"{loan}: what was offered stays, and no loan goes back a step",
        when=" OR ".join([
            *(f"NEW.{one} <> OLD.{one}" for one in agreed), "OLD.state IN ('declined', 'withdrawn')",
            "(OLD.received_on IS NOT NULL AND (NEW.received_on <> OLD.received_on OR NEW.ends_on <> OLD.ends_on))",
            "(OLD.state IN ('running', 'repaid') AND NEW.state NOT IN ('running', 'repaid'))",
            # What the bank sends back is owed again and waits with the payouts; it earns nothing and is not handed over twice.
            "(OLD.state = 'repaid' AND NEW.handed_over_at IS NULL)",
            "(OLD.answered_by IS NOT NULL AND NEW.answered_by <> OLD.answered_by)",
        ]),
    )  # fmt: skip
    yield Refusal(name="kept", table=loan, verb="DELETE", because=f"{loan} is kept")
