from collections.abc import Iterator

from toadlane.money.invoicing.models import Invoice, InvoiceLine, InvoiceTax, Particulars, ReceivedInvoice
from toadlane.plumbing.triggers.refusals import Refusal, append_only


def refusals() -> Iterator[Refusal]:
    table = Invoice._meta.db_table
    for model in (Particulars, Invoice, InvoiceLine, InvoiceTax, ReceivedInvoice):
        yield from append_only(model._meta.db_table)
    series = f"FROM {table} last WHERE last.coop_id = NEW.coop_id AND last.series = NEW.series AND last.year = NEW.year"
    # Nothing is deleted and nothing skipped: whoever counts to the last number has seen them all.
    yield Refusal(
        name="gap", table=table, verb="INSERT", because=f"{table}: numbers leave no gap",
        when=f"NEW.sequence <> 1 + COALESCE((SELECT MAX(last.sequence) {series}), 0)",
    )  # fmt: skip
    credited = f"SELECT SUM(known.gross_minor) FROM {table} known WHERE known.corrects_id = NEW.corrects_id"
    whole = f"SELECT whole.gross_minor FROM {table} whole WHERE whole.id = NEW.corrects_id"
    yield Refusal(
        name="overcredit", table=table, verb="INSERT", because=f"{table}: no more is credited than was invoiced",
        when=f"NEW.corrects_id IS NOT NULL AND NEW.gross_minor + COALESCE(({credited}), 0) > COALESCE(({whole}), 0)",
    )  # fmt: skip
    for model, count in ((InvoiceLine, "line_count"), (InvoiceTax, "tax_count")):
        part = model._meta.db_table
        said = f"SELECT issued.{count} FROM {table} issued WHERE issued.id = NEW.invoice_id"
        yield Refusal(
            name="afterwards", table=part, verb="INSERT", because=f"{part}: nothing is added to what is issued",
            when=f"NEW.position < 1 OR NEW.position > COALESCE(({said}), 0)",
        )  # fmt: skip
