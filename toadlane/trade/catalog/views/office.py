from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toadlane.plumbing.access import paging
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.files import queries as files
from toadlane.trade.catalog import queries, services
from toadlane.trade.catalog.permissions import CURATE
from toadlane.trade.catalog.views.common import crumbs_to, seen_listing
from toadlane.ui.shapes import Crumb


def queue(request: CoopRequest) -> HttpResponse:
    """What waits for the curators."""
    request.by.must(CURATE)
    rows = paging.page(queries.waiting(), cursor=request.GET.get("cursor"), order=("changed_at", "pk"))
    cards = [{"listing": one, "picture": files.sources(one.cover) if one.cover else None} for one in rows.items]
    return render(
        request, "catalog/queue.html", {"cards": cards, "page": rows, "crumbs": crumbs_to(Crumb(_("For the curators")))}
    )


@require_POST
def decide(request: CoopRequest, pk: int) -> HttpResponse:
    """Accept, decline, take down or give back: the officers' answers, with a reason where it is a no."""
    listing = seen_listing(request, pk)
    answer, reason = request.POST.get("answer", ""), request.POST.get("reason", "")
    said: dict[str, Any] = {"listing": listing, "by": request.by, "at": request.now}
    try:
        if answer == "accept":
            services.accept(**said)
            messages.success(request, _("It is in the window now."))
        elif answer == "restore":
            services.restore(**said)
            messages.success(request, _("It is given back to whoever offers it."))
        elif answer in ("decline", "hide"):
            (services.decline if answer == "decline" else services.hide)(reason=reason, **said)
            messages.success(request, _("It is out, and your reason is told."))
        else:
            raise Http404
    except (services.NotNow, services.NoReason) as error:
        messages.error(request, str(error))
    return redirect("catalog:queue") if answer in ("accept", "decline") else redirect("catalog:detail", pk)
