"""Shares: what members hold, what they take, pass on and are repaid."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Header, Router

from toadlane.kernel.money import Money
from toadlane.money.payments import queries as payments
from toadlane.ownership.shares import permissions, queries, schemas, services
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.files import answers_with
from toadlane.plumbing.access.lists import bounded, each, paged
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.members import queries as members

router = Router(tags=["shares"])
BIG = 2**63


def _amount(money: Money) -> dict[str, Any]:
    return {"minor": money.minor, "currency": money.currency}


def _mine(request: CoopRequest, pk: int) -> Any:
    found = members.register().filter(pk=pk).first() if pk in request.by.memberships | queries.joining(request.by) else None
    if found is None:
        raise Http404
    return found


def _key(request: CoopRequest, key: str) -> str:
    return f"api:{request.by.person_id}:{key[:60]}"


def _placed(placed: services.Placed) -> dict[str, Any]:
    wanted, payment = placed.subscription, placed.payment
    return {
        "id": wanted.pk, "shares": wanted.shares, "to_pay": _amount(wanted.to_pay), "state": wanted.state,
        "payment": payments.address_of(payment),
    }  # fmt: skip


def _movement(one: Any) -> dict[str, Any]:
    about = {name: getattr(one, name) for name in ("kind", "share_class", "shares", "on")}
    return about | {"id": one.pk, "membership": one.membership_id, "nominal": _amount(one.nominal)}


def _redemption(one: Any) -> dict[str, Any]:
    names = ("membership_id", "share_class", "shares", "state", "cause", "asked_at")
    about = {name.removesuffix("_id"): getattr(one, name) for name in names}
    parts = [
        {"number": part.number, "due_on": part.due_on, "principal": _amount(part.principal), "interest": _amount(part.interest),
         "handed_over_at": part.handed_over_at, "paid_at": part.paid_at}
        for part in one.parts.all()
    ]  # fmt: skip
    more = {"kept": _amount(one.kept), "excused": one.excused}
    return about | more | {"id": one.pk, "amount": _amount(one.amount), "parts": parts}


def _bequest(one: Any) -> dict[str, Any]:
    names = ("source_id", "heir_id", "share_class", "shares", "proof", "confirmed_at")
    return {name.removesuffix("_id"): getattr(one, name) for name in names} | {"id": one.pk}


def _estate(one: Any) -> dict[str, Any]:
    names = ("died_on", "until_on", "confirmed_at", "ended_at")
    left = [
        {"membership": who.pk, "share_class": held.share_class, "shares": held.shares, "nominal": _amount(held.nominal),
         "unpaid": _amount(held.unpaid), "late_interest": _amount(Money(0, held.nominal.currency))}
        for who, held in queries.left_in(one)
    ]  # fmt: skip
    about = {name: getattr(one, name) for name in names} | {"id": one.pk, "name": one.person.name, "left": left}
    return about | {"bequests": [_bequest(row) for row in queries.bequests(one)]}


@router.get("/classes", response=list[schemas.ShareClassOut], summary="The shares that the bylaws know")
@bounded("the kinds of share that the bylaws know")
def share_classes(request: CoopRequest) -> Any:
    unit, language = queries.currency(), get_language() or "en"
    names = ("id", "least", "most", "withdrawable", "transferable")
    return [
        {name: getattr(one, name) for name in names} | {"name": one.name(language), "price": _amount(Money(one.price, unit))}
        for one in queries.share_classes().values()
    ]


def _holdings(request: CoopRequest, found: list[queries.Holding]) -> list[dict[str, Any]]:
    late = queries.late_interests({one.membership_id for one in found if one.unpaid.minor}, timezone.localdate(request.now))
    return [
        {"membership": one.membership_id, "share_class": one.share_class, "shares": one.shares,
         "nominal": _amount(one.nominal), "unpaid": _amount(one.unpaid),
         "late_interest": _amount(late.get((one.membership_id, one.share_class), Money(0, one.unpaid.currency)))}
        for one in found
    ]  # fmt: skip


@router.get("/holdings", response=list[schemas.HoldingOut], summary="What you hold; for the board, what everybody holds")
@paged("membership_id", "share_class", "nominal__currency", tell=_holdings)
def holdings(request: CoopRequest) -> Any:
    everybody = bool(request.by.may(permissions.REGISTER))
    return queries.holdings(membership_ids=None if everybody else request.by.memberships)


@router.get("/movements", response=schemas.MovementsOut, summary="The register, line by line: yours, or all for the board")
def movements(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    everybody = bool(request.by.may(permissions.REGISTER))
    rows = queries.movements(membership_ids=None if everybody else request.by.memberships)
    page = paging.page(rows, cursor=cursor, limit=limit)
    return {"items": [_movement(one) for one in page.items], "next": page.next}


@router.post("/subscriptions", response={201: schemas.SubscriptionOut}, summary="Take shares; they are yours once they are paid")
def subscribe(request: CoopRequest, data: schemas.SubscribeIn, idempotency_key: Header[str]) -> Any:
    who = _mine(request, data.membership)
    return 201, _placed(
        services.subscribe(
            membership=who, share_class=data.share_class, shares=data.shares, method=data.method, paid_rate=data.paid_rate,
            key=_key(request, idempotency_key), by=request.by, at=request.now,
        )
    )  # fmt: skip


@router.post("/subscriptions/rest", response={201: schemas.SubscriptionOut}, summary="Pay what is unpaid on your shares")
def rest(request: CoopRequest, data: schemas.RestIn, idempotency_key: Header[str]) -> Any:
    who = _mine(request, data.membership)
    return 201, _placed(
        services.pay_rest(
            membership=who, share_class=data.share_class, method=data.method, key=_key(request, idempotency_key), by=request.by,
            at=request.now,
        )
    )  # fmt: skip


@router.get("/certificates/{membership}/{share_class}", summary="A certificate of what a member holds, as PDF")
@answers_with("application/pdf")
def certificate(request: CoopRequest, membership: int, share_class: str) -> Any:
    who = members.register().filter(pk=membership).first() if 0 < membership < BIG else None
    if who is None or not request.by.may(permissions.SEE, who):
        raise Http404
    made = services.certificate(membership=who, share_class=share_class, by=request.by, at=request.now)
    return HttpResponse(made, content_type="application/pdf")


@router.post("/transfers", response={201: list[schemas.MovementOut]}, summary="Pass shares to another member")
def transfer(request: CoopRequest, data: schemas.TransferIn, idempotency_key: Header[str]) -> Any:
    who = _mine(request, data.membership)
    to = members.register().filter(pk=data.to).first() if 0 < data.to < BIG else None
    if to is None:
        raise services.NotTransferable
    pair = services.transfer(
        membership=who, to=to, share_class=data.share_class, shares=data.shares, key=_key(request, idempotency_key),
        by=request.by, at=request.now,
    )  # fmt: skip
    return 201, [_movement(one) for one in pair if one.membership_id == who.pk]


@router.get("/redemptions", response=list[schemas.RedemptionOut], summary="Repayments: yours, or the queue for the board")
@paged("asked_at", "pk", tell=each(_redemption))
def redemptions(request: CoopRequest) -> Any:
    rows = queries.redemptions().prefetch_related("parts")
    if not request.by.may(permissions.REGISTER):
        rows = rows.filter(membership_id__in=request.by.memberships)
    return rows


@router.post("/redemptions", response={201: schemas.RedemptionOut}, summary="Ask for capital back")
def ask_back(request: CoopRequest, data: schemas.BackIn, idempotency_key: Header[str] = "") -> Any:
    who = _mine(request, data.membership)
    one = services.ask_back(membership=who, share_class=data.share_class, shares=data.shares, by=request.by, at=request.now)
    return 201, _redemption(one)


def _queued(request: CoopRequest, pk: int) -> Any:
    found = queries.redemptions().filter(pk=pk).first() if 0 < pk < BIG else None
    if found is None or not request.by.may(permissions.SEE, found.membership):
        raise Http404
    return found


@router.post("/redemptions/approve", response=list[schemas.RedemptionOut], summary="Approve what may be repaid today, in order")
def approve(request: CoopRequest, idempotency_key: Header[str] = "") -> Any:
    return [_redemption(one) for one in services.approve_due(by=request.by, at=request.now)]


@router.post(
    "/redemptions/{pk}/excuse", response=schemas.RedemptionOut, summary="Say that there was a good reason to leave early"
)
def excuse(request: CoopRequest, pk: int, given: schemas.ExcuseIn) -> Any:
    """Nothing of their shares stays in the reserve then. Nobody excuses themselves."""
    request.by.must(permissions.APPROVE)
    return _redemption(services.excuse(redemption=_queued(request, pk), reason=given.reason, by=request.by, at=request.now))


@router.post("/redemptions/{pk}/take-back", response=schemas.RedemptionOut, summary="Stay in after all")
def take_back(request: CoopRequest, pk: int) -> Any:
    return _redemption(services.take_back(redemption=_queued(request, pk), by=request.by, at=request.now))


def _estate_at(request: CoopRequest, pk: int) -> Any:
    request.by.must(permissions.SETTLE_ESTATE)
    found = queries.estates().filter(pk=pk).first() if 0 < pk < BIG else None
    if found is None:
        raise Http404
    return found


def _told(request: CoopRequest, estate: Any) -> dict[str, Any]:
    return _estate(_estate_at(request, estate.pk))


@router.get("/estates", response=list[schemas.EstateOut], summary="Estates of members who died, the newest first")
@paged("-pk", tell=each(_estate))
def estates(request: CoopRequest) -> Any:
    request.by.must(permissions.SETTLE_ESTATE)
    return queries.estates()


@router.post("/estates", response={201: schemas.EstateOut}, summary="Say that a member has died")
def report_death(request: CoopRequest, data: schemas.DeathIn, idempotency_key: Header[str] = "") -> Any:
    """Nothing changes before a second person has confirmed it."""
    who = members.register().filter(pk=data.membership).first() if 0 < data.membership < BIG else None
    request.by.must(permissions.SETTLE_ESTATE)
    if who is None:
        raise Http404
    return 201, _told(request, services.report_death(membership=who, died_on=data.died_on, by=request.by, at=request.now))


@router.post("/estates/{pk}/confirm", response=schemas.EstateOut, summary="Confirm it as a second person")
def confirm_death(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    return _told(request, services.confirm_death(estate=_estate_at(request, pk), by=request.by, at=request.now))


@router.post("/estates/{pk}/drop", response={204: None}, summary="Say that it was an error, before it is confirmed")
def drop_death(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    services.drop_death(estate=_estate_at(request, pk), by=request.by, at=request.now)
    return 204, None


@router.post("/estates/{pk}/repay", response=schemas.EstateOut, summary="Queue what is left to be repaid to the estate")
def repay_estate(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    one = _estate_at(request, pk)
    services.repay_estate(estate=one, by=request.by, at=request.now)
    return _told(request, one)


@router.post("/estates/{pk}/bequests", response={201: schemas.BequestOut}, summary="Write down that shares pass to an heir")
def bequeath(request: CoopRequest, pk: int, data: schemas.BequestIn, idempotency_key: Header[str] = "") -> Any:
    """Only to members; a second person makes it so."""
    one = _estate_at(request, pk)
    found = {who.pk: who for who in members.register().filter(pk__in=[data.source, data.heir])}
    if len(found) < len({data.source, data.heir}):
        raise services.NotTransferable
    made = services.bequeath(
        estate=one, source=found[data.source], heir=found[data.heir], share_class=data.share_class, shares=data.shares,
        proof=data.proof, by=request.by, at=request.now,
    )  # fmt: skip
    return 201, _bequest(made)


def _bequest_at(request: CoopRequest, pk: int) -> Any:
    request.by.must(permissions.SETTLE_ESTATE)
    found = queries.bequest(pk) if 0 < pk < BIG else None
    if found is None:
        raise Http404
    return found


@router.post("/estates/bequests/{pk}/confirm", response=schemas.BequestOut, summary="Pass them on, as a second person")
def confirm_bequest(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    return _bequest(services.confirm_bequest(bequest=_bequest_at(request, pk), by=request.by, at=request.now))


@router.post("/estates/bequests/{pk}/drop", response={204: None}, summary="Leave a bequest be")
def drop_bequest(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    services.drop_bequest(bequest=_bequest_at(request, pk), by=request.by, at=request.now)
    return 204, None


def _offered(one: Any) -> dict[str, Any]:
    names = ("title", "share_class", "closes_at", "state")
    amounts = {name: _amount(Money(getattr(one, f"{name}_minor"), one.currency)) for name in ("minimum", "target", "maximum")}
    so_far = _amount(Money(queries.promised(one), one.currency))
    return {name: getattr(one, name) for name in names} | amounts | {"id": one.pk, "so_far": so_far}


@router.get("/offers", response=list[schemas.OfferOut], summary="Share offers, the newest first")
@paged("-opens_at", "-pk", tell=each(_offered))
def offers(request: CoopRequest) -> Any:
    return queries.offers()


@router.post("/offers/{pk}/apply", response={201: schemas.SubscriptionOut}, summary="Apply for shares of an offer, and pay")
def apply(request: CoopRequest, pk: int, data: schemas.ApplyIn, idempotency_key: Header[str]) -> Any:
    offer = queries.offers().filter(pk=pk).first() if 0 < pk < BIG else None
    if offer is None:
        raise Http404
    return 201, _placed(
        services.apply(
            offer=offer, membership=_mine(request, data.membership), shares=data.shares, method=data.method,
            key=_key(request, idempotency_key), by=request.by, at=request.now,
        )
    )  # fmt: skip
