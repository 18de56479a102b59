"""Wallets, whom their workers and clients invite, what clients promise, and the register of pledges, over REST."""

from typing import Any

from django.http import Http404
from ninja import Status

from toadlane.kernel.money import Money
from toadlane.money.benefits import queries, schemas, services
from toadlane.money.benefits.api.common import Key, contribution_out, draw_out, money, plan_out, router, server
from toadlane.money.benefits.permissions import SEE_OWN, SEE_PLEDGES, SEE_WALLET
from toadlane.money.payments import queries as payments
from toadlane.plumbing.access.lists import bounded
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.coops import queries as coops


def _give(request: CoopRequest, wallet: Any) -> str:
    return coops.address(request.coop, "benefits:give", wallet.code)


def _wallet(request: CoopRequest, wallet: Any) -> dict[str, Any]:
    state = queries.state(wallet)
    return {
        "id": wallet.pk, "worker": wallet.person.name, "balance": money(state.balance), "credits": state.credits,
        "free": state.free, "half_day": state.units.half_day, "day": state.units.day, "give": _give(request, wallet),
        "clients": [plan_out(one) for one in state.clients], "requests": [draw_out(one) for one in state.draws],
        "paid_in": [contribution_out(one) for one in state.latest],
    }  # fmt: skip


def _to_pay(payment: Any) -> dict[str, Any]:
    return {
        "payment": str(payment.pk), "page": payments.address_of(payment), "method": payment.method, "state": payment.state,
        "reference": payment.reference, "amount": money(payment.amount),
    }  # fmt: skip


def _found(request: CoopRequest, pk: int) -> Any:
    found = queries.wallet(pk)
    if found is None or not request.by.may(SEE_WALLET, found):
        raise Http404
    return found


def _plan_of(request: CoopRequest, pk: int) -> Any:
    found = queries.plan(pk)
    if found is None or request.by.person_id not in (found.payer_id, found.wallet.person_id):
        raise Http404
    return found


@server.get("", response=list[schemas.KeptOut], summary="My wallets, over all co-ops")
@bounded("one for each co-op in which you keep one")
def everywhere(request: CoopRequest) -> Any:
    rows = queries.own_wallets(request.by.person_id or 0)
    return [{"coop": one.coop, "url": one.url, "balance": money(one.balance), "credits": one.credits} for one in rows]


@router.get("/terms", auth=None, response=schemas.TermsOut, summary="What the bylaws say about wallets")
def terms(request: CoopRequest) -> Any:
    request.by.must(SEE_PLEDGES)
    known, units = queries.terms(), queries.units()
    return {
        "is_open": queries.is_open(), "minimum": money(known.minimum), "suggested": money(known.suggested),
        "credit": money(units.credit), "half_day": units.half_day, "day": units.day, "relief": money(known.relief),
        "bylaws_version": known.version,
    }  # fmt: skip


@router.get("", response=schemas.WalletOut, summary="My wallet")
def mine(request: CoopRequest) -> Any:
    request.by.must(SEE_OWN)
    if (found := queries.of_person(request.by.person_id or 0)) is None:
        raise Http404
    return _wallet(request, found)


@router.post("/open", response={201: schemas.OpenedOut}, summary="Open my wallet, as a member")
def open_own(request: CoopRequest) -> Any:
    return Status(201, _opened(request, services.open_own(by=request.by, at=request.now)))


def _opened(request: CoopRequest, wallet: Any) -> dict[str, Any]:
    return {"id": wallet.pk, "worker": wallet.person.name, "give": _give(request, wallet)}


@router.post("/helped", response={201: schemas.OpenedOut}, summary="Open, or find, the wallet of a worker whom one helps")
def open_for(request: CoopRequest, given: schemas.ClaimIn) -> Any:
    return Status(201, _opened(request, services.open_for(**given.dict(), by=request.by, at=request.now)))


@router.get("/wallets/{int:pk}", response=schemas.WalletOut, summary="One wallet, for its worker and who helps her")
def wallet(request: CoopRequest, pk: int) -> Any:
    return _wallet(request, _found(request, pk))


