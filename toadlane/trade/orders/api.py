"""Orders over REST: quotes, checkout, and every step an order can take."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from django.conf import settings
from django.http import Http404
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from ninja import Header, Query, Router, Status

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.payments import queries as payments
from toadlane.money.payments.services import Card
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.lists import bounded, paged
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.orders import queries, schemas
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.permissions import KEEP_SERIES, SEE, USE_CART
from toadlane.trade.orders.queries import reversals, showing
from toadlane.ui import formats

router = Router(tags=["orders"])
Side = Literal["customer", "provider", "worker", "coop"]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=100)]
Token = Annotated[str | None, Header(alias="Order-Token", max_length=200, description="From the checkout: it opens one order.")]


class KeyMissing(Expected):
    words = lazy("Send an Idempotency-Key with this, so that sending it twice does it once.")
    status = 422
    field = "Idempotency-Key"


def _money(amount: Money | None) -> dict[str, Any] | None:
    return {"minor": amount.minor, "currency": amount.currency, "text": formats.money(amount)} if amount is not None else None


def _aware(instant: datetime | None) -> datetime | None:
    """A time without an offset is the co-op's own."""
    if instant is None or instant.tzinfo:
        return instant
    return timezone.make_aware(instant)


def _lines(priced: Any) -> list[dict[str, Any]]:
    return [
        {"code": line.code, "text": line.text, "quantity": line.quantity, "amount": _money(line.amount), "rule": line.rule}
        for line in showing.lines(priced)
    ]


def _shares(split: Any, coop: Any) -> list[dict[str, Any]]:
    return [
        {"label": share.label, "amount": _money(share.amount), "why": share.why, "rule": getattr(share.rule, "title", ""),
         "decided": getattr(share.rule, "detail", ""), "url": _address(coop, getattr(share.rule, "url", ""))}
        for share in (split.shares if split else ())
    ]  # fmt: skip


def _beside(rows: Any) -> list[dict[str, Any]]:
    return [{"text": one.text, "amount": _money(one.amount), "state": one.state, "wallet": one.wallet} for one in rows]


def _address(coop: Any, page: str) -> str:
    """Return the whole address of a page that was named as from within the co-op's own."""
    return coops.home(coop).rstrip("/") + page if page else ""


def _party(member: Any) -> dict[str, Any] | None:
    return {"membership_id": member.pk, "name": member.name} if member else None


def _short(order: Any, taken: str = "") -> dict[str, Any]:
    return {
        "id": order.pk, "kind": order.kind, "title": order.title, "state": order.state, "starts": order.starts_at,
        "state_label": queries.words.standing(order, taken)[0][0], "taken_back": taken,
        "ends": order.ends_at, "total": _money(order.total), "provider": _party(order.provider), "placed_at": order.placed_at,
    }  # fmt: skip


def _whole(order: Any, request: CoopRequest) -> dict[str, Any]:
    page = showing.page(order, request.by, request.now)
    shown = {name: getattr(order, name) if page.shows_address else "" for name in ("address", "notes", "company", "vat_number")}
    return _short(order, page.taken) | {
        "net": _money(order.net), "vat": _money(order.vat), "tip": _money(order.tip),
        "on_top": _money(order.on_top), "captured": _money(order.captured),
        "refunded": _money(order.refunded), "bylaws_version": order.bylaws_version, "worker": order.worker_name,
        **shown, "why_untaxed": order.tax.get("why", ""), "due_at": order.due_at, "series": order.series_id,
        "lines": _lines(order), "split": _shares(page.split, request.coop), "beside": _beside(page.beside),
        "can": [deed.name for deed in page.deeds],
        "story": [
            {"at": m.at, "who": m.who, "text": m.text, "detail": m.detail, "is_to_come": m.is_to_come} for m in page.story
        ],
        "went_back": _went_back(page),
        "cancel_costs": _money(page.terms.costs if page.terms else None),
        "free_until": page.terms.free_until if page.terms else None,
    }  # fmt: skip


def _went_back(page: showing.Page) -> list[dict[str, Any]]:
    return [
        {"at": one.at, "amount": _money(one.amount), "state": one.state, "bearers": [
            {"account": b.code, "who": b.who, "amount": _money(b.amount), "text": b.says} for b in one.bearers
        ]}
        for one in (page.reversals if page.bearers_shown else ())
    ]  # fmt: skip


def _placed(placed: orders.Placed, request: CoopRequest) -> dict[str, Any]:
    paid = placed.payment
    return {
        "id": placed.checkout.pk, "total": _money(placed.checkout.total),
        "payment": paid and {
            "id": paid.pk, "state": paid.state, "method": paid.method, "amount": _money(paid.amount), "reason": paid.reason,
            "page": settings.TOADLANE_ORIGIN + payments.card_page(paid),
        },
        "orders": [_with_token(order, request) for order in placed.orders],
    }  # fmt: skip


