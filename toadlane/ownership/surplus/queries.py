"""What a year came to, read from the books, the orders and the register."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from toadlane.kernel import canonical
from toadlane.kernel.money import Money
from toadlane.money.ledger.models import Posting
from toadlane.money.ledger.policies.chart import CHART
from toadlane.ownership.shares import queries as shares
from toadlane.ownership.surplus.models import Claim, Year
from toadlane.ownership.surplus.policies.closing import Facts, Terms, close
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.society.members.models import MEMBERS, Membership, Standing
from toadlane.trade.orders.models import Order

# The entries of a close are made after the year, and are not part of its result.
CLOSING = "year:"
WAS_MEMBER = (*MEMBERS, Standing.SUSPENDED, Standing.FORMER)

Basis = Callable[[datetime, datetime], dict[int, Fraction]]


def bounds(starts_on: date, ends_on: date) -> tuple[datetime, datetime]:
    """Return the instants between which a year lies, where the co-op is."""
    zone = ZoneInfo(coops.of_scope(current_coop_id()).time_zone)
    return datetime.combine(starts_on, time(), zone), datetime.combine(ends_on + timedelta(days=1), time(), zone)


def sums(since: datetime, until: datetime, currency: str) -> dict[str, int]:
    """Return what moved on each account in a year, in one statement; positive is a debit."""
    rows = Posting.objects.filter(account__currency=currency, posted_at__gte=since, posted_at__lt=until)
    rows = rows.exclude(entry__key__startswith=CLOSING).order_by()
    return {code: total for code, total in rows.values_list("account__code").annotate(total=Sum("minor")) if total}


def sales(since: datetime, until: datetime) -> dict[int, Fraction]:
    """What customers paid for each member's work and goods in a year, net of refunds."""
    rows = Order.objects.filter(released_at__gte=since, released_at__lt=until, provider__isnull=False).order_by()
    summed = rows.values_list("provider_id").annotate(total=Sum(F("captured_minor") - F("refunded_minor")))
    return {pk: Fraction(total) for pk, total in summed}


def purchases(since: datetime, until: datetime) -> dict[int, Fraction]:
    """What each member bought through the co-op in a year, net of refunds."""
    rows = Order.objects.filter(released_at__gte=since, released_at__lt=until, customer__isnull=False).order_by()
    bought = dict(rows.values_list("customer_id").annotate(total=Sum(F("captured_minor") - F("refunded_minor"))))
    own = Membership.objects.filter(person_id__in=bought).values_list("pk", "person_id")
    return {pk: Fraction(bought[person_id]) for pk, person_id in own}


def orders_done(since: datetime, until: datetime) -> dict[int, Fraction]:
    """How many orders each member fulfilled in a year."""
    rows = Order.objects.filter(released_at__gte=since, released_at__lt=until, provider__isnull=False).order_by()
    return {pk: Fraction(total) for pk, total in rows.values_list("provider_id").annotate(total=Count("pk"))}


def years_of_service(since: datetime, until: datetime) -> dict[int, Fraction]:
    """How many years, begun ones counted, each member has belonged by the end of the year."""
    last = (until - timedelta(days=1)).date()
    rows = Membership.objects.filter(joined_on__lte=last, standing__in=WAS_MEMBER).values_list("pk", "joined_on", "left_on")
    return {
        pk: Fraction(last.year - joined.year + ((last.month, last.day) >= (joined.month, joined.day)))
        for pk, joined, left in rows
        if left is None or left > last
    }


def equally(since: datetime, until: datetime) -> dict[int, Fraction]:
    """Each member the same."""
    return dict.fromkeys(years_of_service(since, until), Fraction(1))


def contributions(since: datetime, until: datetime) -> dict[int, Fraction]:
    """Hours and points that were claimed and approved by peers."""
    rows = Claim.objects.filter(state=Claim.State.APPROVED, done_on__gte=since.date(), done_on__lt=until.date()).order_by()
    return {pk: Fraction(total) for pk, total in rows.values_list("membership_id").annotate(total=Sum("amount"))}


BASES: dict[str, tuple[Basis, Any]] = {
    "sales": (sales, _("what customers paid for their work and goods")),
    "purchases": (purchases, _("what they bought")),
    "orders": (orders_done, _("how many orders they fulfilled")),
    "years": (years_of_service, _("years of membership")),
    "equal": (equally, _("equally")),
    "contributions": (contributions, _("hours and points that peers approved")),
}


def terms() -> Terms:
    """Return what the bylaws in force say. A co-op that never decided on distribution distributes nothing."""
    book = bylaws.book()
    floor = book.maybe("surplus.least_payout")
    return Terms(
        may_distribute=bool(book.maybe("surplus.distribution")), reserve=book.maybe("surplus.legal_reserve") or 0,
        education=book.maybe("surplus.education_fund") or 0, interest=book.maybe("surplus.interest") or 0,
        cash=book.maybe("surplus.cash_share") if book.maybe("surplus.cash_share") is not None else 1,
        least_payout=floor.minor if floor else 0, weights=book.maybe("surplus.class_weights") or {},
    )  # fmt: skip


