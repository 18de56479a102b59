"""The card page: who holds its address may pay, whoever they are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.forms import CardForm
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops import queries as coops


@dataclass(frozen=True)
class Till:
    """One payment at its page, in the scope of the co-op it belongs to."""

    payment: Any
    coop: Any
    by: Principal
    at: datetime

    @property
    def company(self) -> payments.PaymentProvider:
        return payments.provider_of(self.payment.provider)

    @property
    def page(self) -> str:
        return queries.card_page(self.payment)

    def back(self) -> str:
        """Return where the payer came from, if it is one of our own addresses."""
        url = self.payment.return_url
        origin = urlsplit(settings.TOADLANE_ORIGIN)
        hosts = {origin.netloc, self.coop.host or ""}
        if self.coop.host and origin.port:
            # A server on a port of its own is reached there by every name it has.
            hosts.add(f"{self.coop.host}:{origin.port}")
        return url if url and url_has_allowed_host_and_scheme(url, allowed_hosts=hosts) else ""


@contextmanager
def _till(request: CoopRequest, token: str) -> Iterator[Till]:
    payment = queries.at_token(token)
    if payment is None:
        raise Http404
    with scope(payment.coop_id):
        coop = coops.of_scope(payment.coop_id)
        by = Principal(coop_id=coop.pk, channel=Channel.WEB, person_id=request.by.person_id)
        with timezone.override(ZoneInfo(coop.time_zone)):
            yield Till(payment, coop, by, clock.now(coop.tenant))


def _at_the_till(view: Callable[[CoopRequest, Till], HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def enter(request: CoopRequest, token: str) -> HttpResponse:
        with _till(request, token) as till:
            answer = view(request, till)
            back = urlsplit(till.back())
            # To a co-op's own host, and to the card company's, a browser follows the form only if the page names it.
            hosts = [f"{back.scheme}://{back.netloc}"] if back.netloc else []
            hosts += till.company.origins() if till.payment.method == "card" else []
            if hosts:
                answer._csp_update = {"form-action": hosts}  # type: ignore[attr-defined]
            return answer

    return enter


@never_cache
@_at_the_till
def pay(request: CoopRequest, till: Till) -> HttpResponse:
    """Show what is to be paid and take a card, or say how it stands."""
    payment = till.payment
    if request.method == "POST" and till.company.is_hosted:
        return _lead_on(till)
    form = CardForm(request.POST or None, today=till.at.date())
    if request.method == "POST" and payment.method == "card" and form.is_valid():
        try:
            payment = payments.authorise(payment=payment, instrument=form.card(), by=till.by, at=till.at)
        except payments.InvalidCard as error:
            form.add_error("number", f"{error} {error.hint}")
        else:
            if payment.state == "failed":
                form.add_error("number", _why(payment.reason))
            elif payment.state in ("authorised", "captured") and till.back():
                return redirect(till.back())
            else:
                return redirect(till.page)
    shown = replace(till, payment=payment)
    status = 422 if form.errors else 200
    return render(request, "payments/pay.html", _shown(shown) | {"form": form}, status=status)


def _lead_on(till: Till) -> HttpResponse:
    """Send the payer on to the card company's own page, or to where they came from if they have paid there."""
    title = queries.subject_label(till.payment.subject) or till.coop.name
    payment = payments.lead_on(payment=till.payment, by=till.by, at=till.at, language=get_language() or "", title=title)
    if payment.state == "requires_action" and not payment.doing and payment.action_url:
        return redirect(payment.action_url)
    return redirect(till.back() if payment.state in ("authorised", "captured") and till.back() else till.page)


@never_cache
@_at_the_till
def back(request: CoopRequest, till: Till) -> HttpResponse:
    """The payer comes back from the card company's page: ask what happened there."""
    payment = till.payment
    if payment.state == "requires_action" and till.company.is_hosted:
        payment = payments.lead_on(payment=payment, by=till.by, at=till.at, opens=False)
    return redirect(till.back() if payment.state in ("authorised", "captured") and till.back() else till.page)


@require_POST
@_at_the_till
def confirm(request: CoopRequest, till: Till) -> HttpResponse:
    """The payer has told their bank that it is them, or that it is not."""
    payment = till.payment
    if payment.state == "requires_action" and payment.method == "card":
        if request.POST.get("answer") == "yes":
            card = payments.KeptCard(payment.provider_ref)
            payment = payments.authorise(payment=payment, instrument=card, by=till.by, at=till.at)
        else:
            return redirect(f"{till.page}?card=another")
    if payment.state in ("authorised", "captured") and till.back():
        return redirect(till.back())
    return redirect(till.page)


def _why(reason: str) -> str:
    reasons = {
        "card_declined": _("The card was declined, and nothing was charged. Try another card."),
        "not_reached": _("The card company cannot be reached just now, and nothing was charged. Try again in a minute."),
        "expired": _("The card company’s page has closed, and nothing was charged. Begin again."),
        "refused": _("The card company refused, and nothing was charged. Try another card."),
    }
    return reasons.get(reason, reasons["refused"])


def _shown(till: Till) -> dict[str, object]:
    hindrance = queries.hindrance(till.payment)
    return {
        "payment": till.payment, "payee": till.coop, "account": queries.account(till.at), "back": till.back(),
        "cards": () if hindrance else till.company.test_cards,
        "hosted": till.company.is_hosted, "company": queries.title_of(till.payment.provider),
        "title": queries.subject_label(till.payment.subject), "why": _why(till.payment.reason),
        "hindrance": hindrance,
    }  # fmt: skip
