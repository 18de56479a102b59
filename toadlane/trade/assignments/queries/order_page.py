"""All that somebody may see and do of an order."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.plumbing.access.principals import Principal
from toadlane.trade.assignments.models import Assignment, Contract, CreditNote, Remark
from toadlane.trade.assignments.permissions import CREDIT, MANAGE
from toadlane.trade.assignments.permissions import FUND as FUND_KEEPERS
from toadlane.trade.assignments.queries import orders
from toadlane.ui import formats
from toadlane.ui.shapes import Moment


@dataclass(frozen=True, kw_only=True)
class Page:
    """All that somebody may see and do of an order."""

    assignment: Assignment
    contracts: list[Contract]
    uncontracted: Money
    owed: Money
    credit: Money
    others: list[Assignment]
    credit_notes: list[CreditNote]
    remarks: list[Remark]
    advanced: Money
    not_guaranteed: str
    reference: str
    days_late: int
    story: list[Moment]
    deeds: frozenset[str]


def page(assignment: Assignment, by: Principal, today: date, *, may_invoice: bool) -> Page:
    paying = orders.payment(assignment)
    state = Assignment.State
    deeds = set()
    if by.may(MANAGE, assignment.activity):
        deeds |= {"send", "drop"} if assignment.is_open else set()
        deeds |= {"drop"} if assignment.state == state.CONFIRMED else set()
        deeds |= {"edit"} if assignment.is_open and may_invoice else set()
        deeds |= {"answer"} if assignment.state in (state.SENT, state.CONFIRMED, state.INVOICED) else set()
        deeds |= {"invoice"} if assignment.may_be_invoiced and may_invoice else set()
        over = (state.DECLINED, state.DROPPED, state.DEFAULTED, state.CREDITED)
        deeds |= {"contract"} if assignment.state not in over and not assignment.defaulted_at else set()
    keeps = bool(by.may(FUND_KEEPERS, assignment))
    if keeps and assignment.state == state.INVOICED:
        deeds.add("give_up")
    if assignment.state in (state.INVOICED, state.PAID) and by.may(CREDIT, assignment.activity):
        deeds.add("credit")
    credit = orders.credit_of(assignment)
    if keeps and credit.minor > 0:
        deeds.add("decide")
    late = (today - assignment.due_on).days if assignment.due_on and assignment.state == state.INVOICED else 0
    return Page(
        assignment=assignment, contracts=list(assignment.contracts.select_related("membership__person").order_by("pk")),
        uncontracted=assignment.labor - Money(orders.contracted(assignment), assignment.currency),
        owed=orders.owed(assignment), credit=credit,
        others=orders.others_of_client(assignment) if "decide" in deeds else [],
        credit_notes=orders.credit_notes(assignment), remarks=orders.remarks(assignment),
        advanced=orders.advanced(assignment), not_guaranteed=orders.why_not_guaranteed(assignment),
        reference=paying.reference if paying else "", days_late=max(late, 0), story=story(assignment), deeds=frozenset(deeds),
    )  # fmt: skip


def story(assignment: Assignment) -> list[Moment]:
    one = assignment
    told = [Moment(one.made_at, _("The quote was written."))]
    if one.sent_at:
        told.append(Moment(one.sent_at, _("It was sent to %(email)s.") % {"email": one.client_email}))
    if one.confirmed_at:
        told.append(Moment(one.confirmed_at, _("confirmed the order."), who=one.confirmed_name))
    if one.invoice:
        told.append(
            Moment(one.invoice.issued_at, _("Invoice %(number)s was issued.") % {"number": formats.apart(one.invoice.number)})
        )
    for row in one.reminders.order_by("step"):
        told.append(Moment(row.sent_at, _("Reminder %(step)s was sent.") % {"step": row.step}))
    advanced_at = one.contracts.filter(drawn_minor__gt=0, paid_at__isnull=False).values_list("paid_at", flat=True)
    told += [Moment(at, _("A wage left. The guarantee fund advanced it.")) for at in advanced_at if at]
    if one.defaulted_at:
        told.append(Moment(one.defaulted_at, _("It was given up: nobody expects the money any more.")))
    for old in one.revisions.order_by("version"):
        told.append(Moment(old.replaced_at, _("Version %(number)s was changed.") % {"number": old.version}))
    for receipt in one.receipts.select_related("assignment").order_by("pk"):
        words = _("%(amount)s came.") % {"amount": formats.money(receipt.amount)}
        over = _("%(amount)s more than was owed.") % {"amount": formats.money(receipt.over)} if receipt.over_minor else ""
        told.append(Moment(receipt.at, words, detail=over))
    for note in orders.credit_notes(one):
        words = _("Credit note %(number)s was issued.") % {"number": formats.apart(note.invoice.number)}
        told.append(Moment(note.at, words, detail=note.reason))
    if one.paid_at:
        told.append(Moment(one.paid_at, _("The client has paid.")))
    return sorted(told, key=lambda moment: str(moment.at))
