"""The co-op's bank: accounts, statements, files of payouts."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from ninja import Header, Router

from toadlane.money.bank import permissions, queries, schemas, services
from toadlane.money.payments import queries as payments
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.files import answers_with
from toadlane.plumbing.access.lists import bounded, paged
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.members import queries as members
from toadlane.society.members.permissions import DESK

router = Router(tags=["bank"])
BIG = 2**63


@router.get(
    "/details", response=list[schemas.KnownDetailsOut], summary="Where you are paid; for who keeps the bank, the co-op too"
)
@bounded("one for each membership of yours")
def details(request: CoopRequest) -> Any:
    """The account given last, also while it rests."""
    request.by.must(DESK)
    known: list[Any] = list(queries.latest(sorted(request.by.memberships)).values())
    if request.by.may(permissions.SEE) and (own := queries.details_of(None)):
        known.append(own)
    if not known and not request.by.memberships:
        raise Http404
    return [
        {"membership": one.membership_id, "name": one.name, "iban": one.shown, "usable_from": one.usable_from} for one in known
    ]


@router.put("/details", response=schemas.DetailsOut, summary="Say where you, or the co-op, are paid")
def give(request: CoopRequest, data: schemas.DetailsIn) -> Any:
    who = None
    if data.membership is not None:
        who = members.register().filter(pk=data.membership).first() if data.membership in request.by.memberships else None
        if who is None:
            raise Http404
    given = services.give(membership=who, name=data.name, iban=data.iban, by=request.by, at=request.now)
    return {"name": given.name, "iban": given.shown, "usable_from": given.usable_from}


@router.post("/statements", response={201: schemas.ImportedOut}, summary="Read a bank statement (camt.053)")
def import_statement(request: CoopRequest, data: schemas.StatementIn, idempotency_key: Header[str] = "") -> Any:
    """Read twice it changes nothing: each line counts once."""
    return 201, vars(services.import_statement(data=data.xml.encode(), by=request.by, at=request.now))


@router.get("/lines", response=schemas.LinesOut, summary="Lines of statements, the newest first")
def lines(request: CoopRequest, state: str = "", cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(permissions.SEE)
    page = paging.page(queries.lines(state=state[:10]), cursor=cursor, limit=limit, order=("-booked_on", "-pk"))
    return {"items": [queries.facts_of(one) for one in page.items], "next": page.next}


def _line(request: CoopRequest, pk: int) -> Any:
    request.by.must(permissions.SEE)
    found = queries.lines().filter(pk=pk).first() if 0 < pk < BIG else None
    if found is None:
        raise Http404
    return found


@router.post("/lines/{pk}/settle", response=schemas.LineOut, summary="Say which payment a doubtful line was for")
def settle(request: CoopRequest, pk: int, data: schemas.SettleIn, idempotency_key: Header[str] = "") -> Any:
    line = _line(request, pk)
    try:
        payment = payments.payment(UUID(data.payment))
    except ValueError:
        payment = None
    if payment is None:
        raise services.Doubtful
    return queries.facts_of(services.settle(line=line, payment=payment, by=request.by, at=request.now))


@router.post("/lines/{pk}/ignore", response=schemas.LineOut, summary="Say that a line is none of ours, and why")
def ignore(request: CoopRequest, pk: int, data: schemas.WhyIn) -> Any:
    return queries.facts_of(services.ignore(line=_line(request, pk), why=data.why, by=request.by, at=request.now))


@router.get("/batches", response=list[schemas.BatchOut], summary="Files of payouts, the newest first")
@paged("-pk")
def batches(request: CoopRequest) -> Any:
    request.by.must(permissions.SEE)
    return queries.batches()


@router.post("/batches", response={201: schemas.BatchOut}, summary="Make a file of all payouts that wait (pain.001)")
def make(request: CoopRequest, data: schemas.BatchIn, idempotency_key: Header[str] = "") -> Any:
    """A payout is in one file at a time: asked again, only what has come since is in the next."""
    return 201, services.make(pays_on=data.pays_on, by=request.by, at=request.now)


def _batch(request: CoopRequest, pk: int) -> Any:
    request.by.must(permissions.SEE)
    found = queries.batches().filter(pk=pk).first() if 0 < pk < BIG else None
    if found is None:
        raise Http404
    return found


@router.post("/batches/{pk}/approve", response=schemas.BatchOut, summary="Approve a file that another person made")
def approve(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    return services.approve(batch=_batch(request, pk), by=request.by, at=request.now)


@router.post("/batches/{pk}/carried-out", response=schemas.BatchOut, summary="Say that the bank has carried a file out")
def carried_out(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    """Said by a second person as well, all its payouts are booked together."""
    return services.carried_out(batch=_batch(request, pk), by=request.by, at=request.now)


@router.post("/batches/{pk}/not-carried-out", response=schemas.BatchOut, summary="Say that the bank has not carried a file out")
def not_carried_out(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    """From its day on, and unless somebody has said that it was: what no statement has booked waits for another file."""
    return services.not_carried_out(batch=_batch(request, pk), by=request.by, at=request.now)


@router.get("/wishes", response=list[schemas.WishOut], summary="How often you are paid, and from which amount on")
@bounded("one for each membership of yours")
def wishes(request: CoopRequest) -> Any:
    request.by.must(DESK)
    if not request.by.memberships:
        raise Http404
    return [_wished(pk, queries.wish_of(pk)) for pk in sorted(request.by.memberships)]


def _wished(pk: int, wish: Any) -> dict[str, Any]:
    return {
        "membership_id": pk, "every": wish.every if wish else "day", "longest_hold_days": queries.longest_hold(),
        "least_minor": wish.least_minor if wish else queries.least_payout(),
    }  # fmt: skip


@router.put("/wishes", response=schemas.WishOut, summary="Say how often you want to be paid, and from which amount on")
def wish(request: CoopRequest, data: schemas.WishIn) -> Any:
    own = members.register().filter(pk=data.membership).first() if data.membership in request.by.memberships else None
    if own is None:
        raise Http404
    given = services.wish(membership=own, every=data.every, least_minor=data.least_minor, by=request.by, at=request.now)
    return _wished(own.pk, given)


@router.post("/batches/{pk}/drop", response=schemas.BatchOut, summary="Drop a file that nobody has approved")
def drop(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    return services.drop(batch=_batch(request, pk), by=request.by, at=request.now)


@router.get("/batches/{pk}/file", response={200: str}, summary="The approved file")
@answers_with("application/xml")
def file(request: CoopRequest, pk: int) -> Any:
    one = _batch(request, pk)
    if one.approved_at is None:
        raise Http404
    return HttpResponse(bytes(one.file), content_type="application/xml")


@router.get("/creditor", response=schemas.CreditorOut, summary="By which identifier the co-op debits")
def creditor(request: CoopRequest) -> Any:
    request.by.must(permissions.SEE)
    known = queries.creditor()
    if known is None:
        raise Http404
    return known


@router.put("/creditor", response=schemas.CreditorOut, summary="Say by which identifier the co-op debits")
def identify(request: CoopRequest, data: schemas.CreditorIn) -> Any:
    """Mandates that name another identifier hold no more."""
    return services.identify(identifier=data.identifier, by=request.by, at=request.now)


@router.get("/mandates", response=list[schemas.MandateOut], summary="Mandates for direct debits that you gave, the newest first")
@paged("-signed_at", "-pk")
def mandates(request: CoopRequest) -> Any:
    request.by.must(DESK)
    return queries.mandates_of(sorted(request.by.memberships), request.by.person_id)


@router.post("/mandates", response={201: schemas.MandateOut}, summary="Let the co-op debit an account of yours")
def sign(request: CoopRequest, data: schemas.MandateIn, idempotency_key: Header[str] = "") -> Any:
    """Another mandate of the same payer ends with it."""
    request.by.must(DESK)
    own = request.user if data.membership is None else None
    if data.membership in request.by.memberships:
        own = members.register().filter(pk=data.membership).first()
    if own is None:
        raise Http404
    return 201, services.sign(payer=own, name=data.name, iban=data.iban, by=request.by, at=request.now)


@router.post("/mandates/{reference}/end", response=schemas.MandateOut, summary="Take a mandate back")
def end(request: CoopRequest, reference: str, idempotency_key: Header[str] = "") -> Any:
    request.by.must(DESK)
    one = queries.mandates_of(sorted(request.by.memberships), request.by.person_id).filter(reference=reference[:36]).first()
    if one is None:
        raise Http404
    return services.end(mandate=one, by=request.by, at=request.now)


@router.get("/collections", response=list[schemas.CollectionOut], summary="Files of direct debits, the newest first")
@paged("-pk")
def collections(request: CoopRequest) -> Any:
    request.by.must(permissions.SEE)
    return queries.collections()


@router.post(
    "/collections", response={201: schemas.CollectionOut}, summary="Make a file of what members with a mandate owe (pain.008)"
)
def collect(request: CoopRequest, data: schemas.CollectionIn, idempotency_key: Header[str] = "") -> Any:
    """A payment is in one file at a time: asked again, only what has come since is in the next."""
    return 201, services.collect(collects_on=data.collects_on, by=request.by, at=request.now)


def _collection(request: CoopRequest, pk: int) -> Any:
    request.by.must(permissions.SEE)
    found = queries.collections().filter(pk=pk).first() if 0 < pk < BIG else None
    if found is None:
        raise Http404
    return found


@router.post(
    "/collections/{pk}/approve", response=schemas.CollectionOut, summary="Approve a file of debits that another person made"
)
def approve_collection(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    """Everybody in it is told of the amount and the day."""
    return services.approve_collection(collection=_collection(request, pk), by=request.by, at=request.now)


@router.post(
    "/collections/{pk}/carried-out", response=schemas.CollectionOut, summary="Say that the bank has carried a file of debits out"
)
def collected(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    """Said by a second person as well, all its payments are booked together."""
    return services.collected(collection=_collection(request, pk), by=request.by, at=request.now)


@router.post("/collections/{pk}/refused", response=schemas.CollectionOut, summary="Say that the bank did not carry out the rest")
def refused(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    """What has not come is owed still, and the next file may collect it."""
    return services.refused(collection=_collection(request, pk), by=request.by, at=request.now)


@router.post("/collections/{pk}/drop", response=schemas.CollectionOut, summary="Drop a file of debits that nobody has approved")
def drop_collection(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    return services.drop_collection(collection=_collection(request, pk), by=request.by, at=request.now)


@router.get("/collections/{pk}/file", response={200: str}, summary="The approved file of debits")
@answers_with("application/xml")
def collection_file(request: CoopRequest, pk: int) -> Any:
    one = _collection(request, pk)
    if one.approved_at is None:
        raise Http404
    return HttpResponse(bytes(one.file), content_type="application/xml")
