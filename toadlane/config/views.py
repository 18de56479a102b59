"""What is said when nothing else is: not found, refused, broken; and whether the server is ready."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from toadlane.config import sorry, source


def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 once the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "ui/refusal.html", {"error": exception}, status=403)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return sorry.page(request, "413" if too_large else "400")


def too_often(request: HttpRequest) -> HttpResponse:
    return sorry.page(request, "429")


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    return sorry.page(request, "forged", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    return sorry.bare_page("500")


def source_code(request: HttpRequest) -> FileResponse:
    """Hand out the code of this server as it runs."""
    return FileResponse(source.archive().open("rb"), as_attachment=True, filename="toadlane.tar.gz")