@router.post("/wallets/{int:pk}/requests", response={201: schemas.DrawOut}, summary="Ask for days off, or for a premium")
def take(request: CoopRequest, pk: int, given: schemas.TakeIn, idempotency_key: Key) -> Any:
    """Days are counted in units of the bylaws. `insurance` and `carry` take an amount, `minor`."""
    found, said = _found(request, pk), given.dict(exclude={"minor"})
    is_days = given.what in ("half_day", "day")
    amount = None if is_days or given.minor is None else Money(given.minor, found.currency)
    made = services.take(
        wallet=found, **said, amount=amount, key=f"api:{idempotency_key[:60]}", by=request.by, at=request.now
    )  # fmt: skip
    return Status(201, draw_out(queries.draw(made.pk)))


@router.post("/requests/{int:pk}/withdraw", response=schemas.DrawOut, summary="Take a request back")
def withdraw(request: CoopRequest, pk: int) -> Any:
    found = queries.draw(pk)
    if found is None or not request.by.may(SEE_WALLET, found.wallet):
        raise Http404
    services.withdraw(draw=found, by=request.by, at=request.now)
    return draw_out(queries.draw(pk))


@router.post("/wallets/{int:pk}/clients", response={201: schemas.InvitationOut}, summary="Ask a client by phone number")
def invite_client(request: CoopRequest, pk: int, given: schemas.PhoneIn) -> Any:
    made = services.invite_client(wallet=_found(request, pk), **given.dict(), by=request.by, at=request.now)
    return Status(201, _invitation(request, made))


@router.post("/bring", response={201: schemas.ToPayOut}, summary="Announce a balance from another co-op")
def bring(request: CoopRequest, given: schemas.BringIn, idempotency_key: Key) -> Any:
    """Returns the transfer that the other co-op makes: its reference goes into the request to carry it there."""
    amount = Money(given.minor, request.coop.currency)
    key = f"api:{idempotency_key[:60]}"
    return Status(201, _to_pay(services.bring(amount=amount, note=given.note, key=key, by=request.by, at=request.now)))


def _invitation(request: CoopRequest, one: Any) -> dict[str, Any]:
    names = ("role", "phone", "invited_at", "answered_at", "expires_at")
    worker = one.wallet.person.name if one.wallet else ""
    return {name: getattr(one, name) for name in names} | {
        "worker": worker,
        "give": _give(request, one.wallet) if one.wallet else "",
    }


