"""The street and its shops. Only what each co-op shows everyone leaves this room: counts, rules in force, what it offers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.democracy.proposals.permissions import READ as READ_DECISIONS
from toadlane.democracy.proposals.queries import decisions
from toadlane.kernel.money import Money
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.files import queries as files
from toadlane.plumbing.tenancy.scope import every_coop
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.coops.models import Coop
from toadlane.society.members.models import MEMBERS, Membership, Organisation, Worker
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.catalog.models import Listing, State
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.policies.price_list import per
from toadlane.trade.reviews import queries as reviews
from toadlane.ui.shapes import Decided, Moment, Pin

COMMISSION, RATES = "fees.commission", "trade.rates"
# A co-op that writes the invoices of its members keeps a part of each, and lives on that.
EMPLOYS, FEE = "work.activities", "work.fee"
# Drawings there are in the sprite; a co-op with another word gets the open door.
PICTURES = frozenset({
    "clean", "car", "cam", "stay", "desk", "bowl", "tools", "bread", "bike", "care", "stage", "garden", "case",
})  # fmt: skip
SILLS = frozenset({"clean", "bowl", "tools"})


def sector_names() -> dict[str, str]:
    """Return what the sectors are called, in the order of the chips."""
    return {
        "home": _("Home and care"), "making": _("Made by hand"), "sharing": _("Lending and learning"),
        "travel": _("Getting about"), "pictures": _("Pictures and print"), "stays": _("Stays"), "food": _("Food"),
        "work": _("Work and pay"), "culture": _("Music and stage"), "other": _("Other trades"),
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A co-op as it stands on the street."""

    coop: Coop
    members: int = 0
    workers: int = 0
    # People: the members in person, and those who work for member organisations, each once.
    owners: int = 0
    commission: Fraction | None = None
    number: int = 0

    @property
    def slug(self) -> str:
        return self.coop.slug

    @property
    def theme(self) -> Mapping[str, Any]:
        return self.coop.theme

    @property
    def url(self) -> str:
        return f"/c/{self.coop.slug}/"

    @property
    def trade(self) -> str:
        return sector_names().get(self.coop.sector, "")

    @property
    def drawing(self) -> str:
        return f"a-{self.coop.picture}" if self.coop.picture in PICTURES else "a-open"

    def pin(self) -> Pin | None:
        if self.coop.latitude is None or self.coop.longitude is None:
            return None
        return Pin(self.coop.name, float(self.coop.latitude), float(self.coop.longitude), self.url, self.coop.place)


