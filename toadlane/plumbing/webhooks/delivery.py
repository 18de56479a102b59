"""The job that sends one delivery. The outbox tries it again with growing pauses, and gives it up in the open."""

import json

from django.db.models import F
from django_tasks import task

from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.outbox import jobs
from toadlane.plumbing.tenancy.scope import scope
from toadlane.plumbing.webhooks import post, signing
from toadlane.plumbing.webhooks.models import Delivery


@task()
def post_delivery(*, coop_id: int, delivery_id: int) -> None:
    """Send a delivery and write down what came back.

    :raises Unreachable: when it was not accepted, so that it is tried again
    """
    with scope(coop_id):
        row = Delivery.objects.select_related("subscription").filter(pk=delivery_id, state=Delivery.State.WAITING).first()
        if row is None or not row.subscription.is_on:
            return
        Delivery.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)
        body, headers = letter(row)
        try:
            status = post.send(row.subscription.url, body, headers)
        except post.Unreachable as error:
            _write_down(row, None, str(error))
            raise
        if not 200 <= status < 300:
            _write_down(row, status, f"answered {status}")
            raise post.Unreachable(f"answered {status}")
        Delivery.objects.filter(pk=row.pk).update(
            state=Delivery.State.DELIVERED, answer=status, error="", delivered_at=clock.machine_time()
        )


def letter(row: Delivery) -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers of a delivery, signed now."""
    content = {"id": str(row.event_id), "event": row.event, "at": row.at.isoformat(), "data": row.payload}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json", "User-Agent": "Toadlane", "Toadlane-Event": row.event,
        "Toadlane-Delivery": str(row.pk),
        "Toadlane-Signature": signing.signature(signing.secret_of(row.subscription), body, clock.machine_time()),
    }  # fmt: skip
    return body, headers


def _write_down(row: Delivery, status: int | None, error: str) -> None:
    last = row.attempts + 1 >= jobs.ATTEMPTS
    state = Delivery.State.FAILED if last else Delivery.State.WAITING
    Delivery.objects.filter(pk=row.pk).update(state=state, answer=status, error=error[:200])
