"""What was sent: for the sandbox's public page, and for the operator who looks for trouble."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from toadlane.plumbing.sending.models import Letter


def is_open() -> bool:
    """Say whether what is written lies open to all instead of being sent."""
    return bool(settings.TOADLANE_SANDBOX)


def shown(*, address: str = "", tenant_id: int | None = None) -> QuerySet[Letter]:
    """Return the letters of a sandbox server, newest first. A real server shows none.

    :param tenant_id: only those a co-op wrote
    """
    letters = Letter.objects.order_by("-pk") if settings.TOADLANE_SANDBOX else Letter.objects.none()
    if address:
        letters = letters.filter(address__iexact=address.strip())
    return letters.filter(tenant_id=tenant_id) if tenant_id else letters


def count(*, template: str, person_id: int | None, since: datetime) -> int:
    """Return how many letters of a kind somebody has had written since then, whichever way they came in."""
    return Letter.objects.filter(template=template, written_at__gt=since, written_by__endswith=f":person:{person_id}").count()
