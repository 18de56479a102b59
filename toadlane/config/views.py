"""What is said when nothing else is: not found, refused, broken; and whether the server is ready."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 once the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "ui/refusal.html", {"error": exception}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Something broke on our side. It has been noted. Go back and try once more.", status=500)