def _with_token(order: Any, request: CoopRequest) -> dict[str, Any]:
    token = queries.token(order) if order.customer_id is None else None
    link = coops.address(request.coop, "orders:guest", token=token) if token else None
    return _short(order) | {"token": token, "link": link}


def _as_holder(request: CoopRequest, token: str | None) -> None:
    """Let whoever sends the token of an order be its customer."""
    if token and (pk := queries.order_id(token, request.coop.pk)):
        request.by = replace(request.by, order_id=pk)


def _found(request: CoopRequest, pk: int, token: str | None = None) -> Any:
    _as_holder(request, token)
    order = queries.find(pk) if 0 < pk < 2**63 else None
    if order is None or not request.by.may(SEE, order):
        raise Http404
    return order


def _contact(given: schemas.ContactIn, request: CoopRequest) -> orders.Contact:
    """Fill in what we know of somebody who is signed in."""
    person = showing.person(request.by.person_id) if request.by.person_id else None
    known = {"name": person.name, "email": person.email or "", "phone": person.phone or ""} if person else {}
    said = {name: value for name, value in given.dict().items() if value}
    return orders.Contact(**({"name": "", "language": translation.get_language() or "en"} | known | said))


def _card(given: schemas.CardIn | None) -> Card | None:
    return Card(**given.dict()) if given else None


@router.post("/quotes", response={201: schemas.QuoteOut}, auth=None)
def quote(request: CoopRequest, given: schemas.QuoteIn) -> Any:
    """What something costs, and where the money goes. The price is good for half an hour."""
    values = given.dict()
    wish = orders.Wish(
        listing_id=values.pop("listing"), starts=_aware(values.pop("starts")), ends=_aware(values.pop("ends")), **values
    )
    made = orders.quote(wish=wish, by=request.by, at=request.now, coop=request.coop)
    split = queries.splits.shown(made, made.rules) if made.total_minor else None
    return Status(201, {
        "id": made.pk, "kind": made.kind, "title": made.title, "starts": made.starts_at, "ends": made.ends_at,
        "lines": _lines(made), "net": _money(made.net), "vat": _money(made.vat), "tip": _money(made.tip),
        "on_top": _money(made.on_top),
        "total": _money(made.total), "why_untaxed": made.tax.get("why", ""),
        "split": _shares(split, request.coop), "bylaws_version": made.bylaws_version,
        "beside": _beside(queries.beside.of_quote(made, made.rules, customer_id=request.by.person_id)),
        "every_weeks": made.every_weeks, "expires_at": made.expires_at,
    })  # fmt: skip


@router.get("/times", response={200: list[schemas.TimeOut]}, auth=None)
@bounded("seven days, a few times on each")
def times(request: CoopRequest, size: str, level: str, first: Annotated[date | None, Query(alias="from")] = None) -> Any:
    """When a visit of a size and level could begin, in the seven days from a day on (today, if none is named)."""
    chosen = catalog.Choices(size=size, level=level)
    found = queries.times.of_visit(chosen, first, coop=request.coop, at=request.now)
    return [{"starts": one.at, "ends": ends, "is_free": one.is_free} for one, ends in found]


@router.post("", response={201: schemas.CheckoutOut}, auth=None)
def check_out(request: CoopRequest, given: schemas.CheckoutIn, key: Key = None) -> Any:
    """Order what was quoted and pay for all of it at once. The same key does it once, however often it is sent."""
    placed = orders.check_out(
        quote_ids=given.quotes, contact=_contact(given.contact, request), key=_key(request, key, given.quotes), by=request.by,
        at=request.now, method=given.method, card=_card(given.card), until=given.until,
    )  # fmt: skip
    return Status(201, _placed(placed, request))


def _key(request: CoopRequest, key: str | None, quotes: list[UUID]) -> str:
    """Keys of different people never meet. Without one the quotes themselves are the intent: each is ordered once."""
    who = request.by.person_id or ""
    return f"{who}:{key}" if key else "quotes:" + str(min(quotes))


@router.get("", response={200: schemas.Orders})
def mine(request: CoopRequest, side: Side = "customer", cursor: str | None = None, limit: int = 25) -> Any:
    """Your orders: as `customer`, as `provider`, as `worker`, or all of the co-op's for its coordinators (`coop`)."""
    found = paging.page(showing.seen_by(request.by, side), cursor=cursor, limit=limit)
    taken = reversals.taken_back(found.items)
    return {"items": [_short(order, taken.get(order.pk, "")) for order in found.items], "next": found.next}


