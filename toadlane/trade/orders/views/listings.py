"""Ordering from a listing: asking for a time, and asking a question."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

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
from toadlane.trade.orders.forms import ContactForm, MessageForm, NightsForm, PayForm, SpanForm
from toadlane.trade.orders.queries import showing
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
    said = (
        request.POST if request.method == "POST" else request.GET if "starts" in request.GET or "first" in request.GET else None
    )
    span_form = NightsForm(said) if listing.unit == "night" else SpanForm(said)
    span = _span(span_form, listing) if span_form.is_bound and span_form.is_valid() else None
    quote, trouble = _priced(request, listing, span)
    posted = request.POST if request.method == "POST" and "nonce" in request.POST else None
    contact = ContactForm(posted, initial=common.contact_of(request), country=request.coop.country)
    pay = PayForm(posted, methods=common.methods(), initial={"nonce": common.nonce(request)})
    if posted is not None and quote is not None and span and contact.is_valid() and pay.is_valid():
        request.session[common.CONTACT] = {**common.contact_of(request), **contact.cleaned_data}
        try:
            return common.placed_now(request, _ask_for(request, listing, span, contact, pay))
        except Expected as error:
            trouble = f"{error} {error.hint}".strip()
    resources = calendars.of_listing(listing.pk)
    shown = {
        "listing": listing, "crumbs": crumbs(listing, _("When")), "span_form": span_form, "contact_form": contact, "form": pay,
        "preview": quote, "trouble": trouble, "lines": showing.lines(quote) if quote else [],
        "split": _split(quote, listing),
        "week": _week(request, resources), "provider": listing.provider or request.coop,
    }  # fmt: skip
    return render(request, "orders/request.html", shown, status=422 if posted is not None else 200)


def _split(quote: Any, listing: Any) -> Any:
    if quote is None or not quote.total_minor:
        return None
    return queries.splits.shown(quote, quote.rules, provider=str(listing.provider or ""))


def _span(form: Any, listing: Any) -> tuple[datetime, datetime] | None:
    said = form.cleaned_data
    if "starts" in said:
        return said["starts"], said["ends"]
    resource = next(iter(calendars.of_listing(listing.pk)), None)
    return calendars.stay(resource, said["first"], said["last"]) if resource and said["last"] > said["first"] else None


def _priced(request: CoopRequest, listing: Any, span: Any) -> tuple[Any, str]:
    if span is None:
        return None, ""
    wish = orders.Wish(listing_id=listing.pk, starts=span[0], ends=span[1])
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


def _week(request: CoopRequest, resources: list[Any]) -> list[Any]:
    """Return what is free in the days ahead, so that nobody has to guess."""
    if not resources:
        return []
    today = request.now.astimezone(ZoneInfo(request.coop.time_zone)).date()
    return calendars.week(resources[0], today, at=request.now)


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
