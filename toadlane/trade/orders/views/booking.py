"""Booking a visit, one question a page: the home, the clean and its time, the door, the last look."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.kernel import digits
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.forms import DoorForm, ExtrasForm, PayForm
from toadlane.trade.orders.policies.price_list import often
from toadlane.trade.orders.queries import notice, showing, times
from toadlane.trade.orders.views import common
from toadlane.ui import formats, nav
from toadlane.ui.shapes import Step

STEPS = ("home", "clean", "door", "pay")
MOST = 20  # of one extra in a visit


class Chosen:
    """What was chosen so far, as it stands in the address: it can be kept, sent on and come back to."""

    def __init__(self, request: CoopRequest, card: Any, zone: ZoneInfo) -> None:
        said = request.GET
        self.size, self.level = said.get("size", ""), said.get("level", "") or (card.levels[0].id if card.levels else "")
        language = get_language() or "en"
        extras = [(a.id, catalog.say(a.names, language), MOST if a.per != "visit" else 1) for a in card.addons]
        self.extras = ExtrasForm(said, addons=extras, currency=request.coop.currency)
        self.extras.full_clean()
        self.addons = self.extras.counts()
        self.every_weeks = _whole(said.get("often", ""), 12)
        self.slot = _instant(said.get("slot", ""), zone)
        self.tip_minor = self.extras.cleaned_data.get("tip", 0)
        self.week = _day(said.get("week", ""))
        self.step = said.get("step", "") if said.get("step") in STEPS else "clean" if self.size else "home"

    def wish(self, area: str = "", vat_number: str = "") -> orders.Wish:
        return orders.Wish(
            size=self.size, level=self.level, addons=self.addons, every_weeks=self.every_weeks, starts=self.slot,
            tip_minor=self.tip_minor, area=area, vat_number=vat_number,
        )  # fmt: skip

    def query(self, **changes: Any) -> str:
        """Return all of it for an address, as it was typed."""
        known: dict[str, Any] = {"size": self.size, "level": self.level, "often": self.every_weeks or ""}
        known |= {bound.name: said for bound in self.extras if (said := bound.value()) not in (None, "", "0")}
        known |= {"slot": self.slot.isoformat() if self.slot else "", "step": self.step}
        return urlencode({name: value for name, value in (known | changes).items() if value != ""})


def book(request: CoopRequest) -> HttpResponse:
    """Lead through the booking of a visit. Every page works by itself and keeps what was chosen."""
    book_of_rules = bylaws.book()
    zone = ZoneInfo(request.coop.time_zone)
    try:
        card = catalog.card(book_of_rules, request.coop.currency)
    except ValueError:
        card = None
    if card is None or card.is_empty:
        return render(request, "orders/no_rates.html")
    chosen = Chosen(request, card, zone)
    if not any(size.id == chosen.size for size in card.sizes):
        chosen.step = "home"
    if chosen.step in ("door", "pay") and chosen.extras.errors:
        chosen.step = "clean"
    preview, trouble = _preview(request, chosen)
    if chosen.step in ("door", "pay") and (preview is None or preview.starts_at is None):
        messages.error(request, trouble or _("Choose a day and a time first."))
        return redirect(f"{reverse('orders:book')}?{chosen.query(step='clean')}")
    shown = _shown(request, chosen, card, preview=preview, trouble=trouble)
    return {"home": _home, "clean": _clean, "door": _door, "pay": _pay}[chosen.step](request, chosen, card, shown)


def book_listing(request: CoopRequest, pk: int) -> HttpResponse:
    """Lead from the listing of a visit to its booking: the co-op offers all visits at one rate card."""
    if catalog.seen(pk, request.by) is None:
        raise Http404
    return redirect("orders:book")


def _home(request: CoopRequest, chosen: Chosen, card: Any, shown: dict[str, Any]) -> HttpResponse:
    language = get_language() or "en"
    sizes = [
        {"id": s.id, "name": catalog.say(s.names, language), "hours": formats.hours(timedelta(hours=float(s.hours))),
         "price": Money(int(card.hourly.minor * s.hours), card.hourly.currency), "checked": s.id == chosen.size}
        for s in card.sizes
    ]  # fmt: skip
    return render(request, "orders/book_home.html", shown | {"sizes": sizes})


def _clean(request: CoopRequest, chosen: Chosen, card: Any, shown: dict[str, Any]) -> HttpResponse:
    language = get_language() or "en"
    zone = ZoneInfo(request.coop.time_zone)
    size = next(size for size in card.sizes if size.id == chosen.size)
    base = int(card.hourly.minor * size.hours)
    level = next((one for one in card.levels if one.id == chosen.level), card.levels[0])
    rates = {row["id"]: row for row in bylaws.book().value("trade.rates")["levels"]}
    levels = [
        {"id": one.id, "name": catalog.say(one.names, language), "price": Money(base + one.price.minor, one.price.currency),
         "hours": formats.hours(timedelta(hours=float(size.hours + one.extra_hours))), "checked": one.id == chosen.level,
         "about": catalog.say(rates[one.id].get("about", {"en": ""}), language)}
        for one in card.levels
    ]  # fmt: skip
    addons = [
        {"id": a.id, "name": catalog.say(a.names, language), "price": a.price, "is_counted": a.per != "visit", "per": a.per,
         "field": chosen.extras[f"addon_{a.id}"],
         "count": chosen.addons[a.id], "is_included": a.id in level.includes}
        for a in card.addons
    ]  # fmt: skip
    rhythms = [{"weeks": 0, "name": _("Just this once"), "less": "", "checked": not chosen.every_weeks}] + [
        {"weeks": r.every_weeks, "name": often(r.every_weeks), "checked": r.every_weeks == chosen.every_weeks,
         "less": _("%(percent)s less") % {"percent": formats.percent(r.discount)} if r.discount else ""}
        for r in card.rhythms
    ]  # fmt: skip
    today = request.now.astimezone(zone).date()
    first = max(chosen.week or (chosen.slot or request.now).astimezone(zone).date(), today)
    length = catalog.duration(card, catalog.Choices(size=chosen.size, level=level.id, addons=chosen.addons))
    days = times.week(first, length, book=bylaws.book(), zone=zone, at=request.now)
    more = {
        "nobody": not any(day.starts for day in days) and not times.somebody_offers(bylaws.book()),
        "join_url": nav.address("members:join", request),
        "levels": levels, "addons": addons, "rhythms": rhythms, "days": days,
        "length": formats.hours(length), "first": first,
        "checklist": _checklist(request, level.id, language), "level_name": catalog.say(level.names, language),
        "earlier": first - timedelta(days=times.DAYS), "later": first + timedelta(days=times.DAYS), "is_first": first <= today,
    }  # fmt: skip
    return render(request, "orders/book_clean.html", shown | more)


def _door(request: CoopRequest, chosen: Chosen, card: Any, shown: dict[str, Any]) -> HttpResponse:
    form = DoorForm(request.POST or None, initial=common.contact_of(request), country=request.coop.country)
    if request.method == "POST" and form.is_valid():
        request.session[common.CONTACT] = form.cleaned_data
        return redirect(f"{reverse('orders:book')}?{chosen.query(step='pay')}")
    status = 422 if form.is_bound else 200
    return render(request, "orders/book_door.html", shown | {"form": form}, status=status)


def _pay(request: CoopRequest, chosen: Chosen, card: Any, shown: dict[str, Any]) -> HttpResponse:
    said = common.contact_of(request)
    if not said.get("full_name") or not said.get("street"):
        return redirect(f"{reverse('orders:book')}?{chosen.query(step='door')}")
    form = PayForm(
        request.POST or None, methods=common.methods(request, shown["preview"]), initial={"nonce": common.nonce(request)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            return common.placed_now(request, _place(request, chosen, said, form))
        except Expected as error:
            messages.error(request, f"{error} {error.hint}".strip())
    return render(request, "orders/book_pay.html", shown | {
        "form": form, "said": said, "rhythm": often(chosen.every_weeks) if chosen.every_weeks else "",
        "terms": notice.terms(shown["preview"], bylaws.book(), request.now) if shown["preview"] and chosen.slot else None,
    })  # fmt: skip


def _place(request: CoopRequest, chosen: Chosen, said: dict[str, str], form: PayForm) -> orders.Placed:
    by, at, key, method = request.by, request.now, f"book:{form.cleaned_data['nonce']}", form.cleaned_data["method"] or "card"
    if known := orders.placed_before(key=key, by=by):
        return known
    quote = orders.quote(wish=chosen.wish(said.get("area", ""), said.get("vat_number", "")), by=by, at=at, coop=request.coop)
    return orders.check_out(
        quote_ids=[quote.pk], contact=common.as_contact(said), key=key, by=by, at=at, method=method,
        return_url=common.return_url(request),
    )  # fmt: skip


def _preview(request: CoopRequest, chosen: Chosen) -> tuple[Any, str]:
    if not chosen.size:
        return None, ""
    try:
        number = common.contact_of(request).get("vat_number", "")
        made = orders.preview(wish=chosen.wish(vat_number=number), by=request.by, at=request.now, coop=request.coop)
    except Expected as error:
        return None, f"{error} {error.hint}".strip()
    return made, ""


def _shown(request: CoopRequest, chosen: Chosen, card: Any, *, preview: Any, trouble: str) -> dict[str, Any]:
    return {
        "chosen": chosen, "steps": _steps(chosen, card), "preview": preview, "trouble": trouble,
        "lines": showing.lines(preview) if preview else [], "why_untaxed": queries.words.why_untaxed(preview) if preview else "",
        "query": chosen.query(), "beside": common.beside(request, preview) if preview else [],
        "split": queries.splits.shown(preview, bylaws.book()) if preview and preview.total_minor else None,
        "currency": request.coop.currency, "back": _back(chosen),
    }  # fmt: skip


def _back(chosen: Chosen) -> str:
    before = STEPS[max(STEPS.index(chosen.step) - 1, 0)]
    return f"{reverse('orders:book')}?{chosen.query(step=before)}"


def _steps(chosen: Chosen, card: Any) -> list[Step]:
    size = next((catalog.say(s.names, get_language() or "en") for s in card.sizes if s.id == chosen.size), "")
    labels = {
        "home": (_("Your home"), size),
        "clean": (_("The clean"), ""),
        "door": (_("You and the door"), _("Address and key")),
        "pay": (_("Check and pay"), _("Nothing is charged before")),
    }
    here = STEPS.index(chosen.step)
    return [
        Step(label, note if n != here else _("Now"), "done" if n < here else "current" if n == here else "to_come")
        for n, (label, note) in enumerate(labels.values())
    ]


def _checklist(request: CoopRequest, level: str, language: str) -> list[dict[str, Any]]:
    rooms = request.coop.setup.get("checklists", {}).get("rooms", ())
    found = [
        {"room": catalog.say(room["names"], language),
         "tasks": [catalog.say(t["names"], language) for t in room["tasks"] if level in t.get("levels", [level])]}
        for room in rooms
    ]  # fmt: skip
    return [room for room in found if room["tasks"]]


def _whole(text: str, most: int) -> int:
    return min(digits.number(text, most=3) or 0, most)


def _instant(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
