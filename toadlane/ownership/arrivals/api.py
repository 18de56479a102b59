"""An existing co-op arrives: its files are looked at first, and then taken over, all or nothing."""

from typing import Any

from django.http import Http404
from ninja import Router

from toadlane.ownership.arrivals import permissions, queries, schemas, services
from toadlane.ownership.arrivals.policies.reading import MANY
from toadlane.plumbing.access.requests import CoopRequest

router = Router(tags=["arrivals"])
BIG = 2**63


def _plan(request: CoopRequest, draft: Any) -> dict[str, Any]:
    plan = services.look(files=queries.files_of(draft), by=request.by, at=request.now)
    return {
        "id": draft.pk, "digest": draft.digest, "members": len(plan.members), "shares": len(plan.shares),
        "loans": len(plan.loans), "lent_minor": plan.lent, "owed_minor": plan.owed, "balances": len(plan.balances),
        "capital_minor": plan.capital, "unpaid_minor": plan.unpaid,
        "currency": queries.currency(), "is_good": not plan.faults, "faults": [vars(one) for one in plan.faults[:MANY]],
        "more_faults": max(0, len(plan.faults) - MANY),
    }  # fmt: skip


def _draft(request: CoopRequest, pk: int) -> Any:
    request.by.must(permissions.BRING_IN)
    found = queries.draft(pk) if 0 < pk < BIG else None
    if found is None:
        raise Http404
    return found


@router.post("/drafts", response={201: schemas.PlanOut}, summary="Have files looked at: every line that is wrong is named")
def look(request: CoopRequest, data: schemas.FilesIn) -> Any:
    """Nothing is changed. The files are kept for a day, to be taken over as they were looked at."""
    files = {name: text.encode("utf-8", "surrogatepass") for name, text in data.dict().items()}
    return 201, _plan(request, services.draft(files=files, by=request.by, at=request.now))


@router.get("/drafts/{pk}", response=schemas.PlanOut, summary="What files that were looked at come to")
def draft(request: CoopRequest, pk: int) -> Any:
    return _plan(request, _draft(request, pk))


@router.post("/drafts/{pk}/take-over", response=schemas.ArrivalOut, summary="Take the files over: all of it or nothing, once")
def take_over(request: CoopRequest, pk: int) -> Any:
    done = services.take_over(draft=_draft(request, pk), by=request.by, at=request.now)
    return {name: getattr(done, name) for name in ("digest", "members", "shares", "loans", "balances", "made_at")}
