"""The page of an order, what can be done there, and the lists of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from toadlane.kernel.errors import Expected
from toadlane.money.payments import queries as payments
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.files import services as files
from toadlane.plumbing.files import views as documents
from toadlane.society.messaging import queries as threads
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.forms import MoveForm, ReasonForm, RefundForm, SettleForm, ShiftForm, TalkForm, WorkerForm
from toadlane.trade.orders.permissions import KEEP_SERIES, REFUND
from toadlane.trade.orders.queries import lent, processes, reversals, showing, words
from toadlane.trade.orders.views import common
from toadlane.trade.work import queries as jobs
from toadlane.trade.work.permissions import DO
from toadlane.ui import formats
from toadlane.ui.shapes import Crumb

FORMS = ("move", "settle")
# What is said when a button was pressed.
TOLD = {
    "cancel": lazy("Cancelled."), "confirm": lazy("Confirmed. The money goes to everyone’s shares."), "accept": lazy("Accepted."),
    "decline": lazy("You said no."), "ship": lazy("They are told that it is on its way."), "receive": lazy("Received."),
    "dispute": lazy("Said. The money waits until it is settled."), "move": lazy("Moved."), "call_off": lazy("Called off."),
}  # fmt: skip


@require_GET
def detail(request: CoopRequest, pk: int) -> HttpResponse:
    return _show(request, common.found(request, pk))


@require_GET
def guest(request: CoopRequest, token: str) -> HttpResponse:
    """Show an order to whoever holds its link."""
    return _show(request, common.found_by_link(request, token), token)


@require_POST
def act(request: CoopRequest, pk: int, transition: str) -> HttpResponse:
    return _act(request, common.found(request, pk), transition)


@require_POST
def guest_act(request: CoopRequest, token: str, transition: str) -> HttpResponse:
    return _act(request, common.found_by_link(request, token), transition, token)


def _address(order: Any, token: str) -> str:
    return reverse("orders:guest", args=[token]) if token else reverse("orders:detail", args=[order.pk])


def _form_of(transition: str, request: CoopRequest, order: Any) -> forms.Form:
    if transition == "settle":
        return SettleForm(request.POST, currency=order.currency)
    return MoveForm(request.POST) if transition == "move" else ReasonForm(request.POST)


def _act(request: CoopRequest, order: Any, transition: str, token: str = "") -> HttpResponse:
    if transition == "say":
        return say(request, order, token)
    if transition in ("skip", "pause", "resume", "end", "shift"):
        return series(request, order, transition, token)
    form = _form_of(transition, request, order)
    if not form.is_valid():
        return _show(request, order, token, typed={transition: form})
    said = form.cleaned_data
    try:
        orders.act(order=order, transition=transition, by=request.by, at=request.now, facts=orders.Facts(
            reason=said.get("reason", ""), worker=_worker(request), starts_at=said.get("starts_at"),
            refund_minor=said["refund"].minor if said.get("refund") else 0,
        ))  # fmt: skip
    except Expected as error:
        if transition in FORMS:
            form.add_error(error.field if error.field in form.fields else None, f"{error} {error.hint}".strip())
            # What was tried and refused is not what the order is: it is read anew.
            order = common.found_by_link(request, token) if token else common.found(request, order.pk)
            return _show(request, order, token, typed={transition: form})
        messages.error(request, f"{error} {error.hint}".strip())
    else:
        messages.success(request, TOLD.get(transition) or _("Done."))
    return redirect(_address(order, token))


def _worker(request: CoopRequest) -> Any:
    pk = request.POST.get("worker", "")
    return queries.worker(int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 19 else None


def _show(request: CoopRequest, order: Any, token: str = "", typed: Mapping[str, Any] | None = None) -> HttpResponse:
    """Show an order; with forms that could not be taken, what was typed stays in them."""
    typed = typed or {}
    again = order.series if order.series_id and request.by.may(KEEP_SERIES, order.series) else None
    page = showing.page(order, request.by, request.now)
    panels = lent.filled(order, request.by, request.now, token)
    elsewhere = frozenset().union(*(panel.instead_of for panel in panels))
    page = replace(page, deeds=[deed for deed in page.deeds if deed.name not in elsewhere])
    thread = threads.thread_about(order.subject)
    may_read = thread is not None and bool(page.sides & {"customer", "provider"})
    job = jobs.of_subject(order.subject) if page.sides & {"customer", "provider", "worker", "coop"} else None
    tasks = jobs.tasks(job) if job is not None and order.is_taken_on else []
    workers = queries.workers_of(order) if any(deed.name == "assign" for deed in page.deeds) else []
    shown = {
        "page": page, "panels": panels, "order": order, "token": token, "crumbs": _crumbs(request, order, token),
        "said": threads.messages(threads.thread(thread.pk, by=request.by), by=request.by) if may_read and thread else [],
        "may_talk": bool(page.sides & {"customer", "provider"}) and order.provider_id,
        "message_form": typed.get("say") or TalkForm(), "tasks": tasks, "progress": jobs.progress(tasks), "job": job,
        "may_tick": job is not None and bool(request.by.may(DO, job)),
        "move_form": typed.get("move") or MoveForm(), "settle_form": typed.get("settle") or SettleForm(currency=order.currency),
        "typed_form": next(iter(typed.values()), None),
        "worker_form": _worker_form(order, workers),
        "refund_form": typed.get("refund") or _refund_form(request, order) if "customer" not in page.sides else None,
        "pay_url": _pay_url(page),
        "series": again, "visits": queries.series.visits(again) if again else [],
        "shift_form": typed.get("shift") or (ShiftForm(days=queries.series.kept(again)) if again else None),
        "currency": order.currency, "deposit": _deposit(order, page), "told_state": words.state(order.state),
    }  # fmt: skip
    return render(request, "orders/detail.html", shown, status=422 if typed else 200)


def _deposit(order: Any, page: showing.Page) -> Any:
    """Return what passes between the two sides besides the price while something is lent."""
    is_lent = order.kind == "booking" and order.state not in processes.of(order).ends
    is_theirs = order.listing_id and page.sides & {"customer", "provider"}
    listing = catalog.one(order.listing_id) if is_lent and is_theirs else None
    return listing.deposit if listing else None


def _worker_form(order: Any, workers: Any) -> WorkerForm | None:
    chosen = next((str(one.pk) for one in workers if one.name == order.worker_name), None)
    return WorkerForm(workers=[(str(one.pk), one.name) for one in workers], initial={"worker": chosen}) if workers else None


def _pay_url(page: showing.Page) -> str:
    """Return where the customer pays an order that waits for it."""
    is_waiting = page.is_customer and page.order.state == "unpaid"
    return common.card_page(page.payment) if is_waiting and page.payment and page.payment.is_open else ""


def _refund_form(request: CoopRequest, order: Any) -> RefundForm | None:
    is_something_left = order.captured_minor > order.refunded_minor
    if not is_something_left or not request.by.may(REFUND, order):
        return None
    return RefundForm(initial={"nonce": uuid4()}, currency=order.currency)


def _crumbs(request: CoopRequest, order: Any, token: str) -> list[Crumb]:
    if token or not request.by.person_id:
        return [Crumb(_("Your order")), Crumb(str(order.pk))]
    is_ours = order.provider_id in request.by.memberships
    first = Crumb(_("Orders to us"), reverse("orders:ours")) if is_ours else Crumb(_("My orders"), reverse("orders:mine"))
    return [first, Crumb(str(order.pk))]


def say(request: CoopRequest, order: Any, token: str = "") -> HttpResponse:
    """Say something to the other side, or send them a file."""
    form = TalkForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            attached = []
            if upload := form.cleaned_data["file"]:
                # The file hangs on the conversation, so that whoever reads one reads the other.
                thread = orders.open_talk(order=order, by=request.by, at=request.now)
                subject = f"thread:{thread.pk}"
                attached = [files.add_document(file=upload, name=upload.name, subject=subject, by=request.by, at=request.now)]
            orders.say(order=order, text=form.cleaned_data["text"], files=attached, by=request.by, at=request.now)
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else "text", f"{error} {error.hint}".strip())
        else:
            return redirect(_address(order, token) + "#talk")
    return _show(request, order, token, typed={"say": form})


@require_safe
def guest_file(request: CoopRequest, token: str, pk: int) -> FileResponse:
    """Hand a file of the conversation to whoever holds the link of the order."""
    common.found_by_link(request, token)
    return documents.document(request, pk)


def series(request: CoopRequest, order: Any, deed: str, token: str = "") -> HttpResponse:
    """Skip, move, pause, resume or end the visits that come again."""
    if not order.series_id:
        raise Http404
    form = ShiftForm(request.POST, days=queries.series.kept(order.series)) if deed == "shift" else None
    if form and not form.is_valid():
        return _show(request, order, token, typed={"shift": form})
    try:
        if deed == "skip":
            ahead = queries.series.ahead(order.series, count=12)
            visit_on = next((day for day in ahead if day.isoformat() not in order.series.skipped), order.series.next_on)
            orders.skip(series=order.series, visit_on=visit_on, by=request.by)
        elif form:
            said = form.cleaned_data
            orders.move_visit(
                series=order.series, visit_on=said["visit_on"], starts=said["starts_at"], by=request.by, at=request.now
            )
        elif deed == "resume":
            orders.resume(series=order.series, by=request.by, at=request.now)
        else:
            (orders.pause if deed == "pause" else orders.end)(series=order.series, by=request.by)
    except Expected as error:
        if form:
            form.add_error("starts_at" if error.field == "starts" else None, f"{error} {error.hint}".strip())
            return _show(request, order, token, typed={"shift": form})
        messages.error(request, f"{error} {error.hint}".strip())
    else:
        told = {
            "skip": _("The next visit is left out."), "pause": _("Paused."), "resume": _("It goes on."), "shift": _("Moved."),
        }  # fmt: skip
        messages.success(request, told.get(deed) or _("No more visits are ordered."))
    return redirect(_address(order, token))


@require_POST
def give_back(request: CoopRequest, pk: int) -> HttpResponse:
    """Give part or all of the money back."""
    order = common.found(request, pk)
    form = RefundForm(request.POST, currency=order.currency)
    if form.is_valid():
        try:
            amount = form.cleaned_data["amount"]
            key = f"{order.subject}:{form.cleaned_data['nonce']}"
            orders.refund(order=order, amount=amount, reason=form.cleaned_data["reason"], key=key, by=request.by, at=request.now)
            orders.do_chores(order_ids=[order.pk], by=request.by, at=request.now)
        except Expected as error:
            form.add_error("amount", f"{error} {error.hint}".strip())
        else:
            messages.success(request, _("%(amount)s goes back.") % {"amount": formats.money(amount)})
            return redirect("orders:detail", pk=order.pk)
    return _show(request, order, typed={"refund": form})


@require_GET
def mine(request: CoopRequest) -> HttpResponse:
    """Show somebody's own orders, the latest first."""
    if not request.by.person_id:
        raise Http404
    found = paging.page(showing.seen_by(request.by, "customer"), cursor=request.GET.get("cursor"))
    return render(request, "orders/mine.html", _listed(found, _("My orders")) | {"is_mine": True})


