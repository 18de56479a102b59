"""Telling programs outside what happens in a co-op: signed, tried again, and sent once more on request."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import jobs, registry
from toadlane.plumbing.tenancy.prepared import Prepared
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.plumbing.webhooks import delivery, post, signing
from toadlane.plumbing.webhooks.models import Delivery, Subscription
from toadlane.plumbing.webhooks.permissions import MANAGE, TELL

MOST = 20


class BadAddress(Expected):
    """Nothing can be sent to this address."""

    status = 422
    field = "url"


class NoSuchEvent(Expected):
    """There is no event of this name."""

    status = 422
    field = "events"


class TooMany(Expected):
    """A co-op keeps twenty subscriptions at most."""


@transaction.atomic
def subscribe(*, url: str, events: Sequence[str], by: Principal, at: datetime, note: str = "") -> tuple[Subscription, str]:
    """Send events to an address from now on; return the subscription and its secret, which is shown this once.

    :param events: names of events; none is all of them
    """
    by.must(MANAGE)
    if Subscription.objects.count() >= MOST:
        raise TooMany(_("A co-op keeps twenty subscriptions at most."), hint=_("Delete one that is not needed any more."))
    made = Subscription(url=_address(url), events=_events(events), note=note[:120], made_by=str(by), made_at=at)
    made.salt = secrets.token_urlsafe(24)
    made.save()
    return made, signing.secret_of(made)


@transaction.atomic
def change(
    *, subscription: Subscription, by: Principal, url: str | None = None, events: Sequence[str] | None = None,
    note: str | None = None, is_on: bool | None = None,
) -> Subscription:  # fmt: skip
    """Change where events go, which, or whether at all. What is left out stays."""
    by.must(MANAGE, subscription)
    if url is not None:
        subscription.url = _address(url)
    if events is not None:
        subscription.events = _events(events)
    subscription.note = subscription.note if note is None else note[:120]
    subscription.is_on = subscription.is_on if is_on is None else is_on
    subscription.save()
    return subscription


@transaction.atomic
def renew_secret(*, subscription: Subscription, by: Principal) -> str:
    """Make a new secret and return it; the old one is worthless from now on."""
    by.must(MANAGE, subscription)
    subscription.salt = secrets.token_urlsafe(24)
    subscription.save()
    return signing.secret_of(subscription)


@transaction.atomic
def unsubscribe(*, subscription: Subscription, by: Principal) -> None:
    """Send nothing there any more, and forget what was sent."""
    by.must(MANAGE, subscription)
    subscription.delete()


@transaction.atomic
def replay(*, sent: Delivery, by: Principal) -> Delivery:
    """Send one delivery once more, whatever came of it before. The event keeps its id, so that it can be told apart."""
    by.must(MANAGE, sent)
    sent.state, sent.attempts, sent.error = Delivery.State.WAITING, 0, ""
    sent.save()
    jobs.enqueue_all(delivery.post_delivery, [{"coop_id": sent.coop_id, "delivery_id": sent.pk}])
    return sent


_ON: Prepared[Subscription] = Prepared(lambda: Subscription.objects.filter(is_on=True).order_by("pk"))


def fan_out(*, event: str, event_id: UUID, payload: dict[str, Any], by: Principal, at: datetime) -> None:
    """Write a delivery for each subscription that wants the event. Told twice, it is written once."""
    by.must(TELL)
    wanted = [one for one in _ON() if one.wants(event)]
    if not wanted:
        return
    with transaction.atomic():
        known = set(Delivery.objects.filter(event_id=event_id).values_list("subscription_id", flat=True))
        rows = Delivery.objects.bulk_create(
            Delivery(subscription=one, event_id=event_id, event=event, payload=payload, at=at)
            for one in wanted
            if one.pk not in known
        )
        calls = [{"coop_id": current_coop_id(), "delivery_id": row.pk} for row in rows]
        jobs.enqueue_all(delivery.post_delivery, calls)


def _address(url: str) -> str:
    url = url.strip()
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        raise BadAddress(_("Write a whole address, such as https://example.org/hook.")) from None
    if fault := post.address_fault(url):
        raise BadAddress(_("Nothing can be sent to this address: %(fault)s.") % {"fault": fault})
    return url


def _events(events: Sequence[str]) -> list[str]:
    if unknown := set(events) - set(registry.known()):
        raise NoSuchEvent(_("There is no event “%(name)s”.") % {"name": min(unknown)})
    return sorted(set(events))
