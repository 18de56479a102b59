"""A co-op's own pages, in Markdown."""

from typing import Any

from django.http import Http404
from ninja import Router

from toadlane.plumbing.access import paging
from toadlane.plumbing.access.lists import paged
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.pages import queries, schemas, services
from toadlane.ui.texts import markdown

router = Router(tags=["pages"])


def _whole(page: Any) -> dict[str, Any]:
    names = ("slug", "title", "place", "position", "is_up", "number", "changed_at", "text")
    return {name: getattr(page, name) for name in names} | {"html": markdown(page.text)}


def _found(request: CoopRequest, slug: str) -> Any:
    page = queries.at_slug(slug, by=request.by)
    if page is None:
        raise Http404
    return page


@router.get("", response={200: schemas.Pages}, auth=None, operation_id="pages_list")
def pages(request: CoopRequest, cursor: str | None = None, limit: int = 25) -> Any:
    """The pages of this co-op, without their texts."""
    return paging.page(queries.seen_by(request.by), cursor=cursor, limit=limit, order=("position", "pk"))


@router.get("/{slug}", response={200: schemas.PageOut}, auth=None, operation_id="pages_read")
def page(request: CoopRequest, slug: str) -> Any:
    """One page: its Markdown, and the same as clean HTML."""
    return _whole(_found(request, slug))


@router.get("/{slug}/versions", response={200: list[schemas.VersionOut]}, auth=None, operation_id="pages_versions")
@paged("-number")
def versions(request: CoopRequest, slug: str) -> Any:
    """What the page has said, newest first."""
    return queries.versions(_found(request, slug))


@router.post("", response={201: schemas.PageOut}, operation_id="pages_write")
def write(request: CoopRequest, given: schemas.PageIn) -> Any:
    """Put up a new page."""
    return 201, _whole(services.write(**given.dict(), by=request.by, at=request.now))


@router.put("/{slug}", response={200: schemas.PageOut}, operation_id="pages_rewrite")
def rewrite(request: CoopRequest, slug: str, given: schemas.Rewrite) -> Any:
    """Give a page a new version. `based_on` is the number of the version you read."""
    return _whole(services.rewrite(page=_found(request, slug), **given.dict(), by=request.by, at=request.now))


@router.delete("/{slug}", response={200: schemas.PageOut}, operation_id="pages_take_down")
def take_down(request: CoopRequest, slug: str) -> Any:
    """Take a page down. Its versions are kept."""
    return _whole(services.take_down(page=_found(request, slug), by=request.by, at=request.now))


@router.post("/{slug}/up", response={200: schemas.PageOut}, operation_id="pages_put_up")
def put_up(request: CoopRequest, slug: str) -> Any:
    """Show a page again that was taken down."""
    return _whole(services.put_up(page=_found(request, slug), by=request.by, at=request.now))
