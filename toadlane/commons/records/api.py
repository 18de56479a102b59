"""The records over REST: what there is, and the files to take away."""

from typing import Any

from django.http import FileResponse, Http404
from ninja import Router

from toadlane.commons.records import queries, schemas, services
from toadlane.commons.records.permissions import FETCH, READ
from toadlane.commons.records.policies.variants import Variant, named
from toadlane.plumbing.access.files import answers_with
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.coops import queries as coops

router = Router(tags=["records"])


def _variant(text: str) -> Variant:
    if (variant := named(text)) is None:
        raise Http404
    return variant


def _file(request: CoopRequest, one: queries.File) -> dict[str, Any]:
    row = one.row
    url = coops.address(request.coop, "records:download", one.variant.value) if one.is_made else ""
    return {
        "variant": one.variant.value, "sha256": row.key if row else "", "size_bytes": row.size_bytes if row else 0,
        "made_at": row.made_at if row else None, "is_waiting": one.is_waiting, "url": url,
    }  # fmt: skip


@router.get("", auth=None, response=schemas.RecordsOut, summary="What was decided, and the files to check it with")
def records(request: CoopRequest) -> Any:
    """The newest decisions, versions of the rules, ballots and minutes; each has more to say under its own address."""
    request.by.must(READ)
    shown = queries.overview(request.by)
    return {
        "counts": shown.counts, "decisions": [one.name for one in shown.decisions],
        "versions": [one.number for one in shown.versions], "ballots": [one.number for one in shown.ballots],
        "minutes": None if shown.minutes is None else [one.number for one in shown.minutes],
        "files": [_file(request, one) for one in shown.files], "public_key": queries.public_key(),
    }  # fmt: skip


@router.post("/files", response={202: schemas.FileOut}, summary="Have a newer file made")
def ask(request: CoopRequest, wanted: schemas.AskIn) -> Any:
    """A job makes it, within a minute or so; a file that says everything already stays as it is."""
    variant = _variant(wanted.variant)
    services.ask(variant=variant, by=request.by, at=request.now)
    return 202, next(_file(request, one) for one in queries.files(request.by) if one.variant is variant)


@router.get("/files/{variant}", auth=None, summary="One file of records, as a zip")
@answers_with("application/zip")
def fetch(request: CoopRequest, variant: str) -> Any:
    wanted = _variant(variant)
    request.by.must(FETCH, wanted)
    row = queries.kept(wanted)
    if row is None:
        raise Http404
    return FileResponse(queries.file_of(row), content_type="application/zip", as_attachment=True, filename=f"{row.name}.zip")