def facts(starts_on: date, ends_on: date, *, tax: int) -> Facts:
    """Gather what happened in a year: a handful of statements, whatever the number of orders."""
    since, until = bounds(starts_on, ends_on)
    currency = shares.currency()
    moved = sums(since, until, currency)
    result = -sum(minor for code, minor in moved.items() if CHART[code].kind in ("income", "expense"))
    carried = Posting.objects.filter(account__code="3900", account__currency=currency, posted_at__lt=until)
    brought_forward = carried.aggregate(sum=Sum("minor"))["sum"] or 0
    everybody = sum(_all_business(since, until).values())
    of_members = sum(sales(since, until).values())
    capital = {
        str(one.membership_id): one.nominal.minor - one.unpaid.minor for one in shares.holdings(until=ends_on)
    }  # fmt: skip
    return Facts(
        result=result, losses_bf=max(0, brought_forward), tax=tax, member_business=int(of_members),
        nonmember_business=int(everybody - of_members), capital=capital, patronage=patronage_of(since, until),
        order=_register(),
    )  # fmt: skip


def _register() -> list[str]:
    """Return all who ever were members, the one with the lowest number first."""
    return [str(pk) for pk in Membership.objects.filter(number__isnull=False).order_by("number").values_list("pk", flat=True)]


def _all_business(since: datetime, until: datetime) -> dict[str, Fraction]:
    rows = Order.objects.filter(released_at__gte=since, released_at__lt=until)
    return {"all": Fraction(rows.aggregate(sum=Sum(F("captured_minor") - F("refunded_minor")))["sum"] or 0)}


def patronage_of(since: datetime, until: datetime) -> dict[str, dict[str, Fraction]]:
    """Return what each member did, by class and member, as the bylaws measure it."""
    rows = bylaws.book().maybe("surplus.bases") or []
    basis_of = {row.get("class", ""): row["basis"] for row in rows}
    members = Membership.objects.filter(standing__in=WAS_MEMBER, number__isnull=False).order_by("number")
    measured: dict[str, dict[int, Fraction]] = {}
    found: dict[str, dict[str, Fraction]] = {}
    for pk, member_class in members.values_list("pk", "member_class"):
        name = basis_of.get(member_class, basis_of.get("", ""))
        if name not in BASES:
            continue
        if name not in measured:
            measured[name] = BASES[name][0](since, until)
        found.setdefault(member_class, {})[str(pk)] = measured[name].get(pk, Fraction(0))
    return found


def written(value: Any) -> Any:
    """Return facts and terms as JSON: fractions as text, so that nothing is rounded by being kept."""
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): written(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [written(inner) for inner in value]
    return value


def as_json(value: Facts | Terms) -> dict[str, Any]:
    kept = written(asdict(value))
    assert isinstance(kept, dict)
    return kept


def read_facts(kept: Mapping[str, Any]) -> Facts:
    return Facts(**kept)


def read_terms(kept: Mapping[str, Any]) -> Terms:
    return Terms(**kept)


def digest(year: Year) -> str:
    """Return what the members decide on: the facts, the terms and what they came to."""
    about = {"name": year.name, "from": str(year.starts_on), "to": str(year.ends_on), "currency": year.currency}
    return canonical.digest({**about, "facts": year.facts, "terms": year.terms, "result": year.result})


def years() -> QuerySet[Year]:
    return Year.objects.order_by("-ends_on", "-pk")


def year(name: str) -> Year | None:
    return Year.objects.filter(name=name).first()


def claims() -> QuerySet[Claim]:
    return Claim.objects.select_related("membership__person", "membership__organisation").order_by("-done_on", "-pk")


def parts_of(year: Year, membership_ids: frozenset[int] | set[int]) -> list[dict[str, Any]]:
    """Return what a year brings some members, step by step."""
    result, unit = year.result, year.currency
    found = []
    for pk in sorted(str(one) for one in membership_ids):
        amounts = {name: Money(result[name].get(pk, 0), unit) for name in ("interest", "members", "cash", "retained")}
        done = {name: members[pk] for name, members in year.facts["patronage"].items() if pk in members}
        if any(amount.minor for amount in amounts.values()) or done:
            found.append({"membership": int(pk), "done": done, **amounts})
    return found


def years_hold() -> Finding:
    """Each year is what it was worked out to be, and what was booked is what was decided."""
    rows, faults = list(years()), []
    for one in rows:
        if digest(one) != one.hash:
            faults.append(f"year {one.name} is not what was worked out")
        result = one.result
        if close(read_facts(one.facts), read_terms(one.terms)).as_json() != result:
            faults.append(f"year {one.name} comes to something else when it is worked out again")
        parts = sum(result[name] for name in ("nonpatronage", "reserve", "education", "tax", "unearned"))
        if parts + sum(result["interest"].values()) + sum(result["members"].values()) != result["base"]:
            faults.append(f"year {one.name}: the parts are not the whole")
        if sum(result["cash"].values()) + sum(result["retained"].values()) != sum(result["members"].values()):
            faults.append(f"year {one.name}: money and what is retained are not what members get")
    return Finding(len(rows), faults)


def accounts_to_close(since: datetime, until: datetime, currency: str) -> dict[str, int]:
    """Return what stands on income and expense accounts for a year: the close turns each to nothing."""
    return {code: minor for code, minor in sums(since, until, currency).items() if CHART[code].kind in ("income", "expense")}
