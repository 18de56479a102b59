from collections.abc import Iterator

from toadlane.ownership.shares.models import Movement
from toadlane.plumbing.triggers.refusals import Refusal, append_only


def refusals() -> Iterator[Refusal]:
    table = Movement._meta.db_table
    yield from append_only(table)
    held = (
        f"FROM {table} held WHERE held.coop_id = NEW.coop_id AND held.membership_id = NEW.membership_id "
        "AND held.share_class = NEW.share_class"
    )
    # Nobody passes on or is repaid what they do not hold, whatever the Python says.
    yield Refusal(
        name="overdraft", table=table, verb="INSERT", because=f"{table}: nobody holds fewer than no shares",
        when=f"NEW.shares < 0 AND NEW.shares + COALESCE((SELECT SUM(held.shares) {held}), 0) < 0",
    )  # fmt: skip
    yield Refusal(
        name="overpaid", table=table, verb="INSERT", because=f"{table}: no more is paid in than was subscribed",
        when=f"NEW.unpaid_minor < 0 AND NEW.unpaid_minor + COALESCE((SELECT SUM(held.unpaid_minor) {held}), 0) < 0",
    )  # fmt: skip
