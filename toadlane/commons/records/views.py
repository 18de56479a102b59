"""The page of records, and the files to take away."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from toadlane.commons.records import queries, services
from toadlane.commons.records.permissions import FETCH, READ
from toadlane.commons.records.policies.variants import Variant, named
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.requests import CoopRequest


def _variant(text: str) -> Variant:
    if (variant := named(text)) is None:
        raise Http404
    return variant


@require_http_methods(["GET", "POST"])
def records(request: CoopRequest) -> HttpResponse:
    """What was decided and how, and how to check it without trusting this server."""
    if not request.by.may(READ):
        raise Http404
    refusal: Expected | None = None
    if request.method == "POST":
        try:
            services.ask(variant=_variant(request.POST.get("variant", "")), by=request.by, at=request.now)
            return redirect("records:records")
        except services.MadeJustNow as error:
            refusal = error
    there = {"shown": queries.overview(request.by), "refusal": refusal, "key": queries.public_key()}
    return render(request, "records/records.html", there, status=refusal.status if refusal else 200)


@require_GET
def download(request: CoopRequest, variant: str) -> FileResponse:
    wanted = _variant(variant)
    if not request.by.may(FETCH, wanted):
        raise Http404
    row = queries.kept(wanted)
    if row is None:
        raise Http404
    # Sent as it lies there: however often it is fetched, nothing is worked out for it.
    name = f"{request.coop.slug}-{row.name}.zip"
    answer = FileResponse(queries.file_of(row), content_type="application/zip", as_attachment=True, filename=name)
    answer["ETag"] = f'"{row.key}"'
    return answer
