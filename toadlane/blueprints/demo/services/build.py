from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any

from django.db import connections
from django.utils import translation
from django.utils.translation import gettext_lazy as lazy

from toadlane.blueprints.demo import policies
from toadlane.blueprints.demo.permissions import BUILD
from toadlane.blueprints.demo.services import cast, freelancing, life
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.clock import services as clock
from toadlane.plumbing.sqlite import services as sqlite
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops import queries as coops

YEAR = timedelta(days=365)
# As long as the others may write, on a machine that has much else to do.
PATIENCE = 600.0  # seconds
Progress = Callable[[str], None]
LIVES = {
    "home_services": life.home_services, "marketplace": life.marketplace, "freelancers": freelancing.freelancers,
}  # fmt: skip


class AlreadyThere(Expected):
    words = lazy("The demo is on this server already.")


class DemoFailed(Exception):
    """A co-op of the demo could not be built; its own process said why."""


def build(
    *, by: Principal, at: datetime, progress: Progress = print, span: timedelta = YEAR, slugs: Sequence[str] = policies.SLUGS
) -> None:
    """Found the demo's co-ops `span` before `at`, the younger ones later, and let them live until then: a process each.

    :raises AlreadyThere: when one of them is here already
    """
    by.must(BUILD)
    if any(coops.at_slug(slug) for slug in slugs):
        raise AlreadyThere
    connections.close_all()  # A connection does not survive the fork.
    fork = get_context("fork")
    processes = [fork.Process(target=_one, args=(slug, by, at, progress, span)) for slug in slugs]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise DemoFailed


def _one(slug: str, by: Principal, at: datetime, progress: Progress, span: timedelta) -> None:
    sqlite.be_patient(PATIENCE)
    data = policies.coop(slug)
    with translation.override(data["coop"]["language"]):
        _live(data, by, at, progress, span)


def _live(data: dict[str, Any], by: Principal, at: datetime, progress: Progress, span: timedelta) -> None:
    name, span = data["coop"]["name"], min(span, timedelta(days=data.get("days", span.days)))
    founded = cast.found(data, by=by, at=at - span)
    progress(f"{name}: founded")
    with scope(founded.coop.pk):
        year = life.Year(founded, at - span, at, progress)
        LIVES[data["coop"]["blueprint"]](year)
        # Telling it took a while, which has passed meanwhile.
        clock.catch_up(by=founded.holding("board"))
    progress(f"{name}: {year.placed} orders in {span.days} days")