@dataclass(frozen=True, kw_only=True)
class Street:
    shops: Sequence[Shop]
    next: str | None
    is_later: bool = False


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Sums over the whole server, from its rows."""

    coops: int
    members: int
    decisions: int
    traded: Sequence[Money] = field(default=())


def coops(*, sector: str = "", search: str = "") -> QuerySet[Coop]:
    found = Coop.objects.select_related("tenant")
    if sector == "other":
        found = found.exclude(sector__in=[name for name in sector_names() if name != "other"])
    elif sector:
        found = found.filter(sector=sector)
    if search:
        found = found.filter(Q(name__icontains=search) | Q(place__icontains=search) | Q(tagline__icontains=search))
    return found


def street(*, sector: str = "", search: str = "", cursor: str | None = None, limit: int = 12) -> Street:
    """Return a page of shops, the oldest first. The number of statements does not grow with the page."""
    page = paging.page(coops(sector=sector, search=search), cursor=cursor, limit=limit, order=("pk",))
    return Street(shops=shops(page.items), next=page.next, is_later=bool(cursor))


def shops(found: Iterable[Coop]) -> list[Shop]:
    rows = list(found)
    ids = [coop.pk for coop in rows]
    with every_coop(reason="what every co-op shows to everyone: how many own it and what the platform keeps"):
        members = _counted(Membership.objects.filter(coop_id__in=ids, standing__in=MEMBERS))
        workers = _counted(Worker.objects.filter(coop_id__in=ids, ended_on__isnull=True))
        owners = _owners(ids)
        rates = _commissions(ids)
    return [
        Shop(
            coop=coop,
            members=members.get(coop.pk, 0),
            workers=workers.get(coop.pk, 0),
            owners=owners.get(coop.pk, 0),
            commission=rates.get(coop.pk),
            number=number,
        )
        for number, coop in enumerate(rows, 1)
    ]


def _counted(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.order_by().values_list("coop_id").annotate(n=Count("pk")))


def _owners(ids: Sequence[int]) -> dict[int, int]:
    """Count the owners of co-ops as their own fronts do: people, each once, in one statement."""
    persons = Membership.objects.filter(coop_id__in=ids, standing__in=MEMBERS, person__isnull=False)
    workers = Worker.objects.filter(coop_id__in=ids, ended_on__isnull=True, membership__standing__in=MEMBERS)
    # A worker without an account is known by their own row; the minus keeps the two kinds of number apart.
    working = workers.order_by().values_list("coop_id", Coalesce("person_id", F("pk") * -1))
    found: dict[int, int] = {}
    for coop_id, _person in persons.order_by().values_list("coop_id", "person_id").union(working):
        found[coop_id] = found.get(coop_id, 0) + 1
    return found


def _commissions(ids: Sequence[int]) -> dict[int, Fraction]:
    """Return what each platform keeps, by the version in force."""
    newest = BylawsVersion.objects.filter(coop_id=OuterRef("coop_id")).order_by("-number").values("number")[:1]
    rows = BylawsVersion.objects.filter(coop_id__in=ids, number=Subquery(newest))
    names = [KT(f"document__rules__{rule}__value") for rule in (EMPLOYS, FEE, COMMISSION)]
    found = {coop_id: fee if employs == "true" else rate for coop_id, employs, fee, rate in rows.values_list("coop_id", *names)}
    return {coop_id: Fraction(value) for coop_id, value in found.items() if value is not None}


def sectors() -> list[tuple[str, str, int]]:
    """Return (sector, name, how many co-ops) of those that have any."""
    names = sector_names()
    counts: dict[str, int] = {}
    for sector, number in Coop.objects.order_by().values_list("sector").annotate(n=Count("pk")):
        key = sector if sector in names else "other"
        counts[key] = counts.get(key, 0) + number
    return [(sector, name, counts[sector]) for sector, name in names.items() if counts.get(sector)]


def facts(*, at: datetime) -> Facts:
    """Return the sums that the front page shows: owners, trade of this calendar year, decisions since the foundings."""
    with every_coop(reason="sums over the whole server, without a name"):
        members = Membership.objects.filter(standing__in=MEMBERS).count()
        taken = decisions.every().count()
        since = at.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        trade = Order.objects.filter(paid_at__gte=since, paid_at__lte=at).order_by().values_list("currency")
        traded = [
            Money(minor, currency)
            for currency, minor in trade.annotate(sum=Sum("captured_minor") - Coalesce(Sum("refunded_minor"), 0)).order_by("-sum")
            if minor
        ]
    return Facts(coops=Coop.objects.count(), members=members, decisions=taken, traded=traded)


# ---------------------------------------------------------------------------------------------------- one co-op's front


def for_machines(coop: Coop, address: str) -> dict[str, Any]:
    """Return what schema.org wants to know of a co-op."""
    told: dict[str, Any] = {"@type": "Organization", "name": coop.name, "url": address, "description": coop.about or coop.tagline}
    if coop.legal_name:
        told["legalName"] = coop.legal_name
    if coop.place:
        told["address"] = {
            "@type": "PostalAddress", "streetAddress": coop.address, "addressLocality": coop.place, "addressCountry": coop.country
        }  # fmt: skip
    return told


@dataclass(frozen=True, kw_only=True)
class House:
    """Who owns a co-op, one figure for one owner: an organisation's people, or a class of members."""

    name: str
    owners: int
    note: str = ""

    @property
    def drawn(self) -> int:
        """Return how many figures to draw: beyond sixty nobody counts them."""
        return min(self.owners, 60)


def keeps(book: bylaws.Book) -> tuple[Fraction, Decided] | None:
    """Return what the platform keeps of a price or an invoice and who decided it, or None in a co-op that keeps nothing."""
    rule = FEE if writes_invoices(book) else COMMISSION
    if book.maybe(rule) is None:
        return None
    return book.value(rule), _mark(book, rule)


def writes_invoices(book: bylaws.Book) -> bool:
    """Return whether the co-op invoices the clients of its members and employs them."""
    return bool(book.maybe(EMPLOYS))


@dataclass(frozen=True, kw_only=True)
class PriceList:
    """A printed price list: what, how much, for one of what; and who decided it."""

    rows: Sequence[tuple[str, Money, str]]
    sizes: Sequence[tuple[str, str]]
    levels: Sequence[tuple[str, str]]
    decided: Decided


