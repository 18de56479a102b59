from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.files import queries
from toadlane.plumbing.files.permissions import OPEN

A_YEAR = 31_536_000


@require_safe
def picture(request: CoopRequest, key: str, width: str, name: str) -> HttpResponse | FileResponse:
    """Show a picture of this co-op. Its address is made of its contents, so that it never changes."""
    if request.coop is None:
        raise Http404
    tag = f'"{key[:16]}-{width}-{name}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    try:
        file = default_storage.open(queries.picture_path(request.coop.pk, key, int(width), name))
    except OSError:
        raise Http404 from None
    response = FileResponse(file, content_type=queries.MEDIA_TYPES[name])
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response["ETag"] = tag
    return response


@require_safe
def document(request: CoopRequest, pk: int) -> FileResponse:
    """Hand an attachment to those it concerns, always as a download: it is never shown as a page of ours."""
    found = queries.document(pk) if request.coop else None
    if found is None or not request.by.may(OPEN, found):
        raise Http404
    try:
        file = default_storage.open(queries.document_path(found.coop_id, found.key))
    except OSError:
        raise Http404 from None
    response = FileResponse(file, as_attachment=True, filename=found.name, content_type=found.media_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
