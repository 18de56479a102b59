from collections.abc import Iterator

from toadlane.money.bank.models import Batch, Collection, Creditor, Debit, Details, Line, Mandate, Statement
from toadlane.plumbing.triggers.refusals import Refusal, append_only


def refusals() -> Iterator[Refusal]:
    yield from append_only(Statement._meta.db_table)
    yield from append_only(Details._meta.db_table)
    yield from append_only(Creditor._meta.db_table)
    line = Line._meta.db_table
    yield Refusal(
        name="rewriting", table=line, verb="UPDATE", because=f"{line}: what the bank said stays",
        when="NEW.key <> OLD.key OR NEW.amount_minor <> OLD.amount_minor OR NEW.booked_on <> OLD.booked_on OR "
             "(OLD.state IN ('matched', 'settled') AND (NEW.state <> OLD.state OR NEW.subject <> OLD.subject))",
    )  # fmt: skip
    yield Refusal(name="forgetting", table=line, verb="DELETE", because=f"{line} is kept")
    for table in (Batch._meta.db_table, Collection._meta.db_table):
        yield Refusal(
            name="rewriting", table=table, verb="UPDATE", because=f"{table}: the file that was approved is the file that pays",
            when="NEW.digest <> OLD.digest OR NEW.file <> OLD.file OR NEW.total_minor <> OLD.total_minor OR "
                 "NEW.currency <> OLD.currency OR "
                 "(OLD.approved_by IS NOT NULL AND NEW.approved_by <> OLD.approved_by) OR "
                 "(OLD.booked_at IS NOT NULL AND NEW.booked_at <> OLD.booked_at)",
        )  # fmt: skip
    yield from _debits()


def _debits() -> Iterator[Refusal]:
    mandate, debit, collection = Mandate._meta.db_table, Debit._meta.db_table, Collection._meta.db_table
    signed = ("membership_id", "person_id", "name", "iban", "reference", "creditor", "text", "language", "signed_at", "signed_by")
    yield Refusal(
        name="rewriting", table=mandate, verb="UPDATE", because=f"{mandate}: what was signed stays, and it ends once",
        when=f"OLD.ended_at IS NOT NULL OR {' OR '.join(f'NEW.{name} IS DISTINCT FROM OLD.{name}' for name in signed)}",
    )  # fmt: skip
    yield Refusal(name="forgetting", table=mandate, verb="DELETE", because=f"{mandate} is kept")
    yield Refusal(
        name="rewriting", table=debit, verb="UPDATE", because=f"{debit}: what a file collects stays, unless the file is dropped",
        when="NEW.collection_id <> OLD.collection_id OR NEW.mandate_id <> OLD.mandate_id OR NEW.payment_id <> OLD.payment_id OR "
             "NEW.amount_minor <> OLD.amount_minor OR NEW.sequence <> OLD.sequence OR (OLD.is_dropped AND NOT NEW.is_dropped)",
    )  # fmt: skip
    yield Refusal(name="forgetting", table=debit, verb="DELETE", because=f"{debit} is kept")
    yield Refusal(name="forgetting", table=collection, verb="DELETE", because=f"{collection} is kept")
