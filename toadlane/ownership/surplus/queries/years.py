"""What a year came to, read from the books, the orders and the register."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from toadlane.democracy.proposals.models import LOST, Stage
from toadlane.democracy.proposals.queries import proposals
from toadlane.kernel import canonical
from toadlane.kernel.dates import add_years
from toadlane.kernel.money import Money
from toadlane.kernel.rounding import Weight
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.queries import periods
from toadlane.ownership.shares import queries as shares
from toadlane.ownership.surplus.models import Claim, Year
from toadlane.ownership.surplus.policies.closing import Closed, Facts, Terms, close
from toadlane.ownership.surplus.queries import caps, doing
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules.sheets import class_options
from toadlane.society.coops.queries import COOP_URLS
from toadlane.society.members.models import MEMBERS, Membership, Standing
from toadlane.ui import formats
from toadlane.ui.sheets import Cell, Rows

# What the entries are about that cover losses.
LOSS = "loss:covered"
# Grants and gifts that the co-op was given.
GIVEN = "4300"
WAS_MEMBER = (*MEMBERS, Standing.SUSPENDED, Standing.FORMER)

Measured = Mapping[int, int | Fraction]
Basis = Callable[[date, date], Measured]


def _minutes(found: Mapping[int, int]) -> Measured:
    return {pk: Fraction(minutes, 60) for pk, minutes in found.items()}


def sales(first: date, last: date) -> Measured:
    """The prices of each member's work and goods in a year: before tax, without tips and fees on top, net of refunds."""
    return doing.done("sold", "minor", first, last, shares.currency())


def royalties(first: date, last: date) -> Measured:
    """What each member was credited with for their orders in a year, net of refunds: their own share of what was paid."""
    return doing.done("sold", "earned", first, last, shares.currency())


def purchases(first: date, last: date) -> Measured:
    """What each member bought through the co-op in a year: before tax, without tips and fees on top, net of refunds."""
    bought = doing.done("bought", "minor", first, last, shares.currency())
    own = Membership.objects.filter(person_id__isnull=False).values_list("pk", "person_id")
    return {pk: bought[person_id] for pk, person_id in own if person_id in bought}


def orders_done(first: date, last: date) -> Measured:
    """How many orders each member fulfilled in a year; what was given back whole does not count."""
    return doing.done("sold", "orders", first, last, shares.currency())


def hours(first: date, last: date) -> Measured:
    """How long each member's orders took, and the hours that peers approved."""
    found = dict(_minutes(doing.done("sold", "minutes", first, last, shares.currency())))
    for pk, claimed in claimed_in(first, last, "hours").items():
        found[pk] = found.get(pk, Fraction(0)) + claimed
    return found


def years_of_service(first: date, last: date) -> Measured:
    """How many years, begun ones counted, each member has belonged by the end of the year."""
    rows = Membership.objects.filter(joined_on__lte=last, standing__in=WAS_MEMBER).values_list("pk", "joined_on", "left_on")
    return {
        pk: last.year - joined.year + ((last.month, last.day) >= (joined.month, joined.day))
        for pk, joined, left in rows
        if left is None or left > last
    }


def equally(first: date, last: date) -> Measured:
    """Each member the same."""
    return dict.fromkeys(years_of_service(first, last), 1)


def contributions(first: date, last: date) -> Measured:
    """Whatever was claimed and approved by peers."""
    return claimed_in(first, last)


def points(first: date, last: date) -> Measured:
    return claimed_in(first, last, "points")


def kilometers(first: date, last: date) -> Measured:
    return claimed_in(first, last, "kilometers")


def claimed_in(first: date, last: date, unit: str = "") -> dict[int, Fraction]:
    """Return what was claimed and approved by peers for a year, of one unit or of all."""
    rows = Claim.objects.filter(state=Claim.State.APPROVED, done_on__gte=first, done_on__lte=last).order_by()
    rows = rows.filter(unit=unit) if unit else rows
    return {pk: Fraction(total) for pk, total in rows.values_list("membership_id").annotate(total=Sum("amount"))}


BASES: dict[str, tuple[Basis, Any]] = {
    "sales": (sales, _("what customers paid for their work and goods")),
    "purchases": (purchases, _("what they bought")),
    "royalties": (royalties, _("what their orders brought them")),
    "orders": (orders_done, _("how many orders they fulfilled")),
    "hours": (hours, _("hours, booked and approved by peers")),
    "points": (points, _("points that peers approved")),
    "kilometers": (kilometers, _("kilometers that peers approved")),
    "years": (years_of_service, _("years of membership")),
    "equal": (equally, _("equally")),
    "contributions": (contributions, _("hours and points that peers approved")),
}
# Those that members claim, with the units that may be claimed.
CLAIMED = {"contributions": ("hours", "points", "kilometers"), "hours": ("hours",), "points": ("points",),
           "kilometers": ("kilometers",)}  # fmt: skip


