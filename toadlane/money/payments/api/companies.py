"""Card companies: what they hold, what is sent on from them, and whether they know where to send what members earn."""

from typing import Any
from uuid import UUID

from django.http import Http404

from toadlane.kernel.money import Money
from toadlane.money.payments import queries, schemas
from toadlane.money.payments import services as payments
from toadlane.money.payments.api.common import money, router
from toadlane.money.payments.permissions import OVERSEE
from toadlane.plumbing.access.lists import bounded, each, paged
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.coops import queries as coops


@router.get(
    "/companies", response=list[schemas.CompanyOut], summary="How much is with which card company, and what is left there"
)
@bounded("the card companies that the server knows")
def companies(request: CoopRequest) -> Any:
    request.by.must(OVERSEE)
    same = ("provider", "title", "is_chosen", "is_done", "running", "refunds", "payouts", "disputes", "refundable", "not_ready")
    return [
        {name: getattr(one, name) for name in same}
        | {"holds": [money(amount) for amount in one.holds], "free": [money(amount) for amount in one.free]}
        for one in queries.left_with(request.now)
    ]


@router.get("/compared", response=list[schemas.ComparisonOut], summary="What companies hold, beside what the books say")
@bounded("the latest of each company and currency")
def compared(request: CoopRequest) -> Any:
    """It is asked once a day; where the two differ, `/alarms` says so."""
    request.by.must(OVERSEE)
    return _compared()


def _compared() -> list[dict[str, Any]]:
    same = ("provider", "at", "is_explained", "under_way")
    return [
        {name: getattr(row, name) for name in same}
        | {name: money(getattr(row, name)) for name in ("theirs", "ours", "difference")}
        | {"title": queries.title_of(row.provider)}
        for row in queries.compared()
    ]


@router.post("/compared", response=list[schemas.ComparisonOut], summary="Ask companies now how much they hold")
def compare(request: CoopRequest) -> Any:
    payments.compare(by=request.by, at=request.now)
    return _compared()


def _carried(row: Any) -> dict[str, Any]:
    same = ("provider", "state", "reason", "asked_at", "agreed_at", "settled_at")
    return {"id": row.pk, "amount": money(row.amount)} | {name: getattr(row, name) for name in same}


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
