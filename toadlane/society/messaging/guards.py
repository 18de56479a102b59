from collections.abc import Iterator

from toadlane.plumbing.triggers.refusals import Refusal
from toadlane.society.messaging.models import Announcement


def refusals() -> Iterator[Refusal]:
    table = Announcement._meta.db_table
    # Thousands of notices hang on one, without a foreign key of the database each.
    yield Refusal(name="kept", table=table, verb="DELETE", because=f"{table} is kept")
