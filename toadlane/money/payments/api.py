"""Payments over REST: the treasurer's side, what a member has earned, and the provider's notices.

Paying itself is part of a checkout; see the orders.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from ninja import Header, Router

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries, schemas
from toadlane.money.payments import services as payments
from toadlane.money.payments.permissions import OVERSEE
from toadlane.plumbing.access.lists import bounded, each, paged
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops import queries as coops
from toadlane.ui import formats

router = Router(tags=["payments"])
server = Router(tags=["payments"])
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=100)]
Signed = Annotated[str, Header(alias="Toadlane-Signature", max_length=200)]


def _money(amount: Money) -> dict[str, Any]:
    return {"minor": amount.minor, "currency": amount.currency, "text": formats.money(amount)}


def _payment(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "subject": row.subject, "method": row.method, "provider": row.provider, "state": row.state,
        "reason": row.reason, "amount": _money(row.amount), "captured": _money(row.captured), "refunded": _money(row.refunded),
        "reference": row.reference, "page": queries.address_of(row), "begun_at": row.begun_at, "settled_at": row.settled_at,
        "is_recorded": row.doing == "confirm",
    }  # fmt: skip


def _payout(row: Any, names: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "state": row.state, "reason": row.reason, "amount": _money(row.amount), "asked_at": row.asked_at,
        "settled_at": row.settled_at, "is_recorded": row.recorded_by is not None, "holder": row.holder,
        "name": names[row.holder].label, "account": row.code, "subject": row.subject,
    }  # fmt: skip


def _refund(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "payment": row.payment_id, "state": row.state, "amount": _money(row.amount), "reason": row.reason,
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
    return {"items": [_payment(row) for row in found.items], "next": found.next}


@router.get("/payouts", response=schemas.PayoutsOut, summary="Payouts: all for the treasurer, their own for a member")
def payouts(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    holders = _holders(request)
    found = page(queries.payouts(holders=holders), cursor=cursor, limit=limit, order=("-asked_at", "-pk"))
    names = books.names.holders([row.holder for row in found.items])
    return {"items": [_payout(row, names) for row in found.items], "next": found.next}


def _due(_request: CoopRequest, rows: Any) -> list[dict[str, Any]]:
    names = books.names.holders([row.holder for row in rows])
    return [
        {"holder": row.holder, "name": names[row.holder].label, "total": _money(row.total), "due": _money(row.due)}
        for row in rows
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
    return {"kind": one.kind, "what": one.what, "amount": _money(one.amount), "since": one.since}


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

    Where it may be paid in parts, `minor` says how much came: the answer is that part, and the rest is still asked for.
    """
    request.by.must(OVERSEE)
    found = _found(payment_id)
    if given and given.minor is not None:
        return _payment(
            payments.record_part(payment=found, amount=Money(given.minor, found.currency), by=request.by, at=request.now)
        )
    return _payment(payments.record_receipt(payment=found, by=request.by, at=request.now))


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
    """One payout a day and holder: repeating it sends nothing twice."""
    made = payments.pay_out(by=request.by, at=request.now)
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


@router.post("/notices", auth=None, response={204: None}, summary="A notice of the payment provider")
def notice(request: CoopRequest, signature: Signed = "") -> Any:
    """Signed over the whole body: `Toadlane-Signature: t=<unix time>,v1=<HMAC-SHA256 of "t.body">`. May come many times."""
    headers = {"Toadlane-Signature": signature}
    payments.receive(body=request.body, headers=headers, by=request.by, at=request.now)
    return 204, None


@router.post("/notices/{provider}", auth=None, response={204: None}, summary="A notice of one of the card companies")
def notice_of(request: CoopRequest, provider: str) -> Any:
    """Signed as the company signs. What it is about is looked up at the company; it may come late, twice and in any order."""
    payments.receive(body=request.body, headers=request.headers, provider=provider, by=request.by, at=request.now)
    return 204, None


