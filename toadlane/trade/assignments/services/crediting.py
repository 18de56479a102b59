"""Credit notes: a part, or all, of what was invoiced to a client is not to be paid after all."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.invoicing import services as invoices
from toadlane.money.invoicing.policies import documents
from toadlane.money.ledger import services as ledger
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.trade.assignments import queries, rules
from toadlane.trade.assignments.events import AssignmentCredited
from toadlane.trade.assignments.models import Assignment, Contract, CreditNote
from toadlane.trade.assignments.permissions import CREDIT, FUND
from toadlane.trade.assignments.policies.standing import Credited
from toadlane.trade.assignments.services import letters
from toadlane.trade.assignments.services.charging import (
    PAID_IN,
    RECEIVABLE,
    SALES,
    SET_ASIDE,
    VAT,
    contribution,
    deal,
    lines_of,
    locked,
)
from toadlane.trade.assignments.services.errors import NotAnAmount, ReasonNeeded, WagesFirst, WrongMoment
from toadlane.trade.assignments.services.settling import ask_for_rest, released, repaid
from toadlane.ui import formats

STATE = Assignment.State


@transaction.atomic
def credit(
    *, assignment: Assignment, amount: Money | None, reason: str, key: str, by: Principal, at: datetime
) -> CreditNote:  # fmt: skip
    """Issue a credit note for a part of an invoice, or for all that is left of it.

    What the activity was given for it already comes out of its budget again; what it does not have any more is borne by the
    guarantee fund, as far as it has that out, and by the co-op. Then whoever keeps the fund has to say so.

    :param amount: before tax; None is all that is left
    :param key: of the intent: the same key credits once
    :raises NotAnAmount: when it is nothing, or more than is left
    :raises WagesFirst: when less would be left than wages cost that are to be paid, and the fund answers for them
    :raises NotPossible: while somebody says that the client's money has come, and nobody has confirmed it
    :raises ReasonNeeded, WrongMoment:
    """
    by.must(CREDIT, assignment.activity)
    if not reason.strip():
        raise ReasonNeeded
    assignment = locked(assignment)
    if known := CreditNote.objects.filter(key=_key(assignment, key)).first():
        return known
    if assignment.state not in (STATE.INVOICED, STATE.PAID):
        raise WrongMoment
    before = queries.standing(assignment)
    net = before.live_net if amount is None else amount.minor
    if net > before.live_net > 0:
        left = formats.money(Money(before.live_net, assignment.currency))
        raise NotAnAmount(gettext("No more than %(left)s before VAT is left of the invoice.") % {"left": left})
    if not 0 < net <= before.live_net or (amount is not None and amount.currency != assignment.currency):
        raise NotAnAmount
    credited = before.credit(net, Fraction(assignment.vat_rate))
    borne = _borne(assignment, credited)
    if borne["unearned_minor"] > borne["budget_minor"]:
        by.must(FUND, assignment)
    fed = contribution(assignment, before)
    with translation.override(assignment.language):
        issued = _issued(assignment, credited, reason.strip()[:300], is_whole=net == assignment.net_minor, at=at)
    was = assignment.state
    _apply(assignment, credited, at)
    if was == STATE.INVOICED:
        _wages_first(assignment)
    note = CreditNote.objects.create(
        assignment=assignment, key=_key(assignment, key), invoice=issued, reason=reason.strip()[:300], net_minor=net,
        vat_minor=credited.vat, back_minor=credited.back, at=at, made_by=str(by), **borne,
    )  # fmt: skip
    _book(note, credited, fed - contribution(assignment, assignment.standing), by=by, at=at)
    ask_for_rest(assignment, by=by, at=at)
    events.publish(AssignmentCredited(
        assignment_id=assignment.pk, activity_id=assignment.activity_id, invoice_id=issued.pk, minor=net + credited.vat,
        currency=assignment.currency,
    ))  # fmt: skip
    letters.to_client(assignment, "credit", by=by, at=at, credit=issued.number, credited=note.gross, back=note.back)
    return note


def _key(assignment: Assignment, key: str) -> str:
    return f"{assignment.pk}:{key}"[:120]


def _borne(assignment: Assignment, credited: Credited) -> dict[str, int]:
    """Return who bears what the activity was given for nothing: its own budget, the fund what it has out, the co-op the rest."""
    budget = min(credited.unearned, max(0, queries.available(assignment.activity).minor))
    fund = min(credited.unearned - budget, credited.cleared)
    return {"unearned_minor": credited.unearned, "budget_minor": budget, "fund_minor": fund}


def _issued(assignment: Assignment, credited: Credited, reason: str, *, is_whole: bool, at: datetime) -> Any:
    rate, kind = Fraction(assignment.vat_rate), assignment.vat_category
    lines = lines_of(assignment) if is_whole else [documents.Line(name=reason, net=credited.net, category=kind, rate=rate)]
    tax = documents.Tax(category=kind, rate=rate, basis=credited.net, tax=credited.vat, reason=assignment.vat_reason)
    assert assignment.invoice is not None
    return invoices.credit(
        deal=deal(assignment, f"{assignment.title} · {reason}"), invoice=assignment.invoice, lines=lines, taxes=[tax],
        by=Principal.job(assignment.coop_id), at=at,
    )  # fmt: skip


def _apply(assignment: Assignment, credited: Credited, at: datetime) -> None:
    assignment.credited_net_minor += credited.net
    assignment.credited_vat_minor += credited.vat
    assignment.received_minor -= credited.back
    assignment.unearned_minor += credited.unearned
    assignment.released_minor += credited.released
    if not assignment.standing.live_net:
        assignment.state = STATE.CREDITED
    elif not assignment.to_pay and assignment.state == STATE.INVOICED:
        assignment.state, assignment.paid_at = STATE.PAID, at
    assignment.save(update_fields=[
        "credited_net_minor", "credited_vat_minor", "received_minor", "unearned_minor", "released_minor", "state", "paid_at",
    ])  # fmt: skip


def _wages_first(assignment: Assignment) -> None:
    """Refuse to take away what the fund answers for: work that is to be paid stays paid by it."""
    planned = assignment.contracts.filter(state=Contract.State.PLANNED)
    if (
        queries.contracted(assignment) > assignment.labor.minor
        and planned.exists()
        and not queries.why_not_guaranteed(assignment)
    ):
        raise WagesFirst


def _book(note: CreditNote, credited: Credited, fed: int, *, by: Principal, at: datetime) -> None:
    one = note.assignment

    def of(minor: int) -> Money:
        return Money(minor, one.currency)

    legs = [ledger.debit(SALES, of(credited.net))]
    if credited.vat:
        legs.append(ledger.debit(VAT, of(credited.vat)))
    if credited.forgiven:
        legs.append(ledger.credit(RECEIVABLE, of(credited.forgiven), holder=one.subject))
    if credited.back:
        legs.append(ledger.credit(queries.CREDIT, of(credited.back), holder=one.subject))
    if note.budget_minor:
        legs.append(ledger.debit(queries.BUDGETS, of(note.budget_minor), holder=one.activity.holder, purpose="transfer"))
    if note.fund_minor:
        legs.append(ledger.debit(queries.FUND, of(note.fund_minor), purpose="client_default"))
    if undone := note.budget_minor + note.fund_minor:
        legs.append(ledger.credit(SET_ASIDE, of(undone)))
    legs += [*repaid(one, credited.cleared + credited.repaid), *released(one, credited.released)]
    # What went into the fund with the invoice comes out with it, as far as the fund has not got it out.
    free = queries.fund_free(one.currency).minor + credited.cleared + credited.repaid - note.fund_minor
    if back := min(fed, max(0, free)):
        legs += [ledger.debit(queries.FUND, of(back), purpose="contribution_reversal", rule=rules.CONTRIBUTION,
                              rule_version=one.rule_version), ledger.credit(PAID_IN, of(back))]  # fmt: skip
    ledger.post(
        key=f"{one.subject}:credited:{note.pk}", narration=_("Credited to a client"), subject=one.subject, postings=legs, by=by,
        at=at,
    )  # fmt: skip
