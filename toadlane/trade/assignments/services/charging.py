"""An order invoiced by the co-op in its own name, the client's money, reminders, and what happens when it never comes."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from toadlane.kernel.money import Money
from toadlane.kernel.rates import half_up
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing import services as invoices
from toadlane.money.invoicing.policies import documents
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import queries as paying
from toadlane.money.payments import services as payments
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.society.bylaws import queries as bylaws
from toadlane.trade.assignments import queries, rules
from toadlane.trade.assignments.events import AssignmentDefaulted, AssignmentInvoiced, AssignmentPaid
from toadlane.trade.assignments.models import Assignment, Contract, Reminder
from toadlane.trade.assignments.permissions import FUND, MANAGE, RUN
from toadlane.trade.assignments.services import letters
from toadlane.trade.assignments.services.errors import ManagerIsNoMember, ReasonNeeded, WagesFirst, WrongMoment

RECEIVABLE, SALES, VAT, HELD, BAD_DEBTS = "1200", "4000", "2310", "2100", "6210"
SET_ASIDE, PAID_IN = "6030", "6300"
STATE = Assignment.State


def invoice(*, assignment: Assignment, by: Principal, at: datetime) -> Assignment:
    """Issue the co-op's invoice for an order. Asked again, nothing happens twice.

    :raises ManagerIsNoMember: no new money enters an activity whose manager is no member
    :raises WrongMoment: when it was declined or dropped
    """
    by.must(MANAGE, assignment.activity)
    return write_invoice(assignment=assignment, by=by, at=at)


@transaction.atomic
def write_invoice(*, assignment: Assignment, by: Principal, at: datetime) -> Assignment:
    """The same, for whoever has been asked who they are already: the manager, or the timer that pays wages."""
    assignment = _locked(assignment)
    if assignment.invoice_id:
        return assignment
    if not assignment.may_be_invoiced:
        raise WrongMoment
    if not queries.manager_is_member(assignment.activity):
        raise ManagerIsNoMember
    job = Principal.job(by.coop_id)
    payment = payments.begin(
        subject=assignment.subject, amount=assignment.gross, method="transfer", key=f"{assignment.subject}:invoice",
        payer_hint=assignment.client_name[:120], by=job, at=at,
    )  # fmt: skip
    due_on = invoicing.local_day(at) + timedelta(days=queries.terms.number(rules.CLIENT_DAYS, version=assignment.rule_version))
    with translation.override(assignment.language):
        issued = _issued(assignment, payment.reference, due_on, at)
    _book(assignment, by=by, at=at)
    assignment.state, assignment.invoice, assignment.due_on = STATE.INVOICED, issued, due_on
    assignment.save(update_fields=["state", "invoice", "due_on"])
    events.publish(AssignmentInvoiced(assignment_id=assignment.pk, activity_id=assignment.activity_id, invoice_id=issued.pk))
    letters.to_client(assignment, "invoice", by=by, at=at)
    return assignment


def _issued(assignment: Assignment, reference: str, due_on: Any, at: datetime) -> Any:
    rate = Fraction(assignment.vat_rate)
    deal = invoicing.Deal(
        subject=assignment.subject, role="supply", seller=None, buyer=queries.client(assignment), currency=assignment.currency,
        supplied_on=assignment.last_day, note=_how_to_pay(assignment, reference, at), due_on=due_on, reference=reference,
    )  # fmt: skip
    lines = [
        documents.Line(name=one["text"], net=one["minor"], category=assignment.vat_category, rate=rate)
        for one in assignment.lines
    ]
    tax = documents.Tax(
        category=assignment.vat_category, rate=rate, basis=assignment.net_minor, tax=assignment.vat_minor,
        reason=assignment.vat_reason,
    )  # fmt: skip
    return invoices.issue(deal=deal, lines=lines, taxes=[tax], by=Principal.job(assignment.coop_id), at=at)


def _how_to_pay(assignment: Assignment, reference: str, at: datetime) -> str:
    parts = [assignment.title]
    if account := paying.account(at):
        told = {"name": account.name, "iban": account.number, "reference": reference}
        parts.append(gettext("Please transfer it to %(name)s, %(iban)s, with the reference %(reference)s.") % told)
    return " · ".join(parts)


def _book(assignment: Assignment, *, by: Principal, at: datetime) -> None:
    """Book what the client owes, and what goes into the guarantee fund of it."""
    version = {"rule": rules.CONTRIBUTION, "rule_version": assignment.rule_version}
    legs = [
        ledger.debit(RECEIVABLE, assignment.gross, holder=assignment.subject),
        ledger.credit(SALES, assignment.net, rule=rules.FEE, rule_version=assignment.rule_version),
    ]
    if assignment.vat_minor:
        legs.append(ledger.credit(VAT, assignment.vat))
    share = Fraction(bylaws.book(version=assignment.rule_version).value(rules.CONTRIBUTION))
    part = min(half_up(assignment.net_minor * share), assignment.fee_minor)
    if part:
        legs += [ledger.debit(PAID_IN, Money(part, assignment.currency), **version),
                 ledger.credit(queries.FUND, Money(part, assignment.currency), **version)]  # fmt: skip
    ledger.post(
        key=f"{assignment.subject}:invoiced", narration=gettext_noop("Invoiced to a client"), subject=assignment.subject,
        postings=legs, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def settle(*, assignment: Assignment, minor: int, by: Principal, at: datetime) -> Assignment:
    """Book that the client has paid: what the fund advanced goes back into it, and the rest into the activity's budget.

    Told twice, it happens once. Money for what was given up undoes that first.
    """
    by.must(RUN)
    assignment = _locked(assignment)
    if assignment.state not in (STATE.INVOICED, STATE.DEFAULTED) or minor != assignment.gross.minor:
        return assignment
    gross, advanced = assignment.gross, queries.drawn(assignment)
    legs = [ledger.debit(HELD, gross)]
    if assignment.state == STATE.INVOICED:
        legs.append(ledger.credit(RECEIVABLE, gross, holder=assignment.subject))
        legs += _repaid(assignment, advanced)
    else:
        legs += _undone(assignment, advanced)
    if rest := assignment.labor - advanced:
        legs += [ledger.debit(SET_ASIDE, rest), ledger.credit(queries.BUDGETS, rest, holder=assignment.activity.holder)]
    ledger.post(
        key=f"{assignment.subject}:paid", narration=gettext_noop("Paid by a client"), subject=assignment.subject, postings=legs,
        by=by, at=at,
    )  # fmt: skip
    assignment.state, assignment.paid_at = STATE.PAID, at
    assignment.save(update_fields=["state", "paid_at"])
    events.publish(
        AssignmentPaid(assignment_id=assignment.pk, activity_id=assignment.activity_id, minor=minor, currency=gross.currency)
    )
    return assignment


def _repaid(assignment: Assignment, advanced: Money) -> list[ledger.Leg]:
    """Take what the fund has out for an order off both of its sides: it is out no longer."""
    if not advanced:
        return []
    return [
        ledger.debit(queries.ADVANCES, advanced, holder=assignment.subject),
        ledger.credit(queries.ADVANCES, advanced, holder=queries.FUNDS_SIDE),
    ]


def _undone(assignment: Assignment, advanced: Money) -> list[ledger.Leg]:
    """Put back what was given up, each part where it came from."""
    vat, lost = _given_up(assignment, advanced)
    parts = ((VAT, vat), (queries.FUND, advanced), (BAD_DEBTS, lost))
    return [ledger.credit(code, part) for code, part in parts if part]


def _given_up(assignment: Assignment, advanced: Money) -> tuple[Money, Money]:
    """Return what of a lost invoice the tax office gives back, and what is lost: neither the fund's nor the tax office's."""
    vat = assignment.vat if assignment.vat_relieved else Money(0, assignment.currency)
    return vat, assignment.gross - vat - advanced


@transaction.atomic
def give_up(*, assignment: Assignment, reason: str, by: Principal, at: datetime) -> Assignment:
    """Say that the client will never pay. The guarantee fund bears what it advanced, the co-op the rest.

    :raises WagesFirst: while wages are to be paid that the fund answers for
    :raises WrongMoment, ReasonNeeded:
    """
    by.must(FUND, assignment)
    if not reason.strip():
        raise ReasonNeeded
    assignment = _locked(assignment)
    if assignment.state != STATE.INVOICED:
        raise WrongMoment
    planned = assignment.contracts.filter(state=Contract.State.PLANNED)
    if planned.exists() and not queries.why_not_guaranteed(assignment):
        raise WagesFirst
    planned.update(state=Contract.State.CANCELLED)
    assignment.vat_relieved = queries.terms.flag(rules.VAT_RELIEF)
    advanced = queries.drawn(assignment)
    vat, lost = _given_up(assignment, advanced)
    legs = [ledger.credit(RECEIVABLE, assignment.gross, holder=assignment.subject)]
    if vat:
        legs.append(ledger.debit(VAT, vat, rule=rules.VAT_RELIEF))
    if advanced:
        legs += [ledger.debit(queries.FUND, advanced, purpose="client_default"), *_repaid(assignment, advanced)]
    if lost:
        legs.append(ledger.debit(BAD_DEBTS, lost))
    ledger.post(
        key=f"{assignment.subject}:given-up", narration=gettext_noop("Given up: a client does not pay"),
        subject=assignment.subject, postings=legs, by=by, at=at,
    )  # fmt: skip
    assignment.state, assignment.defaulted_at, assignment.defaulted_because = STATE.DEFAULTED, at, reason.strip()[:400]
    assignment.save(update_fields=["state", "defaulted_at", "defaulted_because", "vat_relieved"])
    events.publish(AssignmentDefaulted(
        assignment_id=assignment.pk, activity_id=assignment.activity_id, minor=assignment.gross.minor,
        currency=assignment.currency,
    ))  # fmt: skip
    return assignment


def remind(*, by: Principal, at: datetime) -> int:
    """Write to every client who is late, one step at a time; return how many letters that were."""
    by.must(RUN)
    days, today, sent = queries.terms.reminder_days(), invoicing.local_day(at), 0
    for assignment in queries.late(today):
        late = (today - assignment.due_on).days if assignment.due_on else 0
        # Where the server slept through a step, the newest one is written, and no heap of letters.
        step = max((number for number, day in enumerate(days, start=1) if day <= late), default=0)
        if step > max(assignment.reminders.values_list("step", flat=True), default=0):
            _remind(assignment, step, late, by=by, at=at)
            sent += 1
    return sent


@transaction.atomic
def _remind(assignment: Assignment, step: int, late: int, *, by: Principal, at: datetime) -> None:
    Reminder.objects.create(assignment=assignment, step=step, sent_at=at)
    letters.to_client(assignment, "reminder", by=by, at=at, step=step, late=late)


def _locked(assignment: Assignment) -> Assignment:
    return Assignment.objects.select_for_update(of=("self",)).select_related("activity").get(pk=assignment.pk)