# ---------------------------------------------------------------------------------------------------- card companies
@router.get(
    "/companies", response=list[schemas.CompanyOut], summary="How much is with which card company, and what is left there"
)
@bounded("the card companies that the server knows")
def companies(request: CoopRequest) -> Any:
    request.by.must(OVERSEE)
    same = ("provider", "title", "is_chosen", "is_done", "running", "refunds", "payouts", "disputes", "refundable", "not_ready")
    return [
        {name: getattr(one, name) for name in same}
        | {"holds": [_money(amount) for amount in one.holds], "free": [_money(amount) for amount in one.free]}
        for one in queries.left_with(request.now)
    ]


@router.get("/compared", response=list[schemas.ComparisonOut], summary="What companies hold, beside what the books say")
def compared(request: CoopRequest) -> Any:
    """The latest of each company and currency. It is asked once a day; where the two differ, `/alarms` says so."""
    request.by.must(OVERSEE)
    same = ("provider", "at", "is_explained", "under_way")
    return [
        {name: getattr(row, name) for name in same}
        | {name: _money(getattr(row, name)) for name in ("theirs", "ours", "difference")}
        | {"title": queries.title_of(row.provider)}
        for row in queries.compared()
    ]


@router.post("/compared", response=list[schemas.ComparisonOut], summary="Ask companies now how much they hold")
def compare(request: CoopRequest) -> Any:
    payments.compare(by=request.by, at=request.now)
    return compared(request)


def _carried(row: Any) -> dict[str, Any]:
    same = ("provider", "state", "reason", "asked_at", "agreed_at", "settled_at")
    return {"id": row.pk, "amount": _money(row.amount)} | {name: getattr(row, name) for name in same}


def _to_carry(request: CoopRequest, pk: UUID) -> Any:
    request.by.must(OVERSEE)
    if (row := queries.carried_at(pk)) is None:
        raise Http404
    return row


@router.get("/carried", response=list[schemas.CarriedOut], summary="What was sent on from card companies to the bank")
@paged("-asked_at", "-pk", tell=each(_carried))
def carried(request: CoopRequest) -> Any:
    request.by.must(OVERSEE)
    return queries.carried()


@router.post("/carried", response=schemas.CarriedOut, summary="Ask that money is sent on to the bank")
def carry(request: CoopRequest, wish: schemas.CarryIn) -> Any:
    amount = Money.parse(wish.amount, wish.currency)
    return _carried(payments.ask_to_carry(provider=wish.provider, amount=amount, by=request.by, at=request.now))


@router.post("/carried/{uuid:carried_id}/agree", response=schemas.CarriedOut, summary="Agree to it, as a second person")
def agree_to_carry(request: CoopRequest, carried_id: UUID) -> Any:
    return _carried(payments.agree_to_carry(carried=_to_carry(request, carried_id), by=request.by, at=request.now))


@router.post("/carried/{uuid:carried_id}/drop", response=schemas.CarriedOut, summary="Drop it before anybody has agreed")
def drop_carry(request: CoopRequest, carried_id: UUID) -> Any:
    return _carried(payments.drop_carry(carried=_to_carry(request, carried_id), by=request.by, at=request.now))


@router.get("/payees/mine", response=list[schemas.PayeeOut], summary="Whether the card company knows where to send what I earn")
@bounded("one for each membership of yours")
def my_payees(request: CoopRequest) -> Any:
    if not request.by.memberships:
        raise Http404
    company = queries.card_provider()
    if not (company and payments.provider_of(company).needs_payees):
        return []
    holders = [f"membership:{pk}" for pk in sorted(request.by.memberships)]
    return [_payee(holder, company, queries.payee(holder)) for holder in holders]


def _payee(holder: str, company: str, row: Any) -> dict[str, Any]:
    stands = {"is_ready": row.is_ready, "trouble": row.trouble} if row else {"is_ready": False, "trouble": ""}
    return {"holder": holder, "company": queries.title_of(company)} | stands


