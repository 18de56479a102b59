"""No overlap on (resource, unit, range). PostgreSQL keeps it by an exclusion constraint (migration 0002), SQLite here."""

from collections.abc import Iterator

from django.db import connection

from toadlane.plumbing.triggers.refusals import Refusal
from toadlane.trade.booking.models import Allocation, Resource

TABLE = Allocation._meta.db_table


def refusals() -> Iterator[Refusal]:
    yield Refusal(
        name="beyond", table=TABLE, verb="INSERT", because="there is no such unit of it",
        when=f"NEW.unit >= (SELECT r.capacity FROM {Resource._meta.db_table} r WHERE r.id = NEW.resource_id)",
    )  # fmt: skip
    if connection.vendor == "sqlite":
        same = f"FROM {TABLE} a WHERE a.resource_id = NEW.resource_id AND a.unit = NEW.unit"
        overlaps = f"SELECT 1 {same} AND a.ends_at > NEW.starts_at AND a.starts_at < NEW.ends_at"
        yield Refusal(name="overlap", table=TABLE, verb="INSERT", because="it is taken", when=f"EXISTS ({overlaps})")
        yield Refusal(
            name="overlap", table=TABLE, verb="UPDATE", because="it is taken", when=f"EXISTS ({overlaps} AND a.id <> NEW.id)"
        )