@require_GET
def ours(request: CoopRequest) -> HttpResponse:
    """Show the orders of the members somebody speaks for; a coordinator may ask for all of them."""
    if not request.by.memberships:
        raise Http404
    side = (
        "coop" if request.GET.get("all") and request.by.roles & {"board", "coordinator", "founder", "treasurer"} else "provider"
    )
    found = paging.page(showing.seen_by(request.by, side), cursor=request.GET.get("cursor"))
    title = _("All orders") if side == "coop" else _("Orders to us")
    more = {"may_see_all": bool(request.by.roles & {"board", "coordinator", "founder", "treasurer"}), "is_all": side == "coop"}
    return render(request, "orders/mine.html", _listed(found, title) | more)


def _listed(found: Any, title: str) -> dict[str, Any]:
    taken = reversals.taken_back(found.items)
    rows = [{"order": order, "standing": words.standing(order, taken.get(order.pk, ""))} for order in found.items]
    return {"title": title, "rows": rows, "next": found.next}


@require_GET
def checkout(request: CoopRequest, pk: UUID) -> HttpResponse:
    """Say what a checkout came to, after the payment page or instead of it."""
    found = queries.checkout_of(f"checkout:{pk}")
    if found is None:
        raise Http404
    placed = orders.settle(checkout=found, by=request.by, at=request.now)
    is_over = all(order.state in ("lapsed", "cancelled") for order in placed.orders)
    if placed.is_paid and len(placed.orders) == 1 and not is_over:
        messages.success(request, words.placed_now(placed.orders[0].kind))
        return redirect(common.address_of(placed.orders[0], request))
    shown = {
        "placed": placed, "payment": placed.payment, "account": payments.account(request.now),
        "page": common.card_page(placed.payment) if placed.payment else "",
        "rows": [{"order": order, "url": common.address_of(order, request)} for order in placed.orders],
        "is_over": is_over,
    }  # fmt: skip
    return render(request, "orders/checkout.html", shown)


@require_POST
def try_again(request: CoopRequest, pk: UUID) -> HttpResponse:
    """Begin another payment after one that failed."""
    found = queries.checkout_of(f"checkout:{pk}")
    if found is None:
        raise Http404
    try:
        payment = orders.try_again(
            checkout=found, key=str(uuid4()), by=request.by, at=request.now, return_url=common.return_url(request)
        )
        return common.pays_again(request, found, payment)
    except Expected as error:
        messages.error(request, f"{error} {error.hint}".strip())
        return redirect("orders:checkout", pk=pk)
