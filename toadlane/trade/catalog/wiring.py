from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop as _

from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.search import engine
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import declare
from toadlane.trade.catalog import handlers, queries, tasks
from toadlane.trade.catalog.events import ListingChanged, ListingDecided, ListingSubmitted
from toadlane.trade.catalog.permissions import CURATE, KINDS
from toadlane.trade.catalog.rules import RULES
from toadlane.ui import nav


def wire() -> None:
    declare("catalog", RULES)
    registry.on(ListingChanged, handlers.index)
    registry.know(ListingSubmitted)
    registry.know(ListingDecided)
    timers.every(timedelta(days=1), tasks.sweep_pictures)
    engine.declare_source(queries.documents)
    desk.declare("catalog", queries.on_the_desk)
    nav.declare("coop", 20, _("Look around"), "catalog:search", _has_listings, word="listings")
    nav.declare("desk", 40, _("What you offer"), "catalog:mine", _is_member, group="work")
    nav.declare("desk", 41, _("For the curators"), "catalog:queue", _curates, group="office")
    nav.declare("desk", 91, _("Kinds of listing"), "catalog:kinds", _sets_kinds, group="office")


def _has_listings(request: object) -> bool:
    coop = getattr(request, "coop", None)
    # Where the only thing on offer is the co-op's own visit, the front page books it.
    return bool(coop) and any(not kind.offered_by_coop for kind in queries.kinds(coop).values())


def _curates(request: Any) -> bool:
    return bool(request.by.may(CURATE)) and bool(bylaws.book().value("trade.curation"))


def _sets_kinds(request: Any) -> bool:
    return bool(request.by.may(KINDS))


def _is_member(request: object) -> bool:
    by = getattr(request, "by", None)
    return bool(by and by.memberships)
