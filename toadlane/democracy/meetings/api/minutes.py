"""Minutes over REST."""

from typing import Any

from django.http import Http404

from toadlane.democracy.meetings import permissions, queries, schemas, services
from toadlane.democracy.meetings.api.shapes import readable, router
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest


def _draft(request: CoopRequest, number: int) -> Any:
    found = queries.minutes_of(readable(request, number))
    if found is None:
        raise Http404
    return found


def _told(request: CoopRequest, draft: Any) -> dict[str, Any]:
    approved = queries.approved(draft.meeting)
    if approved is None and draft.circulated_at is None:
        request.by.must(permissions.WRITE_MINUTES, draft.meeting)
    corrections = [
        {"id": one.pk, "name": one.person.name, "text": one.text, "is_accepted": one.is_accepted, "answer": one.answer}
        for one in queries.corrections(draft)
    ]
    state = "approved" if approved else "circulated" if draft.circulated_at else "draft"
    told = {
        "state": state, "revision": draft.revision, "due_on": draft.due_on, "corrections": corrections,
        "document": approved.document if approved else queries.document(draft),
        "missing": [] if approved else [name for _role, name in queries.missing(draft)],
    }  # fmt: skip
    if approved is not None:
        printed = getattr(approved, "printed", None)
        told |= {name: getattr(approved, name) for name in ("number", "hash", "signature", "key_id")}
        told["file"] = printed.file if printed else ""
    return told


@router.get("/book", auth=None, response={200: schemas.BookOut}, summary="The minute book")
def book(request: CoopRequest, cursor: str | None = None, limit: int = 30) -> Any:
    request.by.must(permissions.READ_MINUTES, permissions.Whose())
    rows = queries.book()
    rows = rows if request.by.may(permissions.LIST) else rows.filter(meeting__kind="general")
    found = page(rows, cursor=cursor, limit=limit, order=("-number",))
    fields = set(schemas.PageOut.model_fields) - {"meeting", "title"}
    return {
        "items": [
            {name: getattr(one, name) for name in fields} | {"meeting": one.meeting.number, "title": one.meeting.title}
            for one in found.items
        ],
        "next": found.next,
    }


@router.get("/{number}/minutes", response={200: schemas.MinutesOut}, summary="The minutes of a meeting")
def minutes(request: CoopRequest, number: int) -> Any:
    return _told(request, _draft(request, number))


@router.put("/{number}/minutes", response={200: schemas.MinutesOut}, summary="Put the words right")
def revise(request: CoopRequest, number: int, data: schemas.ReviseIn) -> Any:
    one = _draft(request, number)
    items = {pk: words.dict() for pk, words in data.items.items()}
    made = services.revise_minutes(
        minutes=one, opening=data.opening, closing=data.closing, items=items, by=request.by, at=request.now
    )
    return _told(request, made)


@router.post("/{number}/minutes/circulate", response={200: schemas.MinutesOut}, summary="Let them be read")
def circulate(request: CoopRequest, number: int) -> Any:
    return _told(request, services.circulate_minutes(minutes=_draft(request, number), by=request.by, at=request.now))


@router.post("/{number}/minutes/corrections", response={201: schemas.CorrectionOut}, summary="Say what is wrong")
def correct(request: CoopRequest, number: int, data: schemas.WordsIn) -> Any:
    made = services.correct_minutes(minutes=_draft(request, number), text=data.text, by=request.by, at=request.now)
    told = {"id": made.pk, "name": made.person.name, "text": made.text, "is_accepted": None, "answer": ""}
    return 201, told


@router.post("/{number}/minutes/corrections/{pk}", response={200: schemas.MinutesOut}, summary="Answer a correction")
def answer(request: CoopRequest, number: int, pk: int, data: schemas.AnswerIn) -> Any:
    draft = _draft(request, number)
    one = queries.corrections(draft).filter(pk=pk).first() if 0 < pk < 2**62 else None
    if one is None:
        raise Http404
    services.answer_correction(correction=one, accept=data.accept, answer=data.answer, by=request.by, at=request.now)
    return _told(request, draft)


@router.post("/{number}/minutes/approve", response={200: schemas.MinutesOut}, summary="Approve the minutes")
def approve(request: CoopRequest, number: int) -> Any:
    draft = _draft(request, number)
    services.approve_minutes(minutes=draft, by=request.by, at=request.now)
    return _told(request, draft)


@router.get("/{number}/minutes/signature", response={200: dict[str, Any]}, summary="The signature of the PDF")
def signature(request: CoopRequest, number: int) -> Any:
    """The file itself is at the page `/meetings/<number>/minutes.pdf`."""
    approved = queries.approved(readable(request, number))
    printed = getattr(approved, "printed", None) if approved else None
    if printed is None:
        raise Http404
    return queries.slip(printed)
