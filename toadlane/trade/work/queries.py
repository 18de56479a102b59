"""Jobs as the people who do them see them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from django.db.models import Count, Max, Q

from toadlane.trade.work.models import Job
from toadlane.trade.work.policies import Candidate


def of_subject(subject: str) -> Job | None:
    """Return the job of `order:12`, with its assignment."""
    return (
        Job.objects.filter(subject=subject)
        .select_related("assignment__worker", "membership__organisation", "membership__person")
        .first()
    )


def with_history(candidates: Sequence[Candidate], job: Job) -> list[Candidate]:
    """Fill in what each candidate has taken on: one statement for all."""
    month = timedelta(days=30)
    near = Q(starts_at__gt=job.starts_at - month, starts_at__lt=job.starts_at + month) & ~Q(state=Job.State.WITHDRAWN)
    rows = Job.objects.filter(membership_id__in=[c.membership_id for c in candidates]).order_by().values("membership_id")
    history = {row["membership_id"]: row for row in rows.annotate(last=Max("accepted_at"), count=Count("pk", filter=near))}
    return [
        replace(c, last_accepted_at=h["last"], jobs_this_month=h["count"]) if (h := history.get(c.membership_id)) else c
        for c in candidates
    ]
