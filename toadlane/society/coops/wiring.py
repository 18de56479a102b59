from typing import Any

from django.utils.translation import gettext_noop

from toadlane.plumbing.outbox import timers
from toadlane.society.coops import queries
from toadlane.society.people import queries as people
from toadlane.ui import nav


def wire() -> None:
    people.declare_hosts(lambda host: queries.at_host(host) is not None)
    people.declare_names(_named)
    people.declare_slugs(queries.slugs)
    timers.declare_days(queries.next_day)
    nav.declare("desk", 90, gettext_noop("Settings of the co-op"), "coops:settings", _board, group="office")


def _named(slug: str) -> people.Home | None:
    coop = queries.at_slug(slug)
    return people.Home(coop_id=coop.pk, name=coop.name, url=queries.home(coop)) if coop else None


def _board(request: Any) -> bool:
    return request.by is not None and "board" in request.by.roles
