from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from toadlane.plumbing.access.lists import paged
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.files import services as files
from toadlane.society.messaging import queries, services
from toadlane.society.messaging.models import Thread
from toadlane.society.messaging.schemas import Notices, SaidOut, SayIn, Threads

router = Router(tags=["messaging"])


@router.get("", response={200: Threads}, summary="My conversations")
def threads(request: CoopRequest, cursor: str | None = None, limit: int = 25) -> dict[str, object]:
    found = page(queries.threads_of(request.by), cursor=cursor, limit=limit, order=("-last_said_at", "-pk"))
    items = [
        {field: getattr(row, field) for field in ("subject", "title", "last_said_at", "unread")}
        | {"id": row.pk, "sides": [{"side": side.side, "name": side.name} for side in queries.sides(row)]}
        for row in found.items
    ]
    return {"items": items, "next": found.next}


@router.get("/notices", response={200: Notices}, summary="What I was told")
def notices(request: CoopRequest, cursor: str | None = None, limit: int = 25) -> dict[str, object]:
    found = page(queries.notices_of(request.by), cursor=cursor, limit=limit)
    return {"items": queries.told(found.items), "next": found.next}


@router.post("/notices/{int:pk}/read", response={204: None}, summary="Say that I have read what I was told")
def read_notice(request: CoopRequest, pk: int) -> Status[Any]:
    found = get_object_or_404(queries.notices_of(request.by), pk=pk)
    services.open_notice(notice=found, by=request.by, at=request.now)
    return Status(204, None)


@router.get("/{int:pk}", response={200: list[SaidOut]}, summary="What was said")
@paged("id")
def said(request: CoopRequest, pk: int) -> list[queries.Said]:
    return queries.messages(_thread(request, pk), by=request.by)


@router.post("/{int:pk}", response={201: SaidOut}, summary="Say something")
def say(request: CoopRequest, pk: int, body: SayIn) -> Status[Any]:
    thread = _thread(request, pk)
    services.say(thread=thread, text=body.text, by=request.by, at=request.now)
    return Status(201, queries.messages(thread, by=request.by)[-1])


@router.post("/{int:pk}/files", response={201: SaidOut}, summary="Send a file")
def send_file(request: CoopRequest, pk: int, file: File[UploadedFile], text: Form[str] = "") -> Status[Any]:
    """A PDF, a text or a photo (multipart, `file`), with or without a word (`text`)."""
    thread = _thread(request, pk)
    kept = files.add_document(file=file, name=file.name or "", subject=f"thread:{pk}", by=request.by, at=request.now)
    services.say(thread=thread, text=text[:20_000], files=[kept], by=request.by, at=request.now)
    return Status(201, queries.messages(thread, by=request.by)[-1])


@router.post("/{int:pk}/read", response={204: None}, summary="Say that I have read this conversation")
def read(request: CoopRequest, pk: int) -> Status[Any]:
    services.read(thread=_thread(request, pk), by=request.by, at=request.now)
    return Status(204, None)


@router.post("/{int:pk}/share", response={204: None}, summary="Share my contacts in this conversation")
def share(request: CoopRequest, pk: int) -> Status[Any]:
    services.share_contact(thread=_thread(request, pk), by=request.by, at=request.now)
    return Status(204, None)


def _thread(request: CoopRequest, pk: int) -> Thread:
    try:
        return queries.thread(pk, by=request.by)
    except Thread.DoesNotExist as error:
        raise Http404 from error
