"""How errors are told over the API."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse


def problem(status: int, code: str, title: object, **more: object) -> HttpResponse:
    """Answer as RFC 9457 says: what is wrong, where, and what to do next."""
    body = {"type": f"{settings.TOADLANE_ORIGIN}/problems/{code}", "title": str(title), "status": status, "code": code}
    body |= {key: value if isinstance(value, list) else str(value) for key, value in more.items() if value}
    return JsonResponse(body, status=status, content_type="application/problem+json")
