from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from toadlane.plumbing.triggers import refusals
from toadlane.society.coops.queries import COOP_URLS
from toadlane.society.pages import guards, queries
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    nav.declare_source(links)
    nav.declare("settings", 20, gettext_noop("Pages of your own"), "pages:index")


def links(request: Any) -> list[nav.Written]:
    """Return the co-op's own pages that stand on its board or at its foot."""
    if not getattr(request, "coop", None):
        return []
    return [
        nav.Written("coop" if place == "board" else "foot", 60, title, reverse("pages:detail", args=[slug], urlconf=COOP_URLS))
        for place, slug, title in queries.linked()
    ]
