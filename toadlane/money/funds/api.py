"""What the co-op spends, over REST."""

from typing import Any

from django.http import Http404
from ninja import File, Header, Router, Status, UploadedFile

from toadlane.kernel.money import Money
from toadlane.money.funds import queries, schemas, services
from toadlane.money.funds.permissions import SEE, SEE_CLOSELY, SEE_EXPENSES
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.ui import formats

router = Router(tags=["spending"])


def _money(minor: int, currency: str) -> dict[str, Any]:
    return {"minor": minor, "currency": currency, "text": formats.money(Money(minor, currency))}


def _decision(one: Any) -> str:
    return one.approval.decision.name if one.approval else ""


def _row(one: Any) -> dict[str, Any]:
    names = ("number", "purpose", "state", "claimed_at")
    about = {"amount": _money(one.amount_minor, one.currency), "claimed_by": one.name, "decision": _decision(one)}
    return {name: getattr(one, name) for name in names} | about


def _payment(row: Any) -> dict[str, Any]:
    names = ("is_advance", "prepared_at", "paid_at", "dropped_at")
    about = {"id": row.pk, "amount": _money(row.amount_minor, row.currency), "decision": _decision(row)}
    return {name: getattr(row, name) for name in names} | about


def _receipt(row: Any) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "media_type": row.media_type, "size_bytes": row.size_bytes}


def _whole(request: CoopRequest, one: Any) -> dict[str, Any]:
    closely = bool(request.by.may(SEE_CLOSELY, one))
    return _row(one) | {
        "note": one.note, "payee": one.payee, "payee_account": one.payee_account if closely else "", "source": one.source,
        "reason": one.reason, "returned": _money(one.returned_minor, one.currency),
        "receipts": [_receipt(row) for row in queries.receipts(one)] if closely else [],
        "payments": [_payment(row) for row in one.disbursements.select_related("approval__decision")],
    }  # fmt: skip


def _found(request: CoopRequest, number: int) -> Any:
    request.by.must(SEE_EXPENSES)
    if (found := queries.expense(number)) is None:
        raise Http404
    return found


def _prepared(request: CoopRequest, pk: int) -> Any:
    request.by.must(SEE_EXPENSES)
    if (found := queries.disbursement(pk)) is None:
        raise Http404
    return found


def _again(request: CoopRequest, found: Any) -> dict[str, Any]:
    return _whole(request, queries.expense(found.number))