@router.get("/checkouts/{pk}", response={200: schemas.CheckoutOut}, auth=None)
def checkout(request: CoopRequest, pk: UUID) -> Any:
    """What a checkout has come to. Asked after the payment page, it moves the orders on."""
    found = queries.checkout_of(f"checkout:{pk}")
    if found is None:
        raise Http404
    return _placed(orders.settle(checkout=found, by=request.by, at=request.now), request)


@router.post("/checkouts/{pk}/pay", response={200: schemas.CheckoutOut}, auth=None)
def pay(request: CoopRequest, pk: UUID, given: schemas.CardIn | None = None, key: Key = None) -> Any:
    """Pay a checkout by card, or try again after a card that was declined; what was ordered with credit needs no card."""
    found = queries.checkout_of(f"checkout:{pk}")
    if found is None:
        raise Http404
    if not key:
        raise KeyMissing
    payment = orders.try_again(checkout=found, key=key, by=request.by, at=request.now)
    placed = orders.settle(checkout=found, by=request.by, at=request.now)
    if given is None:
        return _placed(orders.pay_in_credit(checkout=found, by=request.by, at=request.now), request)
    placed = orders.pay(placed=replace(placed, payment=payment), card=Card(**given.dict()), by=request.by, at=request.now)
    return _placed(placed, request)


@router.get("/{int:pk}", response={200: schemas.OrderOut}, auth=None)
def read(request: CoopRequest, pk: int, token: Token = None) -> Any:
    """One order: its price and split, its story, and what can be done now by whoever asks."""
    return _whole(_found(request, pk, token), request)


@router.post("/{int:pk}/refunds", response={201: schemas.RefundOut}, auth=None)
def refund(request: CoopRequest, pk: int, given: schemas.RefundIn, key: Key = None) -> Any:
    """Give back part or all of what was paid; each share gives its part."""
    order = _found(request, pk)
    if not key:
        raise KeyMissing
    made = orders.refund(
        order=order, amount=Money(given.amount_minor, order.currency), reason=given.reason, by=request.by, at=request.now,
        key=f"{order.subject}:{key}",
    )  # fmt: skip
    orders.do_chores(order_ids=[order.pk], by=request.by, at=request.now)
    return Status(201, {
        "id": made.pk, "amount": _money(made.amount), "stage": made.stage, "reason": made.reason, "shares": made.shares,
        "made_at": made.made_at,
    })  # fmt: skip


@router.get("/series/{int:pk}", response={200: schemas.SeriesOut}, auth=None)
def series(request: CoopRequest, pk: int, token: Token = None) -> Any:
    """Visits that come again: when, and which were skipped or moved."""
    return _series(_series_found(request, pk, token))


@router.post("/series/{int:pk}/{deed}", response={200: schemas.SeriesOut}, auth=None)
def change_series(request: CoopRequest, pk: int, deed: str, given: schemas.SeriesDeedIn, token: Token = None) -> Any:
    """Change visits that come again: `skip`, `move`, `pause`, `resume` or `end`."""
    found, by, at = _series_found(request, pk, token), request.by, request.now
    if deed in ("skip", "move") and given.visit_on is None:
        raise orders.NotAVisit(_("Say which visit."))
    if deed == "skip":
        found = orders.skip(series=found, visit_on=given.visit_on, by=by)  # type: ignore[arg-type]
    elif deed == "move":
        if given.starts is None:
            raise orders.NotAVisit(_("Say to when."), field="starts")
        found = orders.move_visit(series=found, visit_on=given.visit_on, starts=_aware(given.starts), by=by, at=at)  # type: ignore[arg-type]
    elif deed == "resume":
        found = orders.resume(series=found, by=by, at=at)
    elif deed in ("pause", "end"):
        found = (orders.pause if deed == "pause" else orders.end)(series=found, by=by)
    else:
        raise Http404
    return _series(found)


def _series_found(request: CoopRequest, pk: int, token: str | None) -> Any:
    _as_holder(request, token)
    found = queries.series_of(pk) if 0 < pk < 2**63 else None
    if found is None or not request.by.may(KEEP_SERIES, found):
        raise Http404
    return found


def _series(found: Any) -> dict[str, Any]:
    return {
        "id": found.pk, "every_weeks": found.every_weeks, "state": found.state, "next_on": found.next_on, "until": found.until,
        "ahead": queries.series.ahead(found), "skipped": found.skipped, "moved": found.moved, "trouble": found.trouble,
    }  # fmt: skip


