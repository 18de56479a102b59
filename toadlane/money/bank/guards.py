from collections.abc import Iterator

from toadlane.money.bank.models import Batch, Details, Line, Statement
from toadlane.plumbing.triggers.refusals import Refusal, append_only


def refusals() -> Iterator[Refusal]:
    yield from append_only(Statement._meta.db_table)
    yield from append_only(Details._meta.db_table)
    line, batch = Line._meta.db_table, Batch._meta.db_table
    yield Refusal(
        name="rewriting", table=line, verb="UPDATE", because=f"{line}: what the bank said stays",
        when="NEW.key <> OLD.key OR NEW.amount_minor <> OLD.amount_minor OR NEW.booked_on <> OLD.booked_on OR "
             "(OLD.state IN ('matched', 'settled') AND (NEW.state <> OLD.state OR NEW.subject <> OLD.subject))",
    )  # fmt: skip
    yield Refusal(name="forgetting", table=line, verb="DELETE", because=f"{line} is kept")
    yield Refusal(
        name="rewriting", table=batch, verb="UPDATE", because=f"{batch}: the file that was approved is the file that pays",
        when="NEW.digest <> OLD.digest OR NEW.file <> OLD.file OR NEW.total_minor <> OLD.total_minor OR "
             "NEW.currency <> OLD.currency OR "
             "(OLD.approved_by IS NOT NULL AND NEW.approved_by <> OLD.approved_by) OR "
             "(OLD.booked_at IS NOT NULL AND NEW.booked_at <> OLD.booked_at)",
    )  # fmt: skip
