"""What each seller earned on the platform in a year, by quarter, as Directive 2011/16/EU (Annex V) has it reported."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.bank import queries as bank
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing.models import Particulars
from toadlane.money.invoicing.policies import dpi, sellers
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.society.members.models import Membership
from toadlane.trade.catalog.models import Listing
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.queries import splits

KINDS = {"purchase": "goods", "visit": "personal_service", "inquiry": "personal_service"}
FEES = ("commission", "commission_vat")


@dataclass(frozen=True, kw_only=True)
class Record:
    """One seller's year in one kind of activity.

    :param consideration: what was paid for it, the platform's fees taken off, in minor units
    """

    membership: Membership
    particulars: Particulars | None
    kind: str
    currency: str
    quarters: dict[str, sellers.Quarter]
    status: sellers.Status
    # Of a property that is let: each is reported by itself.
    place: str = ""

    @property
    def consideration(self) -> Money:
        return Money(sum(one.consideration for one in self.quarters.values()), self.currency)

    @property
    def fees(self) -> Money:
        return Money(sum(one.fees for one in self.quarters.values()), self.currency)

    @property
    def activities(self) -> int:
        return sum(one.activities for one in self.quarters.values())

    @property
    def label(self) -> str:
        named = {
            "goods": _("Goods"), "personal_service": _("Work"), "immovable_property": _("Rooms and other places"),
            "transport_rental": _("Vehicles"),
        }  # fmt: skip
        return named[self.kind]

    @property
    def is_reported(self) -> bool:
        return self.status == "reportable"

    @property
    def rows(self) -> list[tuple[str, int, Money, Money]]:
        return [
            (name, one.activities, Money(one.consideration, self.currency), Money(one.fees, self.currency))
            for name, one in self.quarters.items()
        ]


def bounds(year: int) -> tuple[datetime, datetime]:
    zone = ZoneInfo(coops.of_scope(current_coop_id()).time_zone)
    return datetime.combine(date(year, 1, 1), time(), zone), datetime.combine(date(year + 1, 1, 1), time(), zone)


def records(year: int, *, membership_ids: Any = None) -> list[Record]:
    """Return the records of a year, in three statements. A refund counts in the quarter of what it undoes."""
    since, until = bounds(year)
    rows = Order.objects.filter(released_at__gte=since, released_at__lt=until, provider__isnull=False)
    if membership_ids is not None:
        rows = rows.filter(provider__in=membership_ids)
    by_time = bylaws.book().maybe("invoicing.activity") or "personal_service"
    paid: dict[tuple[int, str, str, int | None], list[sellers.Paid]] = defaultdict(list)
    wanted = ("provider_id", "kind", "currency", "released_at", "captured_minor", "refunded_minor", "left", "listing_id")
    for provider, process, currency, at, captured, refunded, left, listing in rows.values_list(*wanted).iterator(chunk_size=2000):
        if captured == refunded or any(share["kind"] == "sales" for share in left):
            continue
        fees = sum(share["minor"] for share in left if share["kind"] in FEES)
        day = at.astimezone(since.tzinfo).date()
        kind = KINDS.get(process, by_time)
        key = (provider, kind, currency, listing if kind == "immovable_property" else None)
        # What the customer paid the platform itself was never the seller's.
        paid[key].append(sellers.Paid(day, captured - refunded - splits.on_top(left), fees))
    ids = {provider for provider, *_rest in paid}
    places = dict(Listing.objects.filter(pk__in={key[3] for key in paid if key[3]}).values_list("pk", "title"))
    who = {one.pk: one for one in members.register().filter(pk__in=ids)}
    known = invoicing.latest_particulars(ids)
    made = [
        _record(who[pk], known.get(pk), days, kind=kind, currency=currency, place=places.get(listing or 0, ""))
        for (pk, kind, currency, listing), days in paid.items()
    ]
    return sorted(made, key=lambda one: (one.membership.name, one.membership.pk, one.kind, one.currency, one.place))


def _record(
    membership: Membership, particulars: Particulars | None, days: list[sellers.Paid], *, kind: str, currency: str, place: str
) -> Record:
    quarters = sellers.quarters(days)
    total = sum(one.consideration for one in quarters.values())
    # The thresholds are in euro. What was paid in other money is reported rather than left out by a rate of our own.
    compared = total if currency == "EUR" else max(total, sellers.GOODS_MINOR + 1)
    seller = sellers.Seller(
        kind=kind,
        activities=len(days),
        consideration=compared,
        entity=membership.organisation_id is not None,
        governmental=particulars is not None and particulars.excluded_as == Particulars.Excluded.GOVERNMENT,
        listed=particulars is not None and particulars.excluded_as == Particulars.Excluded.LISTED,
    )
    return Record(
        membership=membership, particulars=particulars, kind=kind, currency=currency, quarters=quarters,
        status=sellers.status(seller), place=place,
    )  # fmt: skip


def of_member(year: int, membership_ids: frozenset[int]) -> list[Record]:
    """Return the copy that a seller gets of what is reported of them."""
    return records(year, membership_ids=list(membership_ids))


def reported(year: int) -> list[dpi.Reported]:
    """Return the sellers of a year as the report has them: one for each member and currency, of whom it is known who they are.

    Of a person the shape demands the day of birth; a file without it would be refused as a whole.
    """
    groups: dict[tuple[int, str], list[Record]] = defaultdict(list)
    for one in records(year):
        said = one.particulars
        if one.is_reported and said is not None and (said.born_on or one.membership.organisation_id):
            groups[one.membership.pk, one.currency].append(one)
    accounts = bank.latest({pk for pk, _currency in groups})
    return [_reported(f"M{pk}-{currency}", found, accounts.get(pk)) for (pk, currency), found in groups.items()]


def owner_of(reference: str) -> int | None:
    """Return of which member a record is that was handed in; None of who reports."""
    found = re.fullmatch(r"M([0-9]+)-[A-Z]{3}", reference)
    return int(found[1]) if found else None


def _reported(reference: str, found: list[Record], account: Any) -> dpi.Reported:
    said = found[0].particulars
    assert said is not None
    return dpi.Reported(
        reference=reference, party=invoicing.party(said), is_entity=found[0].membership.organisation_id is not None,
        born_on=said.born_on, account=account.iban if account else "",
        activities=[dpi.Activity(kind=one.kind, currency=one.currency, quarters=one.quarters, place=one.place) for one in found],
    )  # fmt: skip