@router.post("/carts", response={201: schemas.CartOut}, auth=None)
def open_cart(request: CoopRequest) -> Any:
    """Take a cart; a signed-in person has one, and is given that."""
    return Status(201, _cart(orders.open_cart(by=request.by, at=request.now)))


@router.post("/inquiries", response={201: schemas.PlacedOrder}, auth=None)
def inquire(request: CoopRequest, given: schemas.InquiryIn, key: Key = None) -> Any:
    """Ask a question about a listing. Asking is free; the answer comes to the address that is left."""
    intent = f"ask:{request.by.person_id or ''}:{key or uuid4()}"
    asked = orders.inquire(
        listing_id=given.listing, contact=_contact(given.contact, request), text=given.text, key=intent, by=request.by,
        at=request.now, coop=request.coop,
    )  # fmt: skip
    return Status(201, _with_token(asked, request))


@router.get("/carts/{pk}", response={200: schemas.CartOut}, auth=None)
def cart(request: CoopRequest, pk: UUID) -> Any:
    """What lies in a cart, and what it comes to."""
    return _cart(_cart_found(request, pk))


@router.put("/carts/{pk}/items", response={200: schemas.CartOut}, auth=None)
def put(request: CoopRequest, pk: UUID, given: schemas.CartItemIn) -> Any:
    """Say how many of a listing lie in the cart; nought takes it out."""
    found = _cart_found(request, pk)
    orders.put(
        cart=found, listing_id=given.listing, quantity=given.quantity, coop=request.coop, by=request.by, at=request.now,
        variant=given.variant,
    )  # fmt: skip
    return _cart(found)


@router.post("/carts/{pk}/orders", response={201: schemas.CheckoutOut}, auth=None)
def check_out_cart(request: CoopRequest, pk: UUID, given: schemas.CartCheckoutIn, key: Key = None) -> Any:
    """Order all that lies in the cart: one order for each thing, one payment for all."""
    if not key:
        raise KeyMissing
    placed = orders.check_out_cart(
        cart=_cart_found(request, pk), contact=_contact(given.contact, request), key=f"cart:{pk}:{key}"[:120],
        coop=request.coop, by=request.by, at=request.now, method=given.method, card=_card(given.card), seen=given.total_minor,
    )  # fmt: skip
    return Status(201, _placed(placed, request))


def _cart_found(request: CoopRequest, pk: UUID) -> Any:
    found = queries.carts.cart(pk)
    if found is None or not request.by.may(USE_CART, found):
        raise Http404
    return found


def _cart(found: Any) -> dict[str, Any]:
    inside = queries.carts.contents(found, bylaws.book())
    return {
        "id": found.pk, "totals": [_money(inside.total)] if inside.total else [],
        "items": [
            {"listing": i.listing_id, "variant": i.variant, "title": i.title, "quantity": i.quantity, "amount": _money(i.amount),
             "provider": _party(i.provider), "trouble": i.trouble}
            for i in inside.items
        ],
    }  # fmt: skip


@router.get("/{int:pk}/messages", response={200: list[schemas.SaidOut]}, auth=None)
@paged("id")
def messages(request: CoopRequest, pk: int, token: Token = None) -> Any:
    """What both sides of an order said to each other, the oldest first. A guest sends the token of their order."""
    return showing.said(_found(request, pk, token), request.by)


@router.post("/{int:pk}/messages", response={201: schemas.SaidOut}, auth=None)
def say(request: CoopRequest, pk: int, given: schemas.SayIn, token: Token = None) -> Any:
    """Say something to the other side of an order. A guest sends the token of their order."""
    order = _found(request, pk, token)
    orders.say(order=order, text=given.text, by=request.by, at=request.now)
    return Status(201, showing.said(order, request.by)[-1])


# Last, since its address fits many: what else can be done with an order is named by its process.
@router.post("/{int:pk}/{transition}", response={200: schemas.OrderOut}, auth=None)
def move(request: CoopRequest, pk: int, transition: str, given: schemas.FactsIn, token: Token = None) -> Any:
    """Make a transition of the order's process: `accept`, `assign`, `start`, `finish`, `confirm`, `cancel` and so on."""
    _as_holder(request, token)
    order = queries.find(pk) if 0 < pk < 2**63 else None
    if order is None or not (request.by.may(SEE, order) or queries.is_offered(order, request.by)):
        raise Http404
    facts = orders.Facts(
        starts_at=_aware(given.starts), worker=queries.worker(given.worker), refund_minor=given.refund_minor, reason=given.reason
    )
    orders.act(order=order, transition=transition, by=request.by, at=request.now, facts=facts)
    return _whole(queries.find(pk), request)
