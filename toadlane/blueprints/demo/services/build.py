from collections.abc import Callable
from datetime import datetime, timedelta

from toadlane.blueprints.demo import policies
from toadlane.blueprints.demo.permissions import BUILD
from toadlane.blueprints.demo.services import cast, life
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import worker
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops import queries as coops

YEAR = timedelta(days=365)
Progress = Callable[[str], None]
LIVES = {"home_services": life.home_services, "marketplace": life.marketplace}


class AlreadyThere(Expected):
    """The demo is on this server already."""


def build(*, by: Principal, at: datetime, progress: Progress = print) -> None:
    """Found the demo's co-ops a year before `at` and let them live through it.

    :raises AlreadyThere: when one of them is here already
    """
    by.must(BUILD)
    if any(coops.at_slug(data["coop"]["slug"]) for data in policies.coops()):
        raise AlreadyThere
    for data in policies.coops():
        name = data["coop"]["name"]
        progress(f"{name}: founding")
        founded = cast.found(data, by=by, at=at - YEAR)
        with scope(founded.coop.pk):
            year = life.Year(founded, at - YEAR, at)
            LIVES[data["coop"]["blueprint"]](year)
            worker.drain()
        progress(f"{name}: a year, {year.placed} orders")
