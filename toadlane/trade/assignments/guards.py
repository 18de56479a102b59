from collections.abc import Iterator

from toadlane.plumbing.triggers.refusals import Refusal, append_only
from toadlane.trade.assignments.models import (
    Activity,
    Assignment,
    Contract,
    CreditNote,
    Outlay,
    Receipt,
    Remark,
    Reminder,
    Revision,
)

TERMS = (
    "activity_id", "number", "title", "trade", "first_day", "last_day", "note", "currency", "net_minor", "vat_minor", "vat_rate",
    "fee_minor", "client_name", "client_email", "client_street", "client_postcode", "client_city", "client_country",
    "client_vat_number",
)  # fmt: skip
WAGE = (
    "activity_id", "membership_id", "trade", "first_day", "last_day", "days", "part", "currency", "gross_minor", "cost_minor",
    "net_minor", "pay_by",
)  # fmt: skip


def _changed(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{name} <> OLD.{name}" for name in columns)


def refusals() -> Iterator[Refusal]:
    for kept in (Reminder, Revision, Remark, Receipt, CreditNote):
        yield from append_only(kept._meta.db_table)
    for model in (Activity, Assignment, Contract, Outlay):
        table = model._meta.db_table
        yield Refusal(name="kept", table=table, verb="DELETE", because=f"{table} is kept")
    order, contract = Assignment._meta.db_table, Contract._meta.db_table
    # What a client said yes to, or was sent an invoice for, stays as it was.
    yield Refusal(
        name="recast", table=order, verb="UPDATE", because=f"{order}: what was confirmed or invoiced keeps its terms",
        when=f"(OLD.confirmed_at IS NOT NULL OR OLD.invoice_id IS NOT NULL) AND ({_changed(TERMS)})",
    )  # fmt: skip
    yield Refusal(
        name="unsaid", table=order, verb="UPDATE", because=f"{order}: a confirmation is never changed",
        when="OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_at IS NULL OR NEW.confirmed_digest <> OLD.confirmed_digest "
             "OR NEW.confirmed_name <> OLD.confirmed_name)",
    )  # fmt: skip
    yield Refusal(
        name="uncredited", table=order, verb="UPDATE", because=f"{order}: what was credited stays credited",
        when="NEW.credited_net_minor < OLD.credited_net_minor OR NEW.credited_vat_minor < OLD.credited_vat_minor "
             "OR NEW.version < OLD.version",
    )  # fmt: skip
    yield Refusal(
        name="recast", table=contract, verb="UPDATE", because=f"{contract}: a contract keeps its terms", when=_changed(WAGE)
    )
    yield Refusal(
        name="over", table=contract, verb="UPDATE", because=f"{contract}: what is paid or cancelled is over",
        when="OLD.state <> 'planned'",
    )  # fmt: skip
    table = Outlay._meta.db_table
    yield Refusal(
        name="over", table=table, verb="UPDATE", because=f"{table}: what was decided is decided", when="OLD.state <> 'asked'"
    )
