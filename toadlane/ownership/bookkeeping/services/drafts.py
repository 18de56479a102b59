"""Bills, receipts and entries by hand: written by one person, booked by another."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing import services as invoices
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.queries import periods
from toadlane.money.ledger.services import Leg
from toadlane.money.payments.services import payouts
from toadlane.ownership.bookkeeping.models import Draft
from toadlane.ownership.bookkeeping.permissions import KEEP
from toadlane.ownership.bookkeeping.policies import sides
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.society.members.models import Membership
from toadlane.ui import formats


class NotAnEntry(Expected):
    words = lazy("This cannot be booked.")
    status = 422


class ReasonNeeded(Expected):
    words = lazy("Say why, so that whoever entered it can put it right.")
    status = 422
    field = "reason"


class SecondPersonNeeded(Expected):
    words = lazy("Whoever entered it cannot book it. Another person has to look as well.")
    status = 403


class Decided(Expected):
    words = lazy("This was booked or declined already.")


BOUGHT = (Draft.Kind.BILL, Draft.Kind.RECEIPT)
WRONG = {
    "sides": lazy("An entry has two sides or more, and each moves an amount."),
    "account": lazy("One of these accounts is kept by another part of the server, or is a fund with its own rules."),
    "balance": lazy("Both sides have to come to the same."),
}


@transaction.atomic
def enter_bill(
    *, kind: str, code: str, net_minor: int, tax_minor: int = 0, text: str, on: date, reference: str = "",
    member: int | None = None, by: Principal, at: datetime,
) -> Draft:  # fmt: skip
    """Enter a bill, what was paid at once, the payment of a bill or of a tax, or money that came in; nothing is booked yet.

    :param code: the account of cost or income, or of the tax; not asked for the payment of a bill
    :param member: the number of the member it was bought of, where the co-op is to write their invoice
    :raises NotAnEntry: when there is no such account for it, nothing moves, or less is owed
    :raises NotSelfBilled: when the co-op may not write that invoice
    """
    by.must(KEEP)
    if net_minor < 0 or tax_minor < 0:
        raise NotAnEntry(_("Say an amount above nothing."), field="amount")
    known = {Draft.Kind.INCOME: sides.incomes(), Draft.Kind.DUTY: sides.DUTIES}.get(kind, sides.expenses())  # type: ignore[call-overload]
    if kind != Draft.Kind.PAID and code not in known:
        raise NotAnEntry(_("Choose what it was for."), field="code")
    found = {
        Draft.Kind.BILL: lambda: sides.of_bill(code, net_minor, tax_minor),
        Draft.Kind.RECEIPT: lambda: sides.of_receipt(code, net_minor, tax_minor),
        Draft.Kind.INCOME: lambda: sides.of_income(code, net_minor, tax_minor),
        Draft.Kind.PAID: lambda: sides.of_payment(net_minor + tax_minor),
        Draft.Kind.DUTY: lambda: sides.of_duty(code, net_minor + tax_minor),
    }.get(Draft.Kind(kind) if kind in Draft.Kind.values else Draft.Kind.ENTRY)
    if found is None:
        raise NotAnEntry(_("Choose what it is."), field="kind")
    supplier = None
    if member is not None:
        supplier = _supplier(kind, member)
        invoicing.self_billed_rate(supplier.pk, net_minor=net_minor, vat_minor=tax_minor)
    return written(Draft(kind=kind, text=text, reference=reference, on=on, legs=found(), supplier=supplier), by, at)


def _supplier(kind: str, number: int) -> Membership:
    if kind not in BOUGHT:
        raise NotAnEntry(_("Only what is bought is invoiced to us."), field="member")
    found = members.register().filter(number=number).first()
    if found is None:
        raise NotAnEntry(_("Nobody has this number in the register."), field="member")
    return found


@transaction.atomic
def enter(*, text: str, on: date, legs: Sequence[tuple[str, int]], reference: str = "", by: Principal, at: datetime) -> Draft:
    """Enter sides of one's own; nothing is booked until a second person has seen them.

    :raises NotAnEntry: when they do not balance, or move what other parts of the server keep
    """
    by.must(KEEP)
    return written(Draft(kind=Draft.Kind.ENTRY, text=text, reference=reference, on=on, legs=list(legs)), by, at)


def written(draft: Draft, by: Principal, at: datetime) -> Draft:
    """Keep what somebody entered for a second person to see. An instrument: whoever calls has asked."""
    if by.person_id is None:
        raise SecondPersonNeeded
    draft.text, draft.reference = draft.text.strip()[:200], draft.reference.strip()[:80]
    if not draft.text:
        raise NotAnEntry(_("Say what it was."), field="text")
    if wrong := sides.faults(draft.kind, [(code, minor) for code, minor in draft.legs]):
        raise NotAnEntry(str(WRONG[wrong]), field="legs" if draft.kind == Draft.Kind.ENTRY else "amount")
    _open_day(draft.on, at)
    draft.currency = coops.of_scope(current_coop_id()).currency
    _is_owed(draft)
    draft.legs = [[code, minor] for code, minor in draft.legs]
    draft.made_by, draft.made_at = by.person_id, at
    draft.save(force_insert=True)
    return draft


def _is_owed(draft: Draft) -> None:
    """:raises NotAnEntry: when a payment is of more than stands on the account of what is owed"""
    for code, minor in sides.settled_by(draft.kind, [(code, minor) for code, minor in draft.legs]):
        owed = -books.balance(code, draft.currency).minor
        if minor > owed:
            left = formats.money(Money(max(0, owed), draft.currency))
            raise NotAnEntry(_("No more is owed there than %(left)s.") % {"left": left}, field="amount")


def _open_day(on: date, at: datetime) -> datetime:
    """Return the instant at which something of a day is booked: the day itself where it is over, now where it is today.

    :raises NotAnEntry: for a day that has not come, or is closed
    """
    today = timezone.localtime(at, periods.zone()).date()
    if on > today or on < today - timedelta(days=3653):
        raise NotAnEntry(_("Choose a day that has come, and not one of long ago."), field="on")
    when = at if on == today else periods.midnight(on) + timedelta(hours=12)
    closed = periods.closed_until()
    if closed is not None and when < closed:
        raise NotAnEntry(_("The books are closed for that day. Enter it on a day that is open."), field="on")
    return when


@transaction.atomic
def approve(*, draft: Draft, by: Principal, at: datetime) -> Draft:
    """Book what another person entered.

    :raises SecondPersonNeeded: for whoever entered it
    :raises NotAnEntry: when its day was closed, or what it pays was paid meanwhile
    """
    by.must(KEEP, draft)
    if by.person_id is None or draft.made_by == by.person_id:
        raise SecondPersonNeeded
    Tenant.lock_current()
    _is_owed(draft)
    when = _open_day(draft.on, at)
    number = _write_invoice(draft, draft.supplier, at) if draft.supplier is not None else draft.reference
    waiting = Draft.objects.filter(pk=draft.pk, state=Draft.State.WAITING)
    if not waiting.update(state=Draft.State.BOOKED, decided_by=by.person_id, decided_at=at, reference=number):
        raise Decided
    left = Money(-sum(minor for code, minor in draft.legs if code == "1000"), draft.currency)
    if settled := payouts.top_up_bank(left) if left.minor > 0 else []:
        # A fact of its own, and no side of what the two have seen.
        words = gettext_noop("Settled into the bank")
        ledger.post(key=f"draft:{draft.pk}:settled", narration=words, postings=settled, by=by, at=when)
    ledger.post(
        key=f"draft:{draft.pk}", narration=draft.text, subject=draft.subject, by=by, at=when,
        postings=[Leg(code, Money(minor, draft.currency)) for code, minor in draft.legs],
    )  # fmt: skip
    return Draft.objects.get(pk=draft.pk)


def _write_invoice(draft: Draft, supplier: Membership, at: datetime) -> str:
    """Write the invoice of what was bought of a member, in their name, and return its number."""
    job, tax = Principal.job(current_coop_id()), sum(abs(minor) for code, minor in draft.legs if code == "2310")
    if draft.corrects is not None:
        credited = sides.parts_of(draft.legs)
        return invoices.self_credit(
            subject=draft.corrects.subject, member=supplier, text=draft.text, net_minor=credited.net, vat_minor=credited.tax,
            on=draft.on, by=job, at=at,
        ).number  # fmt: skip
    invoice = invoices.self_bill(
        subject=draft.subject, member=supplier, currency=draft.currency, text=draft.text, net_minor=draft.amount.minor - tax,
        vat_minor=tax, on=draft.on, is_paid=draft.kind == Draft.Kind.RECEIPT, by=job, at=at,
    )  # fmt: skip
    return invoice.number


@transaction.atomic
def decline(*, draft: Draft, reason: str, by: Principal, at: datetime) -> Draft:
    """Take an entry out again before it is booked, and say why: whoever entered it may do so too."""
    by.must(KEEP, draft)
    if not reason.strip():
        raise ReasonNeeded
    waiting = Draft.objects.filter(pk=draft.pk, state=Draft.State.WAITING)
    changes = {"reason": reason.strip()[:400], "decided_by": by.person_id, "decided_at": at}
    if not waiting.update(state=Draft.State.DECLINED, **changes):
        raise Decided
    return Draft.objects.get(pk=draft.pk)
