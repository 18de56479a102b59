"""The page of a sandbox server on which everybody may read what would have been sent. Elsewhere there is no such page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from toadlane.plumbing.access.paging import page
from toadlane.plumbing.sending import queries


def _tenant_of(request: Any) -> int | None:
    return request.coop.pk if request.coop else None


@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    if not queries.is_open():
        raise Http404
    address = request.GET.get("to", "")
    letters = page(queries.shown(address=address, tenant_id=_tenant_of(request)), cursor=request.GET.get("cursor"))
    return _fresh(render(request, "sending/sent.html", {"page": letters, "address": address}))


@require_GET
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.shown(tenant_id=_tenant_of(request)), pk=pk)
    return _fresh(render(request, "sending/letter.html", {"letter": found}))


@require_GET
def as_html(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the letter as a mail program would, in a page that can do nothing."""
    found = get_object_or_404(queries.shown(tenant_id=_tenant_of(request)), pk=pk)
    answer = HttpResponse(found.html)
    # Letters bring their own styles, as mail programs want them; nothing else may run or load.
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups"
    return _fresh(answer)


def _fresh(answer: HttpResponse) -> HttpResponse:
    patch_cache_control(answer, no_store=True)
    answer["X-Robots-Tag"] = "noindex"
    return answer
