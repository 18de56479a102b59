"""Calendars as other programs read them: when things are taken, and not by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import icalendar
from django.core import signing
from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.trade.booking.models import Allocation, Feed, Resource
from toadlane.trade.booking.queries.calendars import Entry, entries

SIGNER = signing.Signer(salt="booking.feed")


def feed_address(feed: Feed) -> str:
    """Return the last part of a feed's address: its name, signed, so that nobody can guess another one."""
    return SIGNER.sign(feed.name)


def feed_at(address: str) -> Feed | None:
    """Return the feed of an address that is still in use."""
    try:
        name = SIGNER.unsign(address)
    except signing.BadSignature:
        return None
    return Feed.objects.filter(name=name, ended_at__isnull=True).select_related("resource", "membership").first()


def feed_text(feed: Feed, *, at: datetime) -> str:
    """Return a feed as iCalendar: when things are taken, and not by whom."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Toadlane//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", feed.resource.name if feed.resource else _("My calendar"))
    for one in _kept(feed):
        for entry in entries(one, at - timedelta(days=31), at + timedelta(days=400), at=at):
            if entry.kind != Allocation.Kind.OUTSIDE:
                calendar.add_component(_event(one, entry, at))
    return calendar.to_ical().decode()


def _kept(feed: Feed) -> list[Resource]:
    """Return what a feed tells of: one thing, or all that a member offers, with that of the organisations they speak for."""
    if feed.resource:
        return [feed.resource]
    offers = {feed.membership_id}
    if feed.membership and feed.membership.person_id:
        offers |= members.principal(person_id=feed.membership.person_id, channel=Channel.JOB).memberships
    return list(Resource.objects.filter(membership_id__in=offers).order_by("pk"))


def _event(resource: Resource, entry: Entry, at: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{entry.kind}-{entry.allocation_id}@toadlane")
    event.add("dtstamp", at)
    event.add("dtstart", entry.starts)
    event.add("dtend", entry.ends)
    event.add("summary", _("%(name)s: taken") % {"name": resource.name})
    event.add("status", "TENTATIVE" if entry.is_held else "CONFIRMED")
    return event


@dataclass(frozen=True)
class FeedLine:
    pk: int
    url: str
    made_at: datetime


def feeds(resource: Resource) -> list[FeedLine]:
    return _lines(Feed.objects.filter(resource=resource, ended_at__isnull=True))


def own_feeds(by: Principal) -> list[FeedLine]:
    return _lines(Feed.objects.filter(membership_id__in=by.memberships, ended_at__isnull=True))


def feed(pk: int) -> Feed | None:
    return Feed.objects.select_related("resource").filter(pk=pk).first()


def _lines(rows: Iterable[Feed]) -> list[FeedLine]:
    coop = coops.of_scope(current_coop_id())
    return [FeedLine(row.pk, coops.address(coop, "booking:feed", address=feed_address(row)), row.made_at) for row in rows]
