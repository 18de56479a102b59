from typing import Any

from django.db.models import QuerySet

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.prepared import Prepared
from toadlane.society.pages.models import Page, PageVersion
from toadlane.society.pages.permissions import WRITE


def seen_by(by: Principal) -> QuerySet[Page]:
    """Return the pages that are up; to those who may write, also those that were taken down."""
    return Page.objects.all() if by.may(WRITE) else Page.objects.filter(is_up=True)


def at_slug(slug: str, *, by: Principal) -> Page | None:
    return seen_by(by).filter(slug=slug).first()


def versions(page: Page) -> QuerySet[PageVersion]:
    """Return what the page has said, newest first."""
    return PageVersion.objects.filter(page=page).order_by("-number")


def linked() -> list[tuple[str, str, str]]:
    """Return (place, slug, title) of the pages that every page of the co-op links to."""
    return _LINKED()


def _on_boards() -> QuerySet[Page, tuple[str, str, str]]:
    rows = Page.objects.filter(is_up=True, place__in=["board", "foot"]).order_by("position", "pk")
    return rows.values_list("place", "slug", "title")


_LINKED: Prepared[Any] = Prepared(_on_boards)
