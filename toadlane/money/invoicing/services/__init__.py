"""What is done with invoices: saying who issues them, issuing, printing."""

from toadlane.money.invoicing.policies.self_billing import NotSelfBilled
from toadlane.money.invoicing.services.issuing import MoreThanInvoiced, ParticularsNeeded, credit, issue
from toadlane.money.invoicing.services.particulars import Said, Wrong, give
from toadlane.money.invoicing.services.printing import printed
from toadlane.money.invoicing.services.receiving import NotAnInvoice, receive
from toadlane.money.invoicing.services.self_billing import self_bill, self_credit

__all__ = [
    "MoreThanInvoiced", "NotAnInvoice", "NotSelfBilled", "ParticularsNeeded", "Said", "Wrong", "credit", "give", "issue",
    "printed", "receive", "self_bill", "self_credit",
]  # fmt: skip