@router.get("", auth=None, response=schemas.ApprovalsOut, summary="What members decided to spend, and what was paid of it")
def approvals(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(SEE)
    found = page(queries.approvals(), cursor=cursor, limit=limit, order=("-approved_at", "-pk"))
    names = ("purpose", "source", "payee", "until", "approved_at")
    items = [
        {name: getattr(one, name) for name in names}
        | {"id": one.pk, "decision": one.decision.name, "amount": _money(one.amount_minor, one.currency),
           "paid": _money(one.paid_minor, one.currency)}
        for one in found.items
    ]  # fmt: skip
    return {"items": items, "next": found.next}


@router.get("/without-a-vote", auth=None, response=schemas.PaidsOut, summary="What officers paid below their limit")
def without_a_vote(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    """Everybody may read it: nothing is paid in silence."""
    request.by.must(SEE)
    found: Any = page(queries.without_a_vote(), cursor=cursor, limit=limit, order=("-paid_at", "-pk"))
    items = [
        {"expense": one.expense.number, "purpose": one.expense.purpose, "amount": _money(one.amount_minor, one.currency),
         "paid_at": one.paid_at, "prepared_by": one.prepared_by.name, "paid_by": one.paid_by.name,
         "limit": _money(one.limit_minor, one.currency), "bylaws_version": one.rule_version}
        for one in found.items
    ]  # fmt: skip
    return {"items": items, "next": found.next}


@router.get("/limits", auth=None, response=schemas.LimitsOut, summary="What officers may pay without a vote")
def limits(request: CoopRequest) -> Any:
    request.by.must(SEE)
    unit = queries.currency()
    known = queries.limits(bylaws.book(), unit)
    return {
        "one": _money(known.one.minor, unit), "month": _money(known.month.minor, unit), "bylaws_version": known.version,
        "paid_this_month": _money(queries.month_so_far(request.now, unit), unit),
    }  # fmt: skip


@router.get("/expenses", response=schemas.ExpensesOut, summary="What members asked to be paid for, the newest first")
def expenses(request: CoopRequest, state: str = "", cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(SEE_EXPENSES)
    rows = queries.expenses().filter(state=state) if state else queries.expenses()
    found = page(rows, cursor=cursor, limit=limit, order=("-number",))
    return {"items": [_row(one) for one in found.items], "next": found.next}


@router.post("/expenses", response={201: schemas.ExpenseOut}, summary="Ask for an expense to be paid")
def claim(request: CoopRequest, given: schemas.ClaimIn) -> Any:
    """Amounts are in the co-op's currency. Attach the receipt afterwards."""
    approval = None
    if given.approval is not None and (approval := queries.approval(given.approval)) is None:
        raise Http404
    said = given.dict(exclude={"minor", "approval"})
    amount = Money(given.minor, queries.currency())
    made = services.claim(**said, amount=amount, approval=approval, by=request.by, at=request.now)
    return Status(201, _again(request, made))


@router.get("/expenses/{int:number}", response=schemas.ExpenseOut, summary="One expense")
def expense(request: CoopRequest, number: int) -> Any:
    """Receipts and account are shown to whoever asked for it, and to the officers."""
    return _whole(request, _found(request, number))


@router.post("/expenses/{int:number}/receipts", response={201: schemas.ReceiptOut}, summary="Attach a receipt")
def add_receipt(request: CoopRequest, number: int, file: File[UploadedFile]) -> Any:
    """A PDF or a photo (multipart, `file`)."""
    found = _found(request, number)
    return Status(
        201, _receipt(services.add_receipt(expense=found, file=file, name=file.name or "", by=request.by, at=request.now))
    )


@router.post("/expenses/{int:number}/amount", response=schemas.ExpenseOut, summary="Say what it really cost")
def correct(request: CoopRequest, number: int, given: schemas.AmountIn) -> Any:
    found = _found(request, number)
    services.correct(expense=found, amount=Money(given.minor, found.currency), by=request.by, at=request.now)
    return _again(request, found)


@router.post("/expenses/{int:number}/decision", response=schemas.ExpenseOut, summary="Say which decision allows it")
def put_under(request: CoopRequest, number: int, given: schemas.UnderIn) -> Any:
    found = _found(request, number)
    if (approval := queries.approval(given.approval)) is None:
        raise Http404
    services.put_under(expense=found, approval=approval, by=request.by, at=request.now)
    return _again(request, found)


@router.post("/expenses/{int:number}/ask", response={201: schemas.DraftOut}, summary="Begin a proposal that it be paid")
def ask_members(request: CoopRequest, number: int) -> Any:
    draft = services.ask_members(expense=_found(request, number), by=request.by, at=request.now)
    return Status(201, {"draft": draft.pk, "address": coops.address(request.coop, "proposals:draft_review", draft.pk)})


@router.post("/expenses/{int:number}/withdraw", response=schemas.ExpenseOut, summary="Take an expense back")
def withdraw(request: CoopRequest, number: int) -> Any:
    found = _found(request, number)
    services.withdraw(expense=found, by=request.by, at=request.now)
    return _again(request, found)


@router.post("/expenses/{int:number}/decline", response=schemas.ExpenseOut, summary="Say no, and why")
def decline(request: CoopRequest, number: int, given: schemas.ReasonIn) -> Any:
    found = _found(request, number)
    services.decline(expense=found, reason=given.reason, by=request.by, at=request.now)
    return _again(request, found)


@router.post("/expenses/{int:number}/payments", response={201: schemas.PaymentOut}, summary="Prepare a payment")
def prepare(request: CoopRequest, number: int, given: schemas.PrepareIn, idempotency_key: Header[str]) -> Any:
    """Nothing is paid by it: another officer does that."""
    found = _found(request, number)
    advance = Money(given.advance, found.currency) if given.advance else None
    key = f"api:{request.by.person_id}:{idempotency_key[:60]}"
    return Status(201, _payment(services.prepare(expense=found, advance=advance, key=key, by=request.by, at=request.now)))


@router.post("/payments/{int:pk}/pay", response=schemas.PaymentOut, summary="Pay what another officer prepared")
def pay(request: CoopRequest, pk: int) -> Any:
    """Sent again it answers with the payment that was made; nothing is paid twice."""
    return _payment(services.pay(disbursement=_prepared(request, pk), by=request.by, at=request.now))


@router.post("/payments/{int:pk}/drop", response=schemas.PaymentOut, summary="Leave a prepared payment be")
def drop(request: CoopRequest, pk: int) -> Any:
    return _payment(services.drop(disbursement=_prepared(request, pk), by=request.by, at=request.now))


@router.post("/expenses/{int:number}/settle", response=schemas.ExpenseOut, summary="Account for an advance that was enough")
def settle(request: CoopRequest, number: int) -> Any:
    found = _found(request, number)
    services.settle(expense=found, by=request.by, at=request.now)
    return _again(request, found)


@router.post("/expenses/{int:number}/returns", response=schemas.ExpenseOut, summary="Book what came back of an advance")
def take_back(request: CoopRequest, number: int, given: schemas.AmountIn, idempotency_key: Header[str]) -> Any:
    found = _found(request, number)
    key = f"api:{request.by.person_id}:{idempotency_key[:60]}"
    services.take_back(
        expense=found, amount=Money(given.minor, found.currency), key=key, by=request.by, at=request.now
    )  # fmt: skip
    return _again(request, found)
