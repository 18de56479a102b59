"""Calendar addresses that other programs subscribe to."""

from datetime import datetime

from django.utils.crypto import get_random_string

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.booking.models import Feed, Resource
from toadlane.trade.booking.permissions import KEEP, KEEP_OWN


def make_feed(*, resource: Resource, by: Principal, at: datetime) -> Feed:
    """Make a secret address for one resource's calendar. Whoever has it may read when, and not who."""
    by.must(KEEP, resource)
    return Feed.objects.create(name=get_random_string(24), resource=resource, made_at=at)


def make_own_feed(*, membership_id: int, by: Principal, at: datetime) -> Feed:
    """Make a secret address for everything that one member offers."""
    by.must(KEEP_OWN, membership_id)
    return Feed.objects.create(name=get_random_string(24), membership_id=membership_id, made_at=at)


def end_feed(*, feed: Feed, by: Principal, at: datetime) -> Feed:
    """End an address for good. Twice is the same as once."""
    by.must(KEEP_OWN if feed.resource is None else KEEP, feed.membership_id if feed.resource is None else feed.resource)
    if feed.ended_at is None:
        feed.ended_at = at
        feed.save(update_fields=["ended_at"])
    return feed