def bases() -> Rows:
    """Return what the rule of the bases is made of: for each class of members, by what it is measured."""
    return Rows(
        cells=(
            Cell(name="class", label=_("Class of members"), kind="choice", options=class_options, others=_("Everybody else")),
            Cell(name="basis", label=_("Divided by"), kind="choice",
                 options=lambda context: [(key, str(words)) for key, (_measure, words) in BASES.items()]),
        ),
        one=_("Class"), add=_("Add a class"), once=("class",),
    )  # fmt: skip


def basis_of(member_class: str) -> str:
    """Return by what the bylaws measure a class, or nothing."""
    named = {row.get("class", ""): row["basis"] for row in bylaws.book().maybe("surplus.bases") or []}
    return str(named.get(member_class, named.get("", "")))


def terms(interest: str | None = None) -> Terms:
    """Return what the bylaws in force say. A co-op that never decided on distribution distributes nothing.

    :param interest: on shares, where a year is to bring less than the bylaws allow
    """
    book, cap = bylaws.book(), caps.cap()
    floor, target = book.maybe("surplus.least_payout"), book.maybe("surplus.reserve_target")
    return Terms(
        may_distribute=bool(book.maybe("surplus.distribution")), reserve=book.maybe("surplus.legal_reserve") or 0,
        education=book.maybe("surplus.education_fund") or 0,
        interest=(book.maybe("surplus.interest") or 0) if interest is None else interest,
        cash=book.maybe("surplus.cash_share") if book.maybe("surplus.cash_share") is not None else 1,
        least_payout=floor.minor if floor else 0, weights=book.maybe("surplus.class_weights") or {},
        reserve_until=book.maybe("surplus.reserve_until") or "always", reserve_target=target.minor if target else 0,
        reserve_beyond=book.maybe("surplus.reserve_beyond") or 0, mutual=book.maybe("surplus.mutual_fund") or 0,
        by_patronage=book.maybe("surplus.patronage") is not False,
        without_subsidies=cap is not None and cap.without_subsidies,
    )  # fmt: skip


def facts(first: date, last: date, *, tax: int) -> Facts:
    """Gather what happened in a year: a handful of statements, whatever the number of orders."""
    currency = shares.currency()
    moved = accounts_to_close(first, last, currency)
    result = -sum(moved.values())
    stood = {row.code: row.minor for row in periods.standing_once_closed(last) if row.currency == currency}
    sold = sales(first, last)
    others = int(sold.get(doing.NOBODY, 0))
    capital: dict[str, int] = {}
    for one in shares.holdings(until=last):
        pk = str(one.membership_id)
        capital[pk] = capital.get(pk, 0) + one.nominal.minor - one.unpaid.minor
    return Facts(
        result=result, losses_bf=max(0, stood.get("3900", 0)), tax=tax, member_business=int(sum(sold.values())) - others,
        nonmember_business=others, capital=capital, patronage=patronage_of(first, last, {"sales": sold}), order=_register(),
        reserve=-stood.get("3100", 0), subscribed=-stood.get("3000", 0),
        subsidies=max(0, -moved.get(GIVEN, 0)),
    )  # fmt: skip


def _register() -> list[str]:
    """Return all who ever were members, the one with the lowest number first."""
    return [str(pk) for pk in Membership.objects.filter(number__isnull=False).order_by("number").values_list("pk", flat=True)]


def patronage_of(first: date, last: date, known: Mapping[str, Measured] | None = None) -> dict[str, dict[str, Weight]]:
    """Return what each member did, by class and member, as the bylaws measure it.

    :param known: what was measured already, by basis
    """
    measured: dict[str, Measured] = dict(known or {})
    members = Membership.objects.filter(standing__in=WAS_MEMBER, number__isnull=False).order_by("number")
    found: dict[str, dict[str, Weight]] = {}
    bases: dict[str, str] = {}
    for pk, member_class in members.values_list("pk", "member_class"):
        if member_class not in bases:
            bases[member_class] = basis_of(member_class)
        name = bases[member_class]
        if name not in BASES:
            continue
        if name not in measured:
            measured[name] = BASES[name][0](first, last)
        found.setdefault(member_class, {})[str(pk)] = measured[name].get(pk, 0)
    return found


