"""The companies that hold money for the co-op: how much is where, sending it on, and where members' earnings go."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.forms import CarryForm
from toadlane.money.payments.models import Comparison
from toadlane.money.payments.permissions import CARRY, OVERSEE, RECONCILE
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.ui.shapes import Crumb


def companies(request: CoopRequest) -> HttpResponse:
    """How much is with whom and what is left to do there; a treasurer asks here that it is sent on to the bank."""
    request.by.must(OVERSEE)
    left = queries.left_with(request.now)
    places = [(f"{one.provider}:{free.currency}", one.title, free) for one in left for free in one.free]
    places += [(f"{holder}:{there.currency}", queries.title_of(holder), there) for holder, there in queries.in_hand()]
    may_carry = bool(request.by.may(CARRY))
    form = CarryForm(request.POST or None, places=places)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                payments.ask_to_carry(provider=form.provider(), amount=form.money(), by=request.by, at=request.now)
                messages.success(request, _("Asked. Another person agrees, and it is sent."))
                return redirect("payments:companies")
            except payments.TooMuch as error:
                form.add_error("amount", str(error))
            except Expected as error:
                form.add_error(None, str(error))
    names = books.names.holders([holder for one in left for holder in one.not_ready])
    return render(request, "payments/companies.html", {
        "left": [(one, [names[holder].label for holder in one.not_ready]) for one in left],
        "compared": [(row, queries.title_of(row.provider), _under_way(row)) for row in queries.compared()],
        "may_compare": bool(request.by.may(RECONCILE)) and bool(queries.comparable()),
        "shared": [one.title for one in left if queries.is_shared(one.provider)],
        "form": form if places and may_carry else None,
        "carried": [
            (row, queries.title_of(row.provider), row.asked_by == request.by.person_id) for row in queries.carried()[:50]
        ],
        "may_carry": may_carry, "days": queries.DISPUTABLE.days,
        "crumbs": [Crumb(_("The books"), reverse("ledger:books")), Crumb(_("Payments"), reverse("payments:treasury")),
                   Crumb(_("Card companies"))],
    }, status=status)  # fmt: skip


@require_POST
def compare(request: CoopRequest) -> HttpResponse:
    """Ask the companies now how much they hold."""
    payments.compare(by=request.by, at=request.now)
    messages.success(request, _("Asked. The books are shown beside what the companies say."))
    return redirect("payments:companies")


@require_POST
def carried(request: CoopRequest, pk: UUID) -> HttpResponse:
    """Agree, as a second person, that money is sent on, or drop it."""
    request.by.must(OVERSEE)
    row = queries.carried_at(pk)
    if row is None or request.POST.get("deed") not in ("agree", "drop"):
        raise Http404
    try:
        if request.POST["deed"] == "agree":
            done = payments.agree_to_carry(carried=row, by=request.by, at=request.now)
            is_there = done.provider in queries.IN_HAND
            messages.success(request, _("Agreed. It is at the bank.") if is_there else _("Agreed. It is on its way to the bank."))
        else:
            payments.drop_carry(carried=row, by=request.by, at=request.now)
            messages.success(request, _("Dropped. Nothing was sent."))
    except Expected as error:
        messages.error(request, str(error))
    return redirect("payments:companies")


def _under_way(row: Comparison) -> list[tuple[str, int, Money]]:
    return [(queries.kind_in_words(one["kind"]), one["count"], Money(one["minor"], row.currency)) for one in row.under_way]


@require_POST
def onboard(request: CoopRequest) -> HttpResponse:
    """Send a member on to the company's page, where they say who they are and where their bank is."""
    holder = request.POST.get("holder", "")
    back = request.build_absolute_uri(reverse("payments:onboarded", args=[_number(holder)]))
    try:
        url = payments.onboard(
            holder=holder, name=request.coop.name, email=getattr(request.user, "email", "") or "", country=request.coop.country,
            back=back, by=request.by, at=request.now,
        )  # fmt: skip
    except Expected as error:
        messages.error(request, f"{error} {error.hint or ''}".strip())
        return redirect("payments:earned")
    return redirect(url)


def onboarded(request: CoopRequest, membership: int) -> HttpResponse:
    """A member comes back from the company's page: ask how their account stands."""
    payee = payments.came_from_onboarding(holder=f"membership:{membership}", by=request.by, at=request.now)
    if payee is not None and payee.is_ready:
        messages.success(request, _("All is said. What you earn is sent there."))
    elif payee is not None:
        messages.warning(request, _("The company still needs something from you. Go on when you have it at hand."))
    return redirect("payments:earned")


def _number(holder: str) -> int:
    kind, _colon, pk = holder.partition(":")
    if kind != "membership" or not pk.isdecimal():
        raise Http404
    return int(pk)
