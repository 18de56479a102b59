"""Wages leave on their day, whether or not the client has paid."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.trade.assignments import queries
from toadlane.trade.assignments.events import GuaranteeShort, WagePaid
from toadlane.trade.assignments.models import SETTLED, Assignment, Contract
from toadlane.trade.assignments.permissions import RUN
from toadlane.trade.assignments.services import letters
from toadlane.trade.assignments.services.activities import lock
from toadlane.trade.assignments.services.charging import SET_ASIDE, write_invoice
from toadlane.trade.assignments.services.errors import ManagerIsNoMember

WAGES, EMPLOYER, PROVISIONS = "6000", "6010", "6020"
NET, DUES, PUT_BY, OWED = "2200", "2210", "2220", "2110"


def pay_due(*, by: Principal, at: datetime) -> list[Contract]:
    """Pay every wage whose day has come, each by itself; what cannot be paid yet waits, and is looked at again.

    Where the client has not paid, the guarantee fund advances it if it answers for the order. It is asked in the order of
    the days on which wages are due.
    """
    by.must(RUN)
    return [paid for contract in queries.wages_due(at) if (paid := _pay(contract, by=by, at=at))]


@transaction.atomic
def _pay(contract: Contract, *, by: Principal, at: datetime) -> Contract | None:
    lock(contract.activity)
    contract = Contract.objects.select_for_update(of=("self",)).select_related("activity", "membership").get(pk=contract.pk)
    if contract.state != Contract.State.PLANNED:
        return None
    order = contract.assignment
    drawn = Money(0, contract.currency)
    if order is not None and order.state not in SETTLED:
        if (covered := _advanced(contract, order, by=by, at=at)) is None:
            return None
        drawn = covered
    elif contract.cost > queries.balance(contract.activity):
        return None
    _book(contract, by=by, at=at)
    contract.state, contract.paid_at, contract.drawn_minor, contract.short_since = Contract.State.PAID, at, drawn.minor, None
    contract.save(update_fields=["state", "paid_at", "drawn_minor", "short_since"])
    events.publish(WagePaid(
        contract_id=contract.pk, membership_id=contract.membership_id, net_minor=contract.net_minor, drawn_minor=drawn.minor,
        currency=contract.currency,
    ))  # fmt: skip
    letters.to_worker(contract, "wage", by=by, at=at)
    return contract


def _advanced(contract: Contract, order: Assignment, *, by: Principal, at: datetime) -> Money | None:
    """Take the cost of a wage out of the guarantee fund; None where it does not answer for it, or does not have it."""
    if queries.why_not_guaranteed(order):
        return None
    if order.may_be_invoiced:
        # What is owed to the fund afterwards is what the client owes: there has to be an invoice.
        try:
            order = write_invoice(assignment=order, by=by, at=at)
        except ManagerIsNoMember:
            return None
    if order.state != Assignment.State.INVOICED:
        return None
    # One at a time asks what the fund has.
    queries.lock_fund()
    missing = contract.cost - queries.fund_free(contract.currency)
    if missing.minor > 0:
        _tell_short(contract, missing, at)
        return None
    ledger.post(
        key=f"{contract.subject}:advanced", narration=_("A wage advanced by the guarantee fund"), subject=order.subject,
        by=by, at=at, postings=[
            ledger.debit(queries.ADVANCES, contract.cost, holder=queries.FUNDS_SIDE),
            ledger.credit(queries.ADVANCES, contract.cost, holder=order.subject),
            ledger.debit(SET_ASIDE, contract.cost),
            ledger.credit(queries.BUDGETS, contract.cost, holder=contract.activity.holder),
        ],
    )  # fmt: skip
    return contract.cost


def _tell_short(contract: Contract, missing: Money, at: datetime) -> None:
    """Say once that the fund cannot do what it is for; the office finds it on its desk until it can."""
    if contract.short_since is None:
        Contract.objects.filter(pk=contract.pk).update(short_since=at)
        events.publish(GuaranteeShort(contract_id=contract.pk, missing_minor=missing.minor, currency=missing.currency))


def _book(contract: Contract, *, by: Principal, at: datetime) -> None:
    """Book a wage: out of the activity's budget, into what is owed to the worker and to the state."""

    def of(minor: int) -> Money:
        return Money(minor, contract.currency)

    parts = ((WAGES, contract.gross_minor), (EMPLOYER, contract.employer_minor), (PROVISIONS, contract.provisions_minor))
    dues = contract.employer_minor + contract.worker_minor + contract.tax_minor
    owed = ((NET, contract.net_minor), (DUES, dues), (PUT_BY, contract.provisions_minor))
    ledger.post(
        key=f"{contract.subject}:wage", narration=_("A wage"), subject=contract.subject, by=by, at=at,
        postings=[
            *(ledger.debit(code, of(minor)) for code, minor in parts if minor),
            *(ledger.credit(code, of(minor)) for code, minor in owed if minor),
            ledger.debit(queries.BUDGETS, contract.cost, holder=contract.activity.holder, purpose="labor"),
            ledger.credit(SET_ASIDE, contract.cost),
        ],
    )  # fmt: skip
    if contract.net_minor:
        # From here on it goes the way of all that is owed to members: to the bank, seen by two.
        ledger.post(
            key=f"{contract.subject}:owed", narration=_("A wage to be sent"), subject=contract.subject, by=by, at=at,
            postings=[ledger.debit(NET, contract.net), ledger.credit(OWED, contract.net, holder=contract.membership.holder)],
        )  # fmt: skip
