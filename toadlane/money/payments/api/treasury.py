"""Payments, payouts and refunds: the treasurer’s side, what a member has earned, and the provider’s notices."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries, schemas
from toadlane.money.payments import services as payments
from toadlane.money.payments.api.common import Key, Signed, money, router
from toadlane.money.payments.permissions import OVERSEE
from toadlane.plumbing.access.lists import bounded, each, paged
from toadlane.plumbing.access.paging import MOST, page
from toadlane.plumbing.access.requests import CoopRequest


def _payment(row: Any, vouchers: Mapping[UUID, list[str]] | None = None) -> dict[str, Any]:
    known = queries.vouchers_of([row]) if vouchers is None else vouchers
    return {
        "id": row.pk, "subject": row.subject, "method": row.method, "provider": row.provider, "state": row.state,
        "reason": row.reason, "amount": money(row.amount), "captured": money(row.captured), "refunded": money(row.refunded),
        "reference": row.reference, "page": queries.address_of(row), "begun_at": row.begun_at, "settled_at": row.settled_at,
        "is_recorded": row.doing == "confirm", "vouchers": known.get(row.pk, []),
        "worth": money(row.vouchers_worth) if row.vouchers_worth else None, "in_cash": money(row.in_cash),
    }  # fmt: skip


def _payout(row: Any, names: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "state": row.state, "reason": row.reason, "amount": money(row.amount), "asked_at": row.asked_at,
        "settled_at": row.settled_at, "is_recorded": row.recorded_by is not None, "holder": row.holder,
        "name": names[row.holder].label, "account": row.code, "subject": row.subject,
    }  # fmt: skip


def _refund(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "payment": row.payment_id, "state": row.state, "amount": money(row.amount), "reason": row.reason,
        "asked_at": row.asked_at, "settled_at": row.settled_at, "is_recorded": row.recorded_by is not None,
    }  # fmt: skip


def _found(pk: UUID) -> Any:
    if (payment := queries.payment(pk)) is None:
        raise Http404
    return payment


@router.get("/methods", auth=None, response=list[schemas.MethodOut], summary="How one can pay here")
@bounded("the ways to pay that the co-op has switched on")
def methods(request: CoopRequest) -> Any:
    return [{"method": method} for method in queries.methods()]


@router.get("", response=schemas.PaymentsOut, summary="Payments, the newest first, for the treasurer")
def listed(request: CoopRequest, state: str = "", cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(OVERSEE)
    found = page(queries.payments(state=state), cursor=cursor, limit=limit, order=("-begun_at", "-pk"))
    vouchers = queries.vouchers_of(found.items)
    return {"items": [_payment(row, vouchers) for row in found.items], "next": found.next}


@router.get("/payouts", response=schemas.PayoutsOut, summary="Payouts: all for the treasurer, their own for a member")
def payouts(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    holders = _holders(request)
    found = page(queries.payouts(holders=holders), cursor=cursor, limit=limit, order=("-asked_at", "-pk"))
    names = books.names.holders([row.holder for row in found.items])
    return {"items": [_payout(row, names) for row in found.items], "next": found.next}


def _due(_request: CoopRequest, rows: Any) -> list[dict[str, Any]]:
    names = books.names.holders([row.holder for row in rows])
    return [
        {"holder": row.holder, "name": names[row.holder].label, "total": money(row.total), "due": money(row.due)} for row in rows
    ]


@router.get("/owed", response=list[schemas.OwedOut], summary="What is owed: to all for the treasurer, to oneself for a member")
@paged("holder", "total__currency", tell=_due)
def owed(request: CoopRequest) -> Any:
    return queries.owed(request.now, holders=_holders(request))


def _holders(request: CoopRequest) -> list[str] | None:
    """Return whose money the asker may see: None is everybody's."""
    if request.by.may(OVERSEE):
        return None
    if not request.by.memberships:
        request.by.must(OVERSEE)
    return [f"membership:{pk}" for pk in sorted(request.by.memberships)]


def _alarm(one: queries.Alarm) -> dict[str, Any]:
    return {"kind": one.kind, "what": one.what, "amount": money(one.amount), "since": one.since}


@router.get("/alarms", response=list[schemas.AlarmOut], summary="Money that should have moved and has not")
@paged("key", tell=each(_alarm))
def alarms(request: CoopRequest) -> Any:
    request.by.must(OVERSEE)
    return queries.alarms(request.now)


@router.get("/{uuid:payment_id}", response=schemas.PaymentOut, summary="One payment")
def payment(request: CoopRequest, payment_id: UUID) -> Any:
    request.by.must(OVERSEE)
    return _payment(_found(payment_id))


@router.post("/{uuid:payment_id}/record", response=schemas.PaymentOut, summary="Say that money came by hand")
def record(request: CoopRequest, payment_id: UUID, given: schemas.RecordIn | None = None, key: Key = None) -> Any:
    """Repeating it is harmless, with or without an Idempotency-Key: a payment is recorded once.

    Where it may be paid in parts, `minor` says how much came: the answer is that part, and the rest is still asked for. What is
    paid with vouchers needs their numbers and what they are worth together: one that has paid for something else is refused
    with 409. Where they are worth less than the price, `rest` says that what is missing came in cash.
    """
    request.by.must(OVERSEE)
    found = _found(payment_id)
    if given and given.minor is not None:
        return _payment(
            payments.record_part(payment=found, amount=Money(given.minor, found.currency), by=request.by, at=request.now)
        )
    handed = None
    if given and given.vouchers:
        worth = Money(given.worth, found.currency) if given.worth is not None else None
        handed = payments.Vouchers(given.vouchers, worth, given.rest)
    return _payment(payments.record_receipt(payment=found, handed=handed, by=request.by, at=request.now))