def price_list(book: bylaws.Book, currency: str) -> PriceList | None:
    """Return the rate card as people read it, or None in a co-op that has none."""
    if not book.maybe(RATES):
        return None
    card = catalog.card(book, currency)
    if card.is_empty:
        return None
    rows = [(_("An hour of work"), card.hourly, "")]
    rows += [(_say(level.names), level.price, _("on top")) for level in card.levels if level.price.minor]
    rows += [(_say(addon.names), addon.price, per(addon.per)) for addon in card.addons]
    return PriceList(
        rows=rows, sizes=[(size.id, _say(size.names)) for size in card.sizes],
        levels=[(level.id, _say(level.names)) for level in card.levels], decided=_mark(book, RATES),
    )  # fmt: skip


def lines(written: Iterable[Mapping[str, Any]], currency: str) -> list[tuple[str, Money]]:
    """Return the lines of a quote in the reader's language."""
    return [(_say(line["names"]), Money(line["minor"], currency)) for line in written]


def _mark(book: bylaws.Book, rule: str) -> Decided:
    known = book.decided(rule)
    try:
        url = known.url
    except NoReverseMatch:
        url = ""
    return Decided(known.label, known.reads, known.detail, url, known.is_decided)


def _say(names: Any) -> str:
    """Return a name in the reader's language, else in English, else as it was first written."""
    if not isinstance(names, Mapping):
        return str(names)
    language = (get_language() or "en").split("-")[0]
    return str(names.get(language) or names.get("en") or next(iter(names.values()), ""))


def owners() -> list[House]:
    """Return the houses of the co-op in scope: member organisations with their people, then persons by class.

    Each person is drawn once, in the house they work in, also where they are members themselves.
    """
    at_work = Q(memberships__workers__ended_on__isnull=True)
    houses = [
        House(name=name, owners=people, note=_("member since %(year)s") % {"year": since.year} if since else "")
        for name, people, since in Organisation.objects.filter(memberships__standing__in=MEMBERS)
        .annotate(
            people=Count("memberships__workers", filter=at_work, distinct=True),
            since=Max("memberships__joined_on"),
        )
        .order_by("pk")
        .values_list("name", "people", "since")[:12]
    ]
    drawn = Worker.objects.filter(ended_on__isnull=True, person__isnull=False, membership__standing__in=MEMBERS)
    persons = Membership.objects.filter(standing__in=MEMBERS, person__isnull=False).exclude(person__in=drawn.values("person"))
    classes = _class_names()
    by_class = persons.order_by("member_class").values_list("member_class")
    for name, number in by_class.annotate(n=Count("person", distinct=True)):
        houses.append(House(name=classes.get(name, name), owners=number))
    return houses


def _class_names() -> dict[str, str]:
    classes = bylaws.book().maybe("members.classes") or []
    return {one["id"]: _say(one.get("names") or one.get("name") or one["id"]) for one in classes}


def lately(by: Principal) -> list[Moment]:
    """Return what the members decided last, newest first; the changes of the rules to whom decisions are not open."""
    found = [one for one in decisions.every()[:3] if by.may(READ_DECISIONS, one.proposal)]
    if found:
        return [
            Moment(
                at=one.decided_at, who=f"{one.get_outcome_display()}:",
                text=format_html('<a href="{}">{}</a>', reverse("proposals:decision", args=[one.name]), one.title),
            )
            for one in found
        ]  # fmt: skip
    rows = BylawsVersion.objects.order_by("-number").values_list("number", "decision", "enacted_at")[:3]
    return [
        Moment(
            at=at, who=_("Version %(number)s") % {"number": number},
            text=_("The founding act.") if decision == "founding" else decision,
        )
        for number, decision, at in rows
    ]  # fmt: skip


def said(limit: int = 3) -> tuple[list[reviews.Told], reviews.Summary | None]:
    """Return what customers wrote last, and the average where enough of them have rated."""
    rows = reviews.published()
    latest = [reviews.told(one) for one in rows.exclude(text="").order_by("-written_at", "-pk")[:limit]]
    summary = reviews.summary(rows)
    return latest, summary if summary.stars is not None else None


@dataclass(frozen=True, kw_only=True)
class Ware:
    """A listing in the window of the front page."""

    listing: Listing
    price: str
    picture: files.Sources | None
    provider: str


def in_the_window(limit: int = 8) -> list[Ware]:
    """Return what was put in the window last."""
    rows = Listing.objects.filter(state=State.LIVE).select_related("cover", "provider__person", "provider__organisation")
    shown = list(rows.order_by("-live_since", "-pk")[:limit])
    untaxed = catalog.untaxed(shown)
    return [
        Ware(
            listing=row, price=catalog.price_text(row, untaxed), picture=files.sources(row.cover, alt="") if row.cover else None,
            provider=row.provider.name if row.provider else "",
        )
        for row in shown
    ]  # fmt: skip