@router.get("/invitations", response=schemas.InvitationsOut, summary="Whom I invited, and who said yes")
def invitations(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(SEE_OWN)
    found = page(queries.invitations_by(request.by.person_id or 0), cursor=cursor, limit=limit)
    return {"items": [_invitation(request, one) for one in found.items], "next": found.next}


@router.post("/invitations", response={201: schemas.InvitationOut}, summary="Invite a worker by phone number")
def invite(request: CoopRequest, given: schemas.PhoneIn) -> Any:
    return Status(201, _invitation(request, services.invite_worker(**given.dict(), by=request.by, at=request.now)))


@router.post("/claim/{token}", auth=None, response={201: schemas.OpenedOut}, summary="Say yes to an invitation")
def claim(request: CoopRequest, token: str, given: schemas.ClaimIn) -> Any:
    """A name and the number the message was sent to; nothing else is asked."""
    if queries.invitation(token, at=request.now) is None:
        raise Http404
    return Status(201, _opened(request, services.claim(token=token, **given.dict(), by=request.by, at=request.now)))


@router.post("/give/{code}", response={201: schemas.ToPayOut}, summary="Promise something to a wallet, or give once")
def give(request: CoopRequest, code: str, given: schemas.GiveIn, idempotency_key: Key) -> Any:
    """Returns the first payment. A plan runs from when it has come in; these plans are paid by card."""
    found = queries.at_code(code)
    if found is None:
        raise Http404
    about: dict[str, Any] = {
        "wallet": found, "amount": Money(given.minor, found.currency), "key": f"api:{idempotency_key[:60]}", "by": request.by,
        "at": request.now,
    }  # fmt: skip
    if given.rhythm == "once":
        return Status(201, _to_pay(services.give_once(**about, method=given.method)))
    return Status(201, _to_pay(services.begin_plan(**about, rhythm=given.rhythm)))


@router.post("/give/{code}/debit", response={201: schemas.PlanOut}, summary="Promise something that is collected by direct debit")
def promise_by_debit(request: CoopRequest, code: str, given: schemas.DebitIn) -> Any:
    """The plan runs at once; asked again, it is the same one. You are told the amount and the day of each debit beforehand."""
    found = queries.at_code(code)
    if found is None:
        raise Http404
    about: dict[str, Any] = {"wallet": found, "amount": Money(given.minor, found.currency), "by": request.by, "at": request.now}
    made = services.promise_by_debit(**about, **given.dict(exclude={"minor"}))
    return Status(201, plan_out(queries.plan(made.pk)))


@router.get("/plans", response=schemas.PlansOut, summary="What I promised")
def plans(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(SEE_OWN)
    rows = queries.plans_of(request.by.person_id or 0).select_related("payer", "wallet__person")
    found = page(rows, cursor=cursor, limit=limit)
    return {"items": [plan_out(one) for one in found.items], "next": found.next}


@router.get("/contributions", response=schemas.ContributionsOut, summary="What was charged for what I promised")
def contributions(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(SEE_OWN)
    found = page(queries.contributions().filter(payer_id=request.by.person_id), cursor=cursor, limit=limit)
    return {"items": [contribution_out(one) for one in found.items], "next": found.next}


@router.post("/plans/{int:pk}/change", response=schemas.PlanOut, summary="Promise another amount")
def change_plan(request: CoopRequest, pk: int, given: schemas.AmountIn) -> Any:
    """The plan ends, and the one that is returned takes over its day and its card."""
    found = _plan_of(request, pk)
    return plan_out(services.change_plan(plan=found, amount=Money(given.minor, found.currency), by=request.by, at=request.now))


@router.post("/plans/{int:pk}/end", response=schemas.PlanOut, summary="End a plan")
def end_plan(request: CoopRequest, pk: int) -> Any:
    """Nothing more is charged; what is in the wallet stays there. Either side may."""
    return plan_out(services.end_plan(plan=_plan_of(request, pk), by=request.by, at=request.now))


def _pledge(one: Any) -> dict[str, Any]:
    names = ("name", "website", "state", "reason", "since", "ended_on")
    actions = [{"value": value, "what": text} for value, text in queries.promised(one)]
    return {name: getattr(one, name) for name in names} | {"id": one.pk, "actions": actions}


@router.get("/pledges", auth=None, response=schemas.PledgesOut, summary="Who keeps the code of good work")
def pledges(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(SEE_PLEDGES)
    found = page(queries.pledges(request.by), cursor=cursor, limit=limit)
    values = [{"id": value.id, "name": value.name} for value in queries.values()]
    return {"values": values, "items": [_pledge(one) for one in found.items], "next": found.next}


@router.post("/pledges", response={201: schemas.PledgeOut}, summary="Pledge to keep the code of good work")
def pledge(request: CoopRequest, given: schemas.PledgeIn) -> Any:
    """`actions` says for values, by id, what is done about them. The board looks at it before it is shown."""
    return Status(201, _pledge(services.pledge(**given.dict(), by=request.by, at=request.now)))


def _pledge_of(request: CoopRequest, pk: int) -> Any:
    if (found := queries.pledge(pk, request.by)) is None:
        raise Http404
    return found


@router.post("/pledges/{int:pk}/show", response=schemas.PledgeOut, summary="Put a pledge on the public list")
def show(request: CoopRequest, pk: int) -> Any:
    return _pledge(services.show(pledge=_pledge_of(request, pk), by=request.by, at=request.now))


@router.post("/pledges/{int:pk}/decline", response=schemas.PledgeOut, summary="Keep a pledge off the list, and say why")
def decline_pledge(request: CoopRequest, pk: int, given: schemas.ReasonIn) -> Any:
    found = _pledge_of(request, pk)
    return _pledge(services.decline_pledge(pledge=found, reason=given.reason, by=request.by, at=request.now))


@router.post("/pledges/{int:pk}/end", response=schemas.PledgeOut, summary="End a pledge; it is shown as ended")
def end_pledge(request: CoopRequest, pk: int, given: schemas.ReasonIn) -> Any:
    found = _pledge_of(request, pk)
    return _pledge(services.end_pledge(pledge=found, reason=given.reason, by=request.by, at=request.now))
