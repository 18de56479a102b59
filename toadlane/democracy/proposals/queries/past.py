"""What was voted on before: the same cannot come back at once."""

from datetime import date, datetime

from toadlane.democracy.proposals.models import VOTED_DOWN, Proposal
from toadlane.democracy.proposals.queries.procedures import Contents, day_of
from toadlane.kernel import canonical
from toadlane.kernel.dates import add_months
from toadlane.society.bylaws.queries import Book


def voted_down(contents: Contents, book: Book, at: datetime) -> date | None:
    """Return the day from which the same may be brought again, where the members voted it down too short a time ago.

    The same is what would do the same: a different number, or a different rule, is another proposal.
    """
    months = book.value("gov.retry_months")
    if not months:
        return None
    today, wanted = day_of(at), canonical.digest(_deeds(contents))
    since = add_months(today, -months)
    for row in Proposal.objects.filter(stage__in=VOTED_DOWN, ended_at__date__gte=since).order_by("-ended_at"):
        if row.ended_at and canonical.digest(_deeds(row.contents)) == wanted:
            until = add_months(day_of(row.ended_at), months)
            if today < until:
                return until
    return None


def _deeds(contents: Contents) -> list[object]:
    """Return what would be done, without what only says when and on which version it was written."""
    found: list[object] = []
    for one in contents:
        payload = {key: value for key, value in one["payload"].items() if key not in ("base", "effective")}
        if isinstance(payload.get("ops"), list):
            payload["ops"] = [
                {key: value for key, value in op.items() if key not in ("expect", "effective")} for op in payload["ops"]
            ]
        found.append({"kind": one["kind"], "payload": payload})
    return found
