"""Ordering from a listing: asking for a time, and asking a question."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.booking import queries as calendars
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.forms import ContactForm, DaysForm, MessageForm, NightsForm, PayForm, SpanForm
from toadlane.trade.orders.queries import months, notice, showing
from toadlane.trade.orders.views import common
from toadlane.ui.shapes import Crumb


def listing_of(request: CoopRequest, pk: int) -> Any:
    found = catalog.one(pk) if 0 < pk < 2**63 else None
    if found is None or not found.is_live:
        raise Http404
    return found


def crumbs(listing: Any, here: str) -> list[Crumb]:
    return [Crumb(listing.title, reverse("catalog:detail", args=[listing.pk])), Crumb(here)]


def request_time(request: CoopRequest, pk: int) -> HttpResponse:
    """Ask for a time: when, what it costs, who asks, and the payment. Nothing is charged before they say yes."""
    listing = listing_of(request, pk)
    resource = next(iter(calendars.of_listing(listing.pk)), None)
    said = request.POST if request.method == "POST" else request.GET if {"starts", "first"} & set(request.GET) else None
    # Whoever comes with instants, as from another site, keeps them.
    by_day = resource is not None and listing.unit in ("day", "night") and not (said and "starts" in said)
    span_form = (NightsForm if listing.unit == "night" else DaysForm)(said) if by_day else SpanForm(said)
    span = _span(span_form, resource) if span_form.is_bound and span_form.is_valid() else None
    posted = request.POST if request.method == "POST" and "nonce" in request.POST else None
    contact = ContactForm(posted, initial=common.contact_of(request), country=request.coop.country)
    is_whole = posted is not None and contact.is_valid()
    number = contact.cleaned_data["vat_number"] if is_whole else common.contact_of(request).get("vat_number", "")
    quote, trouble = _priced(request, listing, span, number)
    pay = PayForm(posted, methods=common.methods(request, quote), initial={"nonce": common.nonce(request)})
    if is_whole and quote is not None and span and pay.is_valid():
        request.session[common.CONTACT] = {**common.contact_of(request), **contact.cleaned_data}
        try:
            return common.placed_now(request, _ask_for(request, listing, span, contact, pay))
        except Expected as error:
            trouble = f"{error} {error.hint}".strip()
    shown = {
        "listing": listing, "crumbs": crumbs(listing, _("When")), "span_form": span_form, "contact_form": contact, "form": pay,
        "preview": quote, "trouble": trouble, "lines": showing.lines(quote) if quote else [],
        "why_untaxed": queries.words.why_untaxed(quote) if quote else "",
        "split": _split(quote, listing), "beside": common.beside(request, quote) if quote else [],
        "provider": listing.provider or request.coop, "terms": notice.terms(quote, quote.rules, request.now) if quote else None,
        **(_choosing(request, resource, span_form, listing) if resource else {}),
    }  # fmt: skip
    return render(request, "orders/request.html", shown, status=422 if posted is not None else 200)


def _split(quote: Any, listing: Any) -> Any:
    if quote is None or not quote.total_minor:
        return None
    return queries.splits.shown(quote, quote.rules, provider=str(listing.provider or ""))


def _span(form: Any, resource: Any) -> tuple[datetime, datetime]:
    said = form.cleaned_data
    return (said["starts"], said["ends"]) if "starts" in said else months.span(resource, said["first"], said["last"])


def _priced(request: CoopRequest, listing: Any, span: Any, number: str) -> tuple[Any, str]:
    if span is None:
        return None, ""
    wish = orders.Wish(listing_id=listing.pk, starts=span[0], ends=span[1], vat_number=number)
    try:
        return orders.preview(wish=wish, by=request.by, at=request.now, coop=request.coop), ""
    except Expected as error:
        return None, f"{error} {error.hint}".strip()


def _ask_for(request: CoopRequest, listing: Any, span: Any, contact: Any, pay: Any) -> orders.Placed:
    key = f"request:{listing.pk}:{pay.cleaned_data['nonce']}"
    if known := orders.placed_before(key=key, by=request.by):
        return known
    wish = orders.Wish(listing_id=listing.pk, starts=span[0], ends=span[1])
    quote = orders.quote(wish=wish, by=request.by, at=request.now, coop=request.coop)
    return orders.check_out(
        quote_ids=[quote.pk], contact=common.as_contact(contact.cleaned_data), key=key, by=request.by, at=request.now,
        method=pay.cleaned_data["method"] or "card", return_url=common.return_url(request),
    )  # fmt: skip


def _choosing(request: CoopRequest, resource: Any, form: Any, listing: Any) -> dict[str, Any]:
    """Return the months to choose days from, and for what is had by the hour the times of a day."""
    said = form.cleaned_data if form.is_bound and hasattr(form, "cleaned_data") else {}
    page, zone = reverse("orders:request", args=[listing.pk]), resource.zone
    today = request.now.astimezone(zone).date()
    hourly = resource.unit == "hour"
    day = _date(request.GET.get("day", "")) or (said["starts"].astimezone(zone).date() if hourly and said.get("starts") else None)
    first, last = (day, day) if hourly else (said.get("first"), said.get("last"))
    start = min(max(_date(request.GET.get("month", "")) or first or today, today), today + months.FURTHEST)

    def address(first: date, last: date) -> str:
        return f"{page}?day={first}#times" if hourly else f"{page}?first={first}&last={last}"

    shown = months.ahead(resource, start, first=first, last=last, address=address, at=request.now)
    begins = shown[0].first
    slots = _slots(resource, day, page, request.now) if hourly and day else []
    return {
        "months": shown, "slots": slots, "day": day if hourly else None,
        "later": f"{page}?month={(begins + timedelta(days=32)).replace(day=1)}",
        "earlier": f"{page}?month={(begins - timedelta(days=1)).replace(day=1)}" if begins > today else "",
    }  # fmt: skip


def _slots(resource: Any, day: date, page: str, at: datetime) -> list[dict[str, Any]]:
    """Return the times of a day, each with where choosing it leads."""
    start = datetime.combine(day, time(0), resource.zone)
    found = []
    for slot in calendars.slots(resource, start, start + timedelta(days=1), at=at):
        local = [moment.astimezone(resource.zone).strftime("%Y-%m-%dT%H:%M") for moment in (slot.starts, slot.ends)]
        url = f"{page}?{urlencode({'starts': local[0], 'ends': local[1]})}"
        found.append({"starts": slot.starts, "is_free": slot.is_free, "url": url})
    return found


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def ask(request: CoopRequest, pk: int) -> HttpResponse:
    """Ask a question about a listing: an order without money, and the talk that follows."""
    listing = listing_of(request, pk)
    posted = request.POST if request.method == "POST" else None
    contact, message = ContactForm(posted, initial=common.contact_of(request), country=request.coop.country), MessageForm(posted)
    if posted is not None and contact.is_valid() and message.is_valid():
        request.session[common.CONTACT] = {**common.contact_of(request), **contact.cleaned_data}
        try:
            order = orders.inquire(
                listing_id=listing.pk, contact=common.as_contact(contact.cleaned_data), text=message.cleaned_data["text"],
                key=f"ask:{pk}:{common.nonce(request)}", by=request.by, at=request.now, coop=request.coop,
            )  # fmt: skip
        except Expected as error:
            messages.error(request, f"{error} {error.hint}".strip())
        else:
            request.session.pop(common.NONCE, None)
            messages.success(request, _("Asked. The answer comes to your address, and stands on this page."))
            return redirect(common.address_of(order, request))
    shown = {"listing": listing, "crumbs": crumbs(listing, _("Ask")), "contact_form": contact, "form": message}
    return render(request, "orders/ask.html", shown, status=422 if posted is not None else 200)
