"""What an approved batch sends by bank, as one file: the money is booked, and this is how it goes."""

from datetime import date

from django.utils.translation import gettext as _

from toadlane.money.bank import queries as bank
from toadlane.money.bank.policies import files
from toadlane.money.benefits.models import Batch, Draw, Relief, Way
from toadlane.money.payments.policies import accounts
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops


def by_bank(batch: Batch) -> list[tuple[Draw | Relief, str]]:
    """Return what of an approved batch goes to an account of a bank, with its number; the rest is sent as it is listed."""
    if batch.approved_at is None:
        return []
    draws = batch.draws.select_related("wallet__person").order_by("pk")
    rows: list[Draw | Relief] = [*draws, *batch.reliefs.order_by("pk")]
    sent = ((row, accounts.iban(row.account)) for row in rows if row.way == Way.TRANSFER and row.currency == "EUR")
    return [(row, number) for row, number in sent if number and accounts.takes_sepa(number)]


def bank_file(batch: Batch) -> bytes | None:
    """Return the file for the bank (pain.001), the same bytes whenever it is asked for; None where nothing goes by bank."""
    rows, own = by_bank(batch), bank.details_of(None)
    if not rows or own is None or batch.approved_at is None:
        return None
    text = _("Paid by %(coop)s") % {"coop": coops.of_scope(current_coop_id()).name}
    # The bank takes a file it has seen already for a copy, and pays it once: its name is the batch's own.
    return files.transfers(
        name=own.name, iban=own.iban, on=_day(batch), at=batch.approved_at, message=f"wallets{current_coop_id()}x{batch.number}",
        payments=[
            files.Transfer(_name(row), number, row.amount_minor, text, row.subject.replace(":", "-")) for row, number in rows
        ],
    )  # fmt: skip


def _day(batch: Batch) -> date:
    assert batch.approved_at is not None
    return batch.approved_at.date()


def _name(row: Draw | Relief) -> str:
    return row.wallet.person.name if isinstance(row, Draw) else row.name
