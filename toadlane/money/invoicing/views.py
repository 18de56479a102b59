from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toadlane.kernel.errors import Expected
from toadlane.money.invoicing import forms, permissions, queries, services
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.members import queries as members
from toadlane.society.members.permissions import DESK
from toadlane.ui import formats, nav

SHOWN = 25


def mine(request: CoopRequest) -> HttpResponse:
    """Invoices that I wrote, that were written in my name, or that were written to me."""
    request.by.must(DESK)
    page = paging.page(queries.visible(request.by), cursor=request.GET.get("cursor"), limit=SHOWN)
    own = request.by.memberships
    waits = bool(own) and not queries.latest_particulars(own)
    return render(request, "invoicing/mine.html", {"page": page, "is_member": bool(own), "waits": waits})


def particulars(request: CoopRequest) -> HttpResponse:
    """What stands on my invoices."""
    request.by.must(DESK)
    own = list(members.register().filter(pk__in=request.by.memberships))
    if not own:
        raise Http404
    asked = request.POST.get("membership") or request.GET.get("membership", "")
    who = next((one for one in own if str(one.pk) == asked), own[0])
    form = forms.MembersForm(request.POST or None, initial=forms.initial(queries.particulars_of(who.pk)))
    if request.method == "POST" and form.is_valid() and _gave(request, who, form):
        return redirect("invoicing:mine")
    status = 422 if form.errors else 200
    return render(request, "invoicing/particulars.html", {"form": form, "who": who, "own": own}, status=status)


def _gave(request: CoopRequest, who: Any, form: Any) -> bool:
    try:
        services.give(membership=who, said=services.Said(**form.cleaned_data), by=request.by, at=request.now)
    except Expected as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    messages.success(request, _("Noted. Invoices that waited for it are written now."))
    return True


def index(request: CoopRequest) -> HttpResponse:
    """All invoices, what they taxed this year, and what stands on the co-op's own."""
    request.by.must(permissions.SEE_ALL)
    return _index(request, forms.ParticularsForm(initial=forms.initial(queries.particulars_of(None))))


def _index(request: CoopRequest, form: Any, status: int = 200) -> HttpResponse:
    page = paging.page(queries.invoices(), cursor=request.GET.get("cursor"), limit=SHOWN)
    year = queries.local_day(request.now).year
    return render(request, "invoicing/index.html", {
        "page": page, "form": form, "year": year, "taxed": queries.taxed(year), "given": queries.particulars_of(None),
    }, status=status)  # fmt: skip


@require_POST
def coops_own(request: CoopRequest) -> HttpResponse:
    request.by.must(permissions.SEE_ALL)
    form = forms.ParticularsForm(request.POST)
    if form.is_valid() and _gave(request, None, form):
        return redirect("invoicing:index")
    return _index(request, form, 422)


def document(request: CoopRequest, pk: int, kind: str) -> HttpResponse:
    """An invoice to keep: paper with the data inside, or the data alone in either syntax."""
    one = queries.find(pk)
    if one is None or not request.by.may(permissions.SEE, one):
        raise Http404
    if kind == "pdf":
        response = HttpResponse(services.printed(invoice=one, by=request.by), content_type="application/pdf")
    else:
        data = queries.as_ubl(one) if kind == "ubl" else bytes(one.xml)
        response = HttpResponse(data, content_type="application/xml")
    name = f"{one.number}.pdf" if kind == "pdf" else f"{one.number}-{kind}.xml"
    response["Content-Disposition"] = f"attachment; filename={name}"
    return response


def received(request: CoopRequest) -> HttpResponse:
    """Invoices that others wrote to the co-op: read one, and see what it says."""
    request.by.must(permissions.SEE_ALL)
    form = forms.FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            one = services.receive(data=form.cleaned_data["file"].read(), by=request.by, at=request.now)
        except services.NotAnInvoice as error:
            form.add_error("file", f"{error} {error.hint}".strip())
        else:
            said = _("Read: %(number)s of %(seller)s, %(amount)s.")
            facts = {"number": one.number, "seller": one.seller_name, "amount": formats.money(one.gross)}
            messages.success(request, said % facts)
            return redirect("invoicing:received")
    page = paging.page(queries.received(), cursor=request.GET.get("cursor"), limit=SHOWN)
    shown = {
        "page": page, "form": form, "twice": queries.also_received(page.items),
        "propose_url": nav.address("proposals:new", request),
    }  # fmt: skip
    return render(request, "invoicing/received.html", shown, status=422 if form.errors else 200)


def received_xml(request: CoopRequest, pk: int) -> HttpResponse:
    """An invoice as it came."""
    request.by.must(permissions.SEE_ALL)
    one = queries.received_one(pk)
    if one is None:
        raise Http404
    response = HttpResponse(bytes(one.xml), content_type="application/xml")
    response["Content-Disposition"] = f"attachment; filename=received-{one.pk}.xml"
    return response
