"""What is done with invoices: saying who issues them, issuing, printing."""

from toadlane.money.invoicing.services.issuing import MoreThanInvoiced, ParticularsNeeded, credit, issue
from toadlane.money.invoicing.services.particulars import Said, Wrong, give
from toadlane.money.invoicing.services.printing import printed
from toadlane.money.invoicing.services.receiving import NotAnInvoice, receive
from toadlane.money.invoicing.services.self_billing import NotSelfBilled, self_bill
from toadlane.money.invoicing.services.self_billing import check as check_self_billing

__all__ = [
    "MoreThanInvoiced", "NotAnInvoice", "NotSelfBilled", "ParticularsNeeded", "Said", "Wrong", "check_self_billing", "credit",
    "give", "issue", "printed", "receive", "self_bill",
]  # fmt: skip
