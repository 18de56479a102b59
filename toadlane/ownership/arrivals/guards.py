from collections.abc import Iterator

from toadlane.ownership.arrivals.models import Arrival
from toadlane.plumbing.triggers.refusals import Refusal, append_only


def refusals() -> Iterator[Refusal]:
    yield from append_only(Arrival._meta.db_table)
