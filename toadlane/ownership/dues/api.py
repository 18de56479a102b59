"""Dues: what is owed, paying it, choosing on the scale, and letting somebody off."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from ninja import Header, Router

from toadlane.kernel.money import Money
from toadlane.money.payments import queries as payments
from toadlane.ownership.dues import permissions, queries, schemas, services
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.lists import bounded
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import queries as members

router = Router(tags=["dues"])
BIG = 2**63


def _amount(money: Money) -> dict[str, Any]:
    return {"minor": money.minor, "currency": money.currency}


def _membership(request: CoopRequest, pk: int) -> Any:
    """Return a membership whose dues the one who asks may see; anybody else's is not there."""
    found = members.register().filter(pk=pk).first() if 0 < pk < BIG else None
    if found is None or not request.by.may(permissions.SEE, found):
        raise Http404
    return found


def _whose(request: CoopRequest) -> list[int] | None:
    """Return whose dues the one who asks may see: None is everybody's. To a stranger there is nothing here."""
    if request.by.may(permissions.OVERSEE):
        return None
    if not request.by.memberships:
        request.by.must(permissions.OVERSEE)
    return sorted(request.by.memberships)


def _claim(one: Any) -> dict[str, Any]:
    amounts = {name: _amount(getattr(one, name)) for name in ("amount", "paid", "waived", "reversed", "left")}
    return amounts | {"id": one.pk, "membership": one.membership_id, "period": one.period, "due_on": one.due_on}


def _waiver(one: Any) -> dict[str, Any]:
    names = ("from_on", "until_on", "reason", "ended_on")
    return {name: getattr(one, name) for name in names} | {"id": one.pk, "membership": one.membership_id}


@router.get("/mine", response=list[schemas.TermsOut], summary="What you are asked for, what you chose, and what you owe")
@bounded("one for each membership of yours")
def mine(request: CoopRequest) -> Any:
    _whose(request)
    unit, ids = queries.currency(), sorted(request.by.memberships)
    chosen, late = queries.chosen(ids), queries.late_since(timezone.localdate(request.now), membership_ids=ids)
    found = []
    for one in members.register().filter(pk__in=ids):
        terms = queries.terms_of(one.member_class)
        own = chosen.get(one.pk)
        found.append({
            "membership": one.pk, "period": bylaws.book().value("dues.period"),
            **{name: _amount(Money(getattr(terms, name), unit)) for name in ("amount", "least", "most")},
            "chosen": None if own is None else _amount(Money(terms.within(own), unit)), "late_since": late.get(one.pk),
            "left": _amount(queries.left_of([one.pk])), "ahead": _amount(queries.credit_of([one.pk])),
        })  # fmt: skip
    return found


@router.get("/claims", response=schemas.ClaimsOut, summary="What was charged, the newest first: yours, or all for an office")
def claims(request: CoopRequest, membership: int | None = None, cursor: str | None = None, limit: int = 50) -> Any:
    whose = _whose(request) if membership is None else [_membership(request, membership).pk]
    page = paging.page(queries.claims(membership_ids=whose), cursor=cursor, limit=limit, order=("-first_on", "-pk"))
    return {"items": [_claim(one) for one in page.items], "next": page.next}


@router.post("/choice", response={201: schemas.ChoiceOut}, summary="Choose what you pay, where the bylaws have a scale")
def choose(request: CoopRequest, data: schemas.ChooseIn) -> Any:
    who = _membership(request, data.membership)
    amount = Money(data.amount_minor, queries.currency())
    made = services.choose(membership=who, amount=amount, by=request.by, at=request.now)
    return 201, {"membership": who.pk, "amount": _amount(amount), "chosen_at": made.chosen_at}


@router.post("/payments", response={201: schemas.RemittanceOut}, summary="Pay what you owe, or ahead")
def pay(request: CoopRequest, data: schemas.PayIn, idempotency_key: Header[str]) -> Any:
    """What comes pays the oldest claims first. An office may begin a payment for a member who brings cash."""
    who = _membership(request, data.membership)
    amount = None if data.amount_minor is None else Money(data.amount_minor, queries.currency())
    key = f"api:{request.by.person_id}:{idempotency_key[:60]}"
    placed = services.pay(membership=who, method=data.method, amount=amount, key=key, by=request.by, at=request.now)
    one, payment = placed.remittance, placed.payment
    return 201, {
        "id": one.pk, "membership": who.pk, "amount": _amount(one.amount), "state": one.state,
        "payment": payments.address_of(payment), "reference": payment.reference,
    }  # fmt: skip


@router.get("/owing", response=schemas.OwingPageOut, summary="Who owes dues, and since when they are late")
def owing(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(permissions.OVERSEE)
    rows, further = queries.owing_page(timezone.localdate(request.now), cursor, limit)
    items = [
        {"membership": one.membership.pk, "name": one.membership.name, "left": _amount(one.left), "due_on": one.due_on,
         "late_since": one.late_since}
        for one in rows
    ]  # fmt: skip
    return {"items": items, "next": further}


@router.get("/waivers", response=schemas.WaiversOut, summary="Who was let off, until when and why: you, or all for an office")
def waivers(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    page = paging.page(queries.waivers(membership_ids=_whose(request)), cursor=cursor, limit=limit)
    return {"items": [_waiver(one) for one in page.items], "next": page.next}


@router.post("/waivers", response={201: schemas.WaiverOut}, summary="Ask no dues of a member for a while")
def waive(request: CoopRequest, data: schemas.WaiveIn) -> Any:
    """Whom the bylaws name may do so (`dues.waived_by`), and nobody for themselves."""
    who = _membership(request, data.membership)
    made = services.waive(
        membership=who, until=data.until, begins=data.begins, reason=data.reason, what_is_open=data.what_is_open, by=request.by,
        at=request.now,
    )  # fmt: skip
    return 201, _waiver(made)


@router.post("/waivers/{pk}/end", response=schemas.WaiverOut, summary="End a waiver before its day")
def end_waiver(request: CoopRequest, pk: int) -> Any:
    one = queries.waiver(pk) if 0 < pk < BIG else None
    if one is None or not request.by.may(permissions.SEE, one.membership):
        raise Http404
    return _waiver(services.end_waiver(waiver=one, by=request.by, at=request.now))


@router.post("/claims/{pk}/waive", response=schemas.ClaimOut, summary="Waive what is open of one claim")
def waive_claim(request: CoopRequest, pk: int, data: schemas.ReasonIn) -> Any:
    one = queries.claim(pk) if 0 < pk < BIG else None
    if one is None or not request.by.may(permissions.SEE, one.membership):
        raise Http404
    return _claim(services.waive_claim(claim=one, reason=data.reason, by=request.by, at=request.now))