@router.post("/payees/mine", response=schemas.OnboardOut, summary="Be led to the company, to say where my earnings go")
def onboard(request: CoopRequest, wish: schemas.OnboardIn) -> Any:
    back = coops.address(request.coop, "payments:earned")
    url = payments.onboard(
        holder=wish.holder, name=request.coop.name, email=getattr(request.user, "email", "") or "", country=request.coop.country,
        back=back, by=request.by, at=request.now,
    )  # fmt: skip
    return {"url": url}


@router.post("/payees/mine/look", response=list[schemas.PayeeOut], summary="Ask the company how my account stands")
def look_at_mine(request: CoopRequest) -> Any:
    for pk in sorted(request.by.memberships):
        payments.came_from_onboarding(holder=f"membership:{pk}", by=request.by, at=request.now)
    return my_payees(request)


# ------------------------------------------------------------------------------------------------------ the card page
class NotByCard(Expected):
    words = lazy("This is not paid by card.")


class NothingToConfirm(Expected):
    words = lazy("Nobody asked for a confirmation, or it has been given.")


@contextmanager
def _till(request: CoopRequest, token: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Enter the co-op that a payment belongs to: who holds its address may pay, whoever they are."""
    found = queries.at_token(token)
    if found is None:
        raise Http404
    with scope(found.coop_id):
        now = clock.now(coops.of_scope(found.coop_id).tenant)
        by = Principal(coop_id=found.coop_id, channel=Channel.API, person_id=request.by.person_id, scopes=request.by.scopes)
        yield found, {"by": by, "at": now}


def _at_till(row: Any) -> dict[str, Any]:
    return {
        "state": row.state, "method": row.method, "reason": row.reason, "amount": _money(row.amount), "reference": row.reference,
        "action_url": row.action_url if row.state == "requires_action" else "", "title": queries.subject_label(row.subject),
    }  # fmt: skip


@server.get("/{token}", auth=None, response=schemas.TillOut, summary="What is to be paid at this address, and how it stands")
def till(request: CoopRequest, token: str) -> Any:
    with _till(request, token) as (found, _who):
        return _at_till(found)


@server.post("/{token}", auth=None, response=schemas.TillOut, summary="Pay it by card")
def pay(request: CoopRequest, token: str, card: schemas.CardIn) -> Any:
    """Whoever has the address may pay. A payment is charged once, however often this is sent; a declined card leaves it open."""
    with _till(request, token) as (found, who):
        if found.method != "card":
            raise NotByCard(hint=_("Its page says how it is paid."))
        return _at_till(payments.authorise(payment=found, instrument=payments.Card(**card.dict()), **who))


@server.post("/{token}/confirm", auth=None, response=schemas.TillOut, summary="Say that the bank has been told that it is you")
def confirm_card(request: CoopRequest, token: str) -> Any:
    """For a payment in `requires_action`. To take another card instead, pay again."""
    with _till(request, token) as (found, who):
        if found.method != "card" or found.state != "requires_action":
            raise NothingToConfirm
        return _at_till(payments.authorise(payment=found, instrument=payments.KeptCard(found.provider_ref), **who))


@server.post("/{token}/page", auth=None, response=schemas.TillOut, summary="Be led to the card company's page")
def lead_on(request: CoopRequest, token: str) -> Any:
    """Where cards are paid at the company's own page: it is at `action_url`. Sent again, it is the same page while it is open."""
    with _till(request, token) as (found, who):
        return _at_till(payments.lead_on(payment=found, title=queries.subject_label(found.subject) or found.subject, **who))


@server.post("/{token}/look", auth=None, response=schemas.TillOut, summary="Ask the card company what the payer has done there")
def look(request: CoopRequest, token: str) -> Any:
    with _till(request, token) as (found, who):
        is_elsewhere = found.state == "requires_action" and payments.provider_of(found.provider).is_hosted
        return _at_till(payments.lead_on(payment=found, opens=False, **who) if is_elsewhere else found)
