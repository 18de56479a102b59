"""What several pages of orders need."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import get_script_prefix, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.payments import queries as payments
from toadlane.money.payments.queries import credit
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.permissions import SEE
from toadlane.trade.orders.queries import in_credit, showing
from toadlane.ui import formats
from toadlane.ui.shapes import Option

CONTACT = "orders.contact"
NONCE = "orders.nonce"


def methods(request: CoopRequest, *priced: Any, total: Money | None = None) -> list[tuple[str, Any]]:
    """Return the ways one can pay here. A transfer needs to know where to; in a sandbox nobody sends one.

    :param priced: what is paid: a member who can pay it with credit is told what stands there afterwards
    :param total: what several things in a basket come to
    """
    named = {"card": _("By card, now"), "transfer": _("By bank transfer"), "cash": _("In cash"), "voucher": _("With vouchers")}
    if payments.account(request.now) is None and not request.coop.is_sandbox:
        named.pop("transfer")
    found = [(name, named[name]) for name in payments.methods() if name in named]
    known = [one for one in priced if one is not None]
    total = known[0].total if known else total
    return [*found, *_in_credit(request, known, total)]


def _in_credit(request: CoopRequest, priced: list[Any], total: Money | None) -> list[tuple[str, Any]]:
    """Return credit as a way to pay, for a member who has so much to spend, or may owe it."""
    holder = credit.own(request.by)
    if not holder or total is None or in_credit.why_not(priced, holder):
        return []
    there = credit.account(holder, total.currency)
    if not 0 < total.minor <= there.free.minor:
        return []
    after = there.balance - there.held - total
    if after.minor < 0:
        more = _("After this you owe others work for %(amount)s.") % {"amount": formats.money(-after)}
    else:
        more = _("After this you still have %(amount)s.") % {"amount": formats.money(after)}
    return [("credit", Option(_("With credit"), more=more))]


def contact_of(request: CoopRequest) -> dict[str, str]:
    """Return what was typed before, or what we know of somebody who is signed in."""
    typed = request.session.get(CONTACT)
    if typed:
        return dict(typed)
    person = showing.person(request.by.person_id)
    return {"full_name": person.name, "email": person.email or "", "phone": person.phone or ""} if person else {}


def as_contact(said: dict[str, str]) -> orders.Contact:
    return orders.Contact(
        name=said.get("full_name", ""), company=said.get("company", ""), vat_number=said.get("vat_number", ""),
        email=said.get("email", ""), phone=said.get("phone", ""),
        address=said.get("street", ""), notes=said.get("notes", ""), language=translation.get_language() or "en",
    )  # fmt: skip


def nonce(request: CoopRequest) -> str:
    """Return the name of the intent this visitor is at; it lasts until its order is placed."""
    if NONCE not in request.session:
        request.session[NONCE] = str(uuid4())
    return str(request.session[NONCE])


def return_url(request: CoopRequest) -> str:
    """Return where the payment page leads back to; the checkout is put in when it is known."""
    nobody = UUID(int=0)
    return request.build_absolute_uri(reverse("orders:checkout", args=[nobody])).replace(str(nobody), orders.CHECKOUT)


def pays_again(request: CoopRequest, checkout: Any, payment: Any) -> HttpResponse:
    """Lead to where a payment that failed is made: a member's credit is asked for at once."""
    if checkout.method != "credit":
        return redirect(card_page(payment))
    orders.pay_in_credit(checkout=checkout, by=request.by, at=request.now)
    return redirect("orders:checkout", pk=checkout.pk)


def card_page(payment: Any) -> str:
    """Return where to pay. On the server's host it is a path: whatever name the browser knows this host by is kept."""
    is_at_the_server = get_script_prefix() != "/"
    return payments.card_page(payment) if is_at_the_server else payments.address_of(payment)


def placed_now(request: CoopRequest, placed: orders.Placed) -> HttpResponse:
    """Lead on to the payment, or straight to the order where there is nothing to pay or it is paid."""
    request.session.pop(NONCE, None)
    if placed.payment is not None and not placed.is_paid and placed.payment.method == "card":
        return redirect(card_page(placed.payment))
    return redirect("orders:checkout", pk=placed.checkout.pk)


def address_of(order: Any, request: CoopRequest) -> str:
    """Return where whoever asks reads an order: a guest by the signed link, the sides by its number."""
    if order.customer_id is None and not request.by.memberships:
        return reverse("orders:guest", args=[queries.token(order)])
    return reverse("orders:detail", args=[order.pk])


def found(request: CoopRequest, pk: int) -> Any:
    order = queries.find(pk) if 0 < pk < 2**63 else None
    if order is None or not request.by.may(SEE, order):
        raise Http404
    return order


def found_by_link(request: CoopRequest, token: str) -> Any:
    """Return the order of a signed link; whoever holds it is its customer."""
    pk = queries.order_id(token, request.coop.pk)
    if pk is None:
        raise Http404
    request.by = replace(request.by, order_id=pk)
    return found(request, pk)


def beside(request: CoopRequest, quote: Any) -> list[queries.beside.Beside]:
    """Return what comes on top of a price, for whoever looks at it."""
    return queries.beside.of_quote(quote, quote.rules, customer_id=request.by.person_id)