def written(value: Any) -> Any:
    """Return facts and terms as JSON: fractions as text, so that nothing is rounded by being kept."""
    if isinstance(value, int | str):
        return value
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): written(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [written(inner) for inner in value]
    return value


def as_json(value: Facts | Terms) -> dict[str, Any]:
    return {one.name: written(getattr(value, one.name)) for one in fields(value)}


def read_facts(kept: Mapping[str, Any]) -> Facts:
    return Facts(**kept)


def read_terms(kept: Mapping[str, Any]) -> Terms:
    return Terms(**kept)


def digest(year: Year) -> str:
    """Return what the members decide on: the facts, the terms and what they came to."""
    about = {"name": year.name, "from": str(year.starts_on), "to": str(year.ends_on), "currency": year.currency}
    return canonical.digest({**about, "facts": year.facts, "terms": year.terms, "result": year.result})


def years() -> QuerySet[Year]:
    """Return the years without what each of thousands of members did and gets in them."""
    return Year.objects.defer("facts", "terms", "result").order_by("-ends_on", "-pk")


def subjects() -> list[str]:
    """Return what the entries that close years, and cover their losses, are about."""
    booked = Year.objects.filter(state=Year.State.BOOKED)
    return [*(f"year:{name}" for name in booked.values_list("name", flat=True)), LOSS]


def loss(currency: str) -> Money:
    """Return what of the losses of closed years nothing has covered yet."""
    return Money(max(0, books.balance("3900", currency).minor), currency)


def next_year() -> dict[str, str]:
    """Return the year that follows the last one that is closed or proposed, as a form suggests it; nothing for the first."""
    last = Year.objects.order_by("-ends_on").values_list("ends_on", flat=True).first()
    if last is None:
        return {}
    starts_on = last + timedelta(days=1)
    ends_on = add_years(starts_on, 1) - timedelta(days=1)
    name = str(ends_on.year) if starts_on.year == ends_on.year else f"{starts_on.year}-{ends_on.year % 100:02d}"
    return {"name": name, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}


def named_losses(ids: list[str], _by: Principal | None) -> dict[str, books.Named]:
    return {one: books.Named(str(_("Losses of closed years"))) for one in ids}


def named(ids: list[str], by: Principal | None) -> dict[str, books.Named]:
    """Name what the entries that close years are about; members may read on."""
    member = by is not None and "member" in by.roles
    return {
        name: books.Named(
            str(_("The surplus of %(year)s")) % {"year": formats.apart(name)},
            reverse("surplus:year", args=[name], urlconf=COOP_URLS) if member else "",
        )
        for name in Year.objects.filter(name__in=ids).values_list("name", flat=True)
    }


def taken(*, but: str) -> list[Year]:
    """Return the other years that are closed, or put to the members and not refused: no day is in two of them."""
    rows = (
        Year.objects.exclude(name=but)
        .exclude(state=Year.State.DRAFT)
        .exclude(decision=Year.ARRIVED)
        .defer("facts", "terms", "result")
    )
    return [one for one in rows if one.state == Year.State.BOOKED or not is_refused(one)]


def is_open_before(day: date, currency: str) -> bool:
    """Whether anything was earned or spent before a day that is in no closed year."""
    begins = periods.first_month()
    booked = Year.objects.filter(state=Year.State.BOOKED, ends_on__lt=day).order_by("starts_on")
    for starts_on, ends_on in [*booked.values_list("starts_on", "ends_on"), (day, day)]:
        if begins is not None and begins < starts_on and accounts_to_close(begins, starts_on - timedelta(days=1), currency):
            return True
        begins = ends_on + timedelta(days=1)
    return False


def is_refused(year: Year) -> bool:
    """Whether the proposal of a year is over and nothing came of it."""
    proposal = proposals.find(year.proposal) if year.proposal else None
    return proposal is not None and proposal.stage in (*LOST, Stage.WITHDRAWN, Stage.ANNULLED, Stage.FAILED)


def year(name: str) -> Year | None:
    return Year.objects.filter(name=name).first()


def claims() -> QuerySet[Claim]:
    return Claim.objects.select_related("membership__person", "membership__organisation").order_by("-done_on", "-pk")


def years_hold() -> Finding:
    """Each year is what it was worked out to be, and what was booked is what was decided."""
    rows, faults = Year.objects.order_by("ends_on", "pk"), []
    for one in rows.iterator(chunk_size=1):
        if digest(one) != one.hash:
            faults.append(f"year {one.name} is not what was worked out")
        result = Closed(**one.result).as_json()
        if close(read_facts(one.facts), read_terms(one.terms)).as_json() != result:
            faults.append(f"year {one.name} comes to something else when it is worked out again")
        parts = sum(result[name] for name in ("nonpatronage", "reserve", "education", "mutual", "tax", "unearned"))
        if parts + sum(result["interest"].values()) + sum(result["members"].values()) != result["base"]:
            faults.append(f"year {one.name}: the parts are not the whole")
        if sum(result["cash"].values()) + sum(result["retained"].values()) != sum(result["members"].values()):
            faults.append(f"year {one.name}: money and what is retained are not what members get")
    return Finding(rows.count(), faults)


def accounts_to_close(first: date, last: date, currency: str) -> dict[str, int]:
    """Return what stands on income and expense accounts for a year: the close turns each to nothing."""
    return {row.code: row.minor for row in periods.earned_and_spent(first, last) if row.currency == currency}
