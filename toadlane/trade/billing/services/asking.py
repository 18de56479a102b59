"""Asking sellers for what the yearly report needs, once and twice more, and sending them their copy of it, also corrected."""

from datetime import datetime
from typing import Any

from django.db import transaction

from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing.policies import dpi, sellers
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.members.models import Delegate, Membership
from toadlane.society.messaging import services as messaging
from toadlane.trade.billing import queries
from toadlane.trade.billing.models import SellerCopy, SellerReport, SellerRequest
from toadlane.trade.billing.permissions import RUN

JANUARY = 1


@transaction.atomic
def ask_sellers(*, by: Principal, at: datetime) -> int:
    """Ask who sold something and has not said what the report needs; remind after 20 and 40 days. Return how many letters.

    A round ends as soon as nothing is missing any more. Run twice on a day it does the same once.
    """
    by.must(RUN)
    if not queries.reports():
        return 0
    Tenant.lock_current()
    today = invoicing.local_day(at)
    open_now = {row.membership_id: row for row in queries.requests()}
    lacks = queries.lacking({*queries.sold_in(today.year), *open_now}, at)
    still = {one.membership.pk for one in lacks}
    for pk, row in open_now.items():
        if pk not in still:
            SellerRequest.objects.filter(pk=row.pk).update(ended_at=at)
    return sum(_ask(one, open_now.get(one.membership.pk), by, at) for one in lacks)


def _ask(lack: queries.Lack, request: SellerRequest | None, by: Principal, at: datetime) -> bool:
    if request is None:
        SellerRequest.objects.create(membership=lack.membership, asked_at=at)
        return _write(lack.membership, "asked", by, at, lack=lack)
    asked = invoicing.local_day(request.asked_at)
    step = sellers.next_step(request=asked, reminders=queries.reminders(request), today=invoicing.local_day(at))
    if not step:
        return False
    SellerRequest.objects.filter(pk=request.pk).update(**{"reminded_at" if step == "remind" else "warned_at": at})
    over = asked + sellers.PATIENCE if step == "warn" and queries.withholds() else None
    return _write(lack.membership, "asked", by, at, lack=lack, again=True, over=over)


@transaction.atomic
def send_copies(*, by: Principal, at: datetime) -> int:
    """Send each seller, in January, what is reported of them for the year before; return how many letters."""
    by.must(RUN)
    today = invoicing.local_day(at)
    if today.month != JANUARY or not queries.reports():
        return 0
    Tenant.lock_current()
    year = today.year - 1
    before = set(queries.sent(year))
    owed = {one.membership.pk: one.membership for one in queries.records(year) if one.is_reported}
    new = [one for pk, one in sorted(owed.items()) if pk not in before]
    SellerCopy.objects.bulk_create([SellerCopy(membership=one, year=year, sent_at=at) for one in new])
    return sum(_write(one, "copy", by, at, year=year) for one in new)


def tell_of_corrections(*, report: SellerReport, by: Principal, at: datetime) -> int:
    """Write to each seller of whom a later message tells something else; return how many letters.

    An instrument: whoever hands the message in has asked. Of whom nothing was told before gets their copy.
    """
    marks: dict[int, set[str]] = {}
    for key, part in report.parts.items():
        if owner := queries.owner_of(key):
            marks.setdefault(owner, set()).add(part["mark"])
    before, letters = set(queries.sent(report.year)), 0
    for one in Membership.objects.filter(pk__in=marks).order_by("pk"):
        is_first = one.pk not in before and marks[one.pk] == {dpi.NEW_DATA}
        if one.pk not in before:
            SellerCopy.objects.create(membership=one, year=report.year, sent_at=at)
        # Of two currencies one may be taken back: then something of them still stands.
        about = {"year": report.year} if is_first else {"year": report.year, "gone": marks[one.pk] == {dpi.DELETED}}
        letters += _write(one, "copy" if is_first else "corrected", by, at, **about)
    return letters


def _write(membership: Membership, letter: str, by: Principal, at: datetime, **facts: Any) -> bool:
    coop = coops.of_scope(current_coop_id())
    page = "invoicing:particulars" if letter == "asked" else "billing:mine"
    context = {"coop": coop.name, "link": coops.address(coop, page), **facts}
    told = [
        messaging.notify(person_id=pk, about="money", template=f"billing/{letter}", by=by, at=at, context=context)
        for pk in _people_of(membership)
    ]
    return any(told)


def _people_of(member: Membership) -> list[int]:
    if member.person_id:
        return [member.person_id]
    delegates = Delegate.objects.filter(membership=member, ended_on=None).order_by("pk")
    return list(delegates.values_list("person_id", flat=True))
