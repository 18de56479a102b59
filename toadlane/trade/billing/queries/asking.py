"""What the yearly report lacks, who was asked for it, and whose pay waits for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing.models import Particulars
from toadlane.money.invoicing.policies import sellers, taxing
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.society.members.models import Membership
from toadlane.trade.billing.models import SellerCopy, SellerRequest
from toadlane.trade.billing.queries.sellers import bounds
from toadlane.trade.orders.models import Order
from toadlane.ui import formats


@dataclass(frozen=True, kw_only=True)
class Lack:
    """What a seller has not said yet. `request` is the round of asking that is under way, if one is."""

    membership: Membership
    fields: tuple[str, ...]
    request: SellerRequest | None
    is_withheld: bool

    @property
    def words(self) -> str:
        named = {
            "name": _("name"), "street": _("street"), "city": _("town"), "country": _("country"), "tax_number": _("tax number"),
            "registration": _("number in the register"), "born_on": _("date of birth"),
        }  # fmt: skip
        return formats.listed(named[name] for name in self.fields)


def reports() -> bool:
    """Whether the co-op reports sellers: by its bylaws, or by where it is."""
    said = bylaws.book().maybe("invoicing.reports_sellers") or "by_country"
    if said != "by_country":
        return said == "yes"
    own = None if (where := coops.of_scope(current_coop_id()).country) else invoicing.particulars_of(None)
    return taxing.is_in_the_union(where or (own.country if own else ""))


def withholds() -> bool:
    return bylaws.book().maybe("invoicing.withholds_pay") is not False


def lacking(membership_ids: Iterable[int], at: datetime) -> list[Lack]:
    """Return those of some sellers whom the report knows too little of, in three statements."""
    ids = sorted(set(membership_ids))
    known = invoicing.latest_particulars(ids)
    lacks = {
        row.pk: (row, fields) for row in members.register().filter(pk__in=ids) if (fields := _missing(known.get(row.pk), row))
    }
    open_now = {row.membership_id: row for row in requests().filter(membership__in=list(lacks))}
    holds, today = withholds() and reports(), invoicing.local_day(at)
    found = [
        Lack(
            membership=row, fields=fields, request=open_now.get(pk), is_withheld=holds and _is_over(open_now.get(pk), today)
        )
        for pk, (row, fields) in lacks.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.membership.name, one.membership.pk))


def _missing(said: Particulars | None, membership: Membership) -> tuple[str, ...]:
    if said is not None and said.excluded_as:
        return ()  # The report leaves them out.
    return sellers.missing(said, is_entity=membership.organisation_id is not None)


def requests() -> Any:
    """Return the rounds of asking that are under way."""
    return SellerRequest.objects.filter(ended_at=None).order_by("asked_at", "pk")


def _is_over(request: SellerRequest | None, today: date) -> bool:
    if request is None:
        return False
    step = sellers.follow_up(request=invoicing.local_day(request.asked_at), reminders=reminders(request), today=today)
    return step == "close_or_withhold"


def reminders(request: SellerRequest) -> list[date]:
    return [invoicing.local_day(at) for at in (request.reminded_at, request.warned_at) if at]


def withheld(at: datetime) -> dict[str, str]:
    """Return the holders whose pay waits until they have said what the report needs, with the reason."""
    if not withholds() or not reports():
        return {}
    asked = list(requests().exclude(warned_at=None).values_list("membership_id", flat=True))
    why = _("It waits until they have said what the yearly report on sellers needs.")
    return {one.membership.holder: why for one in (lacking(asked, at) if asked else ()) if one.is_withheld}


def sold_in(year: int) -> list[int]:
    """Return the members whose orders were shared out in a year."""
    since, until = bounds(year)
    rows = Order.objects.filter(released_at__gte=since, released_at__lt=until, provider__isnull=False, total_minor__gt=0)
    return list(rows.order_by().values_list("provider_id", flat=True).distinct())


def sent(year: int) -> Sequence[int]:
    """Return the members who were sent their copy of a year."""
    return list(SellerCopy.objects.filter(year=year).order_by("membership_id").values_list("membership_id", flat=True))
