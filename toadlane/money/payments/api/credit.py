"""Mutual credit: one's own, what all of it comes to, and bringing an account to nothing."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries, schemas
from toadlane.money.payments import services as payments
from toadlane.money.payments.api.common import Key, money, router
from toadlane.money.payments.permissions import CLOSE_CREDIT, SEE_CREDIT
from toadlane.money.payments.queries import credit
from toadlane.plumbing.access.lists import bounded, each, paged
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import queries as members


def _own(request: CoopRequest) -> str:
    if not (holder := credit.own(request.by)):
        raise Http404
    return holder


def _decided(rule: str) -> str:
    return str(bylaws.book().decided(rule).label)


@router.get("/credit", response=schemas.CreditOut, summary="Your mutual credit: what you have or owe, and can spend")
def my_credit(request: CoopRequest) -> Any:
    request.by.must(SEE_CREDIT)
    there = credit.account(_own(request), request.coop.currency)
    amounts = {name: money(getattr(there, name)) for name in ("balance", "held", "limit", "free")}
    return amounts | {"holder": there.holder, "decided_by": _decided(credit.LIMIT)}


def _movement(row: Any) -> dict[str, Any]:
    return {"at": row.posted_at, "amount": money(-row.amount), "subject": row.entry.subject, "entry": row.entry_id,
            "text": _(row.entry.narration)}  # fmt: skip


@router.get("/credit/movements", response=list[schemas.CreditMovementOut], summary="What moved your credit, the newest first")
@paged("-posted_at", "-pk", tell=each(_movement))
def credit_movements(request: CoopRequest) -> Any:
    request.by.must(SEE_CREDIT)
    return credit.movements(_own(request), request.coop.currency)


@router.get("/credit/circle", response=schemas.CircleOut, summary="What all credit comes to, and what was voted about it")
def circle(request: CoopRequest) -> Any:
    request.by.must(SEE_CREDIT)
    found, book = credit.circle(request.coop.currency), bylaws.book()
    limit = book.maybe(credit.LIMIT) or Money(0, request.coop.currency)
    return {
        "members": found.members, "have": money(found.above), "owe": money(found.below), "held": money(found.held),
        "coops": money(found.coops), "sum": money(found.sum),
        "limit": money(limit), "limit_decided_by": _decided(credit.LIMIT),
        "most": money(most) if (most := credit.most()) is not None else None, "most_decided_by": _decided(credit.MOST),
    }  # fmt: skip


@router.post("/credit/pay-off", response=schemas.PaidOffOut, summary="Begin to pay in money what you owe in credit")
def pay_off_credit(request: CoopRequest, wish: schemas.PayOffIn, key: Key = None) -> Any:
    """Two people confirm that it came, or the bank says so. Repeating it is harmless: what waits is answered again."""
    payment = payments.pay_off(holder=_own(request), method=wish.method, by=request.by, at=request.now)
    return {"id": payment.pk, "amount": money(payment.amount), "method": payment.method, "reference": payment.reference,
            "page": queries.address_of(payment)}  # fmt: skip


@router.post("/credit/leave", response=schemas.CreditOut, summary="Leave credit of yours to the co-op")
def leave_credit(request: CoopRequest, wish: schemas.LeaveCreditIn, key: Key = None) -> Any:
    """It is never paid out in money, and cannot be taken back. Sent twice with one Idempotency-Key, it is given once."""
    amount = Money(wish.minor, request.coop.currency)
    payments.leave_to_the_coop(
        holder=_own(request), amount=amount, key=key or request.now.isoformat(), by=request.by, at=request.now
    )  # fmt: skip
    return my_credit(request)


def _closing(row: Any) -> dict[str, Any]:
    same = ("reason", "asked_at", "agreed_at", "dropped_at")
    return {name: getattr(row, name) for name in same} | {
        "id": row.pk, "membership": row.membership_id, "name": str(row.membership.name), "amount": money(row.amount),
    }  # fmt: skip


@router.get("/credit/accounts", response=list[schemas.CreditAccountOut], summary="Who has or owes credit, for the office")
@bounded("the members who have or owe any")
def credit_accounts(request: CoopRequest) -> Any:
    request.by.must(CLOSE_CREDIT)
    rows = credit.accounts(request.coop.currency)
    names = books.names.holders([holder for holder, _amount in rows])
    return [{"holder": holder, "name": names[holder].label, "balance": money(amount)} for holder, amount in rows]


@router.get("/credit/closings", response=list[schemas.ClosingOut], summary="Accounts of credit brought to nothing, or to be")
@paged("-asked_at", "-pk", tell=each(_closing))
def closings(request: CoopRequest) -> Any:
    request.by.must(CLOSE_CREDIT)
    return credit.closings(waiting=False)


@router.post("/credit/closings", response=schemas.ClosingOut, summary="Ask that an account of credit is brought to nothing")
def ask_to_close(request: CoopRequest, wish: schemas.CloseIn, key: Key = None) -> Any:
    """What is owed is forgiven, as a loss of the co-op; what is there is left to it. Somebody else of an office agrees."""
    request.by.must(CLOSE_CREDIT)
    member = members.register().filter(pk=wish.membership).first()
    if member is None:
        raise Http404
    return _closing(payments.ask_to_close(membership=member, reason=wish.reason, by=request.by, at=request.now))


def _found(request: CoopRequest, pk: int) -> Any:
    request.by.must(CLOSE_CREDIT)
    if (row := credit.closing(pk)) is None:
        raise Http404
    return row


@router.post("/credit/closings/{int:pk}/agree", response=schemas.ClosingOut, summary="Agree, as a second person")
def agree_to_close(request: CoopRequest, pk: int, key: Key = None) -> Any:
    return _closing(payments.agree_to_close(closing=_found(request, pk), by=request.by, at=request.now))


@router.post("/credit/closings/{int:pk}/drop", response=schemas.ClosingOut, summary="Drop what was asked for")
def drop_closing(request: CoopRequest, pk: int, key: Key = None) -> Any:
    return _closing(payments.drop_closing(closing=_found(request, pk), by=request.by, at=request.now))