@router.post("/{uuid:payment_id}/confirm", response=schemas.PaymentOut, summary="Confirm, as a second person, that it came")
def confirm(request: CoopRequest, payment_id: UUID, key: Key = None) -> Any:
    """Books the payment. Repeating it is harmless: a payment is confirmed once."""
    request.by.must(OVERSEE)
    return _payment(payments.confirm_receipt(payment=_found(payment_id), by=request.by, at=request.now))


@router.post("/{uuid:payment_id}/reject", response=schemas.PaymentOut, summary="Say that it did not come after all")
def reject(request: CoopRequest, payment_id: UUID, key: Key = None) -> Any:
    request.by.must(OVERSEE)
    return _payment(payments.reject_receipt(payment=_found(payment_id), by=request.by, at=request.now))


@router.post("/{uuid:payment_id}/reconcile", response=schemas.PaymentOut, summary="Ask the provider what became of a payment")
def reconcile(request: CoopRequest, payment_id: UUID, key: Key = None) -> Any:
    return _payment(payments.reconcile(payment=_found(payment_id), by=request.by, at=request.now))


@router.post("/payouts/run", response=schemas.PayoutsOut, summary="Send what is due now")
def run_payouts(request: CoopRequest, key: Key = None) -> Any:
    """One payout a day and holder: repeating it sends nothing twice. The first of them are told; `/payouts` lists all."""
    made = payments.pay_out(by=request.by, at=request.now)[:MOST]
    names = books.names.holders([row.holder for row in made])
    return {"items": [_payout(row, names) for row in made], "next": None}


@router.post("/payouts/{uuid:payout_id}/record", response=schemas.PayoutOut, summary="Say that a payout was sent by hand")
def record_payout(request: CoopRequest, payout_id: UUID, key: Key = None) -> Any:
    return _errand(request, queries.payout(payout_id), payments.record_sent)


@router.post(
    "/payouts/{uuid:payout_id}/confirm", response=schemas.PayoutOut, summary="Confirm, as a second person, that it was sent"
)
def confirm_payout(request: CoopRequest, payout_id: UUID, key: Key = None) -> Any:
    return _errand(request, queries.payout(payout_id), payments.confirm_sent)


@router.post("/reconcile", response=schemas.SweptOut, summary="Ask the provider about every call without an answer")
def sweep(request: CoopRequest) -> Any:
    return {"asked_about": payments.sweep(by=request.by, at=request.now)}


@router.get("/refunds", response=list[schemas.RefundOut], summary="Refunds that people have to send by hand")
@paged("asked_at", "pk", tell=each(_refund))
def refunds(request: CoopRequest) -> Any:
    request.by.must(OVERSEE)
    return queries.refunds_by_hand()


@router.get("/refunds/refused", response=list[schemas.RefundOut], summary="Refunds that a company or a bank refused for good")
@paged("asked_at", "pk", tell=each(_refund))
def refused_refunds(request: CoopRequest) -> Any:
    request.by.must(OVERSEE)
    return queries.refused_refunds()


@router.post(
    "/refunds/{uuid:refund_id}/another-way", response=schemas.RefundOut, summary="Owe a refused refund, to send it another way"
)
def another_way(request: CoopRequest, refund_id: UUID, key: Key = None) -> Any:
    """From here on it waits among the refunds that people send by hand."""
    request.by.must(OVERSEE)
    found = queries.refund(refund_id)
    if found is None:
        raise Http404
    return _refund(payments.owe_refused(refund=found, by=request.by, at=request.now))


@router.post("/refunds/{uuid:refund_id}/record", response=schemas.RefundOut, summary="Say that a refund was sent by hand")
def record_refund(request: CoopRequest, refund_id: UUID, key: Key = None) -> Any:
    return _refund(_sent(request, queries.refund(refund_id), payments.record_sent))


@router.post(
    "/refunds/{uuid:refund_id}/confirm", response=schemas.RefundOut, summary="Confirm, as a second person, that it was sent"
)
def confirm_refund(request: CoopRequest, refund_id: UUID, key: Key = None) -> Any:
    return _refund(_sent(request, queries.refund(refund_id), payments.confirm_sent))


def _errand(request: CoopRequest, found: Any, deed: Any) -> dict[str, Any]:
    sent = _sent(request, found, deed)
    return _payout(sent, books.names.holders([sent.holder]))


def _sent(request: CoopRequest, found: Any, deed: Any) -> Any:
    request.by.must(OVERSEE)
    if found is None:
        raise Http404
    deed(errand=found, by=request.by, at=request.now)
    found.refresh_from_db()
    return found


# What a provider sends is its own to word; it is read whole, for it is signed whole.
AS_THE_PROVIDER_SENDS_IT = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object", "title": "Notice"}}}}
}


@router.post(
    "/notices", auth=None, response={204: None}, summary="A notice of the payment provider",
    openapi_extra=AS_THE_PROVIDER_SENDS_IT,
)  # fmt: skip
def notice(request: CoopRequest, signature: Signed = "") -> Any:
    """Signed over the whole body: `Toadlane-Signature: t=<unix time>,v1=<HMAC-SHA256 of "t.body">`. May come many times."""
    headers = {"Toadlane-Signature": signature}
    payments.receive(body=request.body, headers=headers, by=request.by, at=request.now)
    return 204, None


@router.post(
    "/notices/{provider}", auth=None, response={204: None}, summary="A notice of one of the card companies",
    openapi_extra=AS_THE_PROVIDER_SENDS_IT,
)  # fmt: skip
def notice_of(request: CoopRequest, provider: str) -> Any:
    """Signed as the company signs. What it is about is looked up at the company; it may come late, twice and in any order."""
    payments.receive(body=request.body, headers=request.headers, provider=provider, by=request.by, at=request.now)
    return 204, None
