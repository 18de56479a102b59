from datetime import datetime

from django.http import Http404
from ninja import Router

from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.access.schema import Schema
from toadlane.plumbing.sending import queries

server = Router(tags=["sending"])


class LetterOut(Schema):
    id: int
    channel: str
    address: str
    language: str
    subject: str
    text: str
    written_at: datetime


class Letters(Schema):
    items: list[LetterOut]
    next: str | None


@server.get("", auth=None, response={200: Letters}, summary="What a sandbox server would have sent")
def sent(request: CoopRequest, to: str = "", cursor: str | None = None, limit: int = 25) -> object:
    """Letters and text messages, newest first. A server that is no sandbox answers 404."""
    if not queries.is_open():
        raise Http404
    return page(queries.shown(address=to), cursor=cursor, limit=limit)
