"""What is done with invoices: saying who issues them, issuing, printing."""

from toadlane.money.invoicing.services.issuing import MoreThanInvoiced, ParticularsNeeded, credit, issue
from toadlane.money.invoicing.services.particulars import Said, Wrong, give
from toadlane.money.invoicing.services.printing import printed
from toadlane.money.invoicing.services.receiving import NotAnInvoice, receive

__all__ = [
    "MoreThanInvoiced", "NotAnInvoice", "ParticularsNeeded", "Said", "Wrong", "credit", "give", "issue", "printed", "receive",
]  # fmt: skip
