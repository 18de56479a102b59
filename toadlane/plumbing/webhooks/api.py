"""Webhooks: which program outside hears of what, and what became of each delivery."""

from typing import Annotated, Any

from django.http import Http404
from ninja import Path, Router

from toadlane.plumbing.access import paging
from toadlane.plumbing.access.lists import bounded
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.webhooks import queries, schemas, services

router = Router(tags=["webhooks"])

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


def _found(request: CoopRequest, number: int) -> Any:
    found = queries.subscription(number, by=request.by)
    if found is None:
        raise Http404
    return found


@router.get("", response=schemas.Subscriptions, operation_id="webhooks_list")
def subscriptions(request: CoopRequest, cursor: str | None = None, limit: int = 25) -> Any:
    """Every subscription of the co-op, without the secrets."""
    return paging.page(queries.subscriptions(by=request.by), cursor=cursor, limit=limit, order=("pk",))


@router.post("", response={201: schemas.SubscriptionMade}, operation_id="webhooks_subscribe")
def subscribe(request: CoopRequest, given: schemas.SubscriptionIn) -> Any:
    """Send events to an address from now on. The answer holds the secret, this once."""
    made, secret = services.subscribe(**given.dict(), by=request.by, at=request.now)
    return 201, schemas.SubscriptionOut.model_validate(made).dict() | {"secret": secret}


@router.get("/events", response=list[str], operation_id="webhooks_events")
@bounded("the events that the server knows")
def events(request: CoopRequest) -> Any:
    """The names of all events that can be subscribed to."""
    return queries.events(by=request.by)


@router.post("/deliveries/{number}/replay", response={202: schemas.DeliveryOut}, operation_id="webhooks_replay")
def replay(request: CoopRequest, number: Number) -> Any:
    """Send a delivery once more. The event keeps its id."""
    sent = queries.delivery(number, by=request.by)
    if sent is None:
        raise Http404
    return 202, services.replay(sent=sent, by=request.by)


@router.get("/{number}", response=schemas.SubscriptionOut, operation_id="webhooks_read")
def subscription(request: CoopRequest, number: Number) -> Any:
    """One subscription."""
    return _found(request, number)


@router.patch("/{number}", response=schemas.SubscriptionOut, operation_id="webhooks_change")
def change(request: CoopRequest, number: Number, given: schemas.SubscriptionChange) -> Any:
    """Change where events go, which of them, or whether at all. What is left out stays."""
    return services.change(subscription=_found(request, number), by=request.by, **given.dict(exclude_unset=True))


@router.delete("/{number}", response={204: None}, operation_id="webhooks_unsubscribe")
def unsubscribe(request: CoopRequest, number: Number) -> Any:
    """Send nothing there any more, and forget what was sent."""
    services.unsubscribe(subscription=_found(request, number), by=request.by)
    return 204, None


@router.post("/{number}/secret", response=schemas.Secret, operation_id="webhooks_renew_secret")
def renew_secret(request: CoopRequest, number: Number) -> Any:
    """Make a new secret. The old one is worthless from now on."""
    return {"secret": services.renew_secret(subscription=_found(request, number), by=request.by)}


@router.get("/{number}/deliveries", response=schemas.Deliveries, operation_id="webhooks_deliveries")
def deliveries(request: CoopRequest, number: Number, cursor: str | None = None, limit: int = 25) -> Any:
    """What was sent there, newest first, and what came back."""
    return paging.page(queries.deliveries(_found(request, number), by=request.by), cursor=cursor, limit=limit)
