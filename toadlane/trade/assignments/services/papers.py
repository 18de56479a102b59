"""Invoices on paper, for those on both sides of an order."""

from toadlane.money.invoicing import services as invoices
from toadlane.plumbing.access.principals import Principal
from toadlane.trade.assignments.models import Assignment, CreditNote
from toadlane.trade.assignments.permissions import ANSWER, SEE
from toadlane.trade.assignments.services.errors import WrongMoment


def invoice_of(*, assignment: Assignment, by: Principal, is_client: bool = False) -> bytes:
    """Return the invoice of an order as it was issued, for those of the activity, or for whoever holds the client's address.

    :raises WrongMoment: when there is none yet
    """
    by.must(ANSWER if is_client else SEE, assignment.activity)
    if assignment.invoice is None:
        raise WrongMoment
    # An invoice is the office's to give out, and this is the office giving it to those it is about.
    return invoices.printed(invoice=assignment.invoice, by=Principal.job(by.coop_id, "treasurer"))


def credit_note_of(*, note: CreditNote, by: Principal, is_client: bool = False) -> bytes:
    """Return a credit note as it was issued, for the same people."""
    by.must(ANSWER if is_client else SEE, note.assignment.activity)
    return invoices.printed(invoice=note.invoice, by=Principal.job(by.coop_id, "treasurer"))
