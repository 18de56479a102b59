"""Crediting what was bought: a bill, or part of it, taken back; of a member whose invoices we write, with the credit note."""

from datetime import date, datetime
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.kernel.rates import half_up
from toadlane.ownership.bookkeeping import queries
from toadlane.ownership.bookkeeping.models import Draft
from toadlane.ownership.bookkeeping.permissions import KEEP
from toadlane.ownership.bookkeeping.policies import sides
from toadlane.ownership.bookkeeping.services.drafts import BOUGHT, NotAnEntry, written
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.ui import formats


@transaction.atomic
def credit_bill(*, bill: Draft, net_minor: int, text: str, on: date, by: Principal, at: datetime) -> Draft:
    """Enter that a bill, or something paid at once, was credited; nothing is booked until a second person has seen it.

    The tax on it is what the whole has less once so much was taken back: parts add up to the bill to the cent.

    :raises NotAnEntry: for what is no bill in the books, or more than is left of it
    """
    by.must(KEEP)
    Tenant.lock_current()
    if bill.kind not in BOUGHT or bill.state != Draft.State.BOOKED:
        raise NotAnEntry(_("Only a bill that is in the books can be credited."), field="amount")
    left = queries.left_of_bill(bill)
    if not 0 < net_minor <= left.net:
        most = formats.money(Money(left.net, bill.currency))
        raise NotAnEntry(_("No more than %(left)s before tax is left of this bill.") % {"left": most}, field="amount")
    whole, rest = sides.parts_of(bill.legs), left.net - net_minor
    tax = left.tax - half_up(Fraction(whole.tax * rest, whole.net))
    make = sides.of_bill if bill.kind == Draft.Kind.BILL else sides.of_receipt
    legs = [(code, -minor) for code, minor in make(whole.code, net_minor, tax)]
    draft = Draft(
        kind=Draft.Kind.CREDIT, text=text, reference=bill.reference, on=on, legs=legs, supplier=bill.supplier, corrects=bill
    )
    return written(draft, by, at)
