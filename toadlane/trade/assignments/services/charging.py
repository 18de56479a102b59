"""An order invoiced by the co-op in its own name."""

from dataclasses import replace
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
from toadlane.trade.assignments.events import AssignmentInvoiced
from toadlane.trade.assignments.models import Assignment
from toadlane.trade.assignments.permissions import MANAGE
from toadlane.trade.assignments.policies.standing import Standing
from toadlane.trade.assignments.services import letters
from toadlane.trade.assignments.services.activities import lock
from toadlane.trade.assignments.services.errors import ManagerIsNoMember, WrongMoment

RECEIVABLE, SALES, VAT, SET_ASIDE, PAID_IN = "1200", "4000", "2310", "6030", "6300"
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
    assignment = locked(assignment)
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
    dealt = replace(deal(assignment, _how_to_pay(assignment, reference, at)), due_on=due_on, reference=reference)
    lines = lines_of(assignment)
    tax = documents.Tax(
        category=assignment.vat_category, rate=rate, basis=assignment.net_minor, tax=assignment.vat_minor,
        reason=assignment.vat_reason,
    )  # fmt: skip
    return invoices.issue(deal=dealt, lines=lines, taxes=[tax], by=Principal.job(assignment.coop_id), at=at)


def deal(assignment: Assignment, note: str) -> invoicing.Deal:
    """Return what its invoice and its credit notes are about."""
    return invoicing.Deal(
        subject=assignment.subject, role="supply", seller=None, buyer=queries.client(assignment), currency=assignment.currency,
        supplied_on=assignment.last_day, note=note,
    )  # fmt: skip


def lines_of(assignment: Assignment) -> list[documents.Line]:
    rate = Fraction(assignment.vat_rate)
    return [
        documents.Line(name=one["text"], net=one["minor"], category=assignment.vat_category, rate=rate)
        for one in assignment.lines
    ]


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
    if part := contribution(assignment, assignment.standing):
        legs += [ledger.debit(PAID_IN, Money(part, assignment.currency), **version),
                 ledger.credit(queries.FUND, Money(part, assignment.currency), **version)]  # fmt: skip
    ledger.post(
        key=f"{assignment.subject}:invoiced", narration=gettext_noop("Invoiced to a client"), subject=assignment.subject,
        postings=legs, by=by, at=at,
    )  # fmt: skip


def contribution(assignment: Assignment, standing: Standing) -> int:
    """Return what goes into the guarantee fund of an invoice that stands so, in minor units."""
    share = Fraction(bylaws.book(version=assignment.rule_version).value(rules.CONTRIBUTION))
    return min(half_up(standing.live_net * share), standing.live_fee)


def locked(assignment: Assignment) -> Assignment:
    """Return an order as it is now, nobody else changing it: the activity first, as whoever pays wages does."""
    lock(assignment.activity)
    return Assignment.objects.select_for_update(of=("self",)).select_related("activity", "invoice").get(pk=assignment.pk)
