from collections.abc import Iterator

from toadlane.ownership.shares.models import Bequest, Estate, Movement, Part
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
    yield Refusal(
        name="worthless", table=table, verb="INSERT", because=f"{table}: no more is lost of shares than was paid in",
        when=f"NEW.kind = 'lost' AND NEW.nominal_minor + COALESCE((SELECT SUM(held.nominal_minor - held.unpaid_minor) {held}), 0)"
             " <= 0",
    )  # fmt: skip
    estate, bequest, part = (model._meta.db_table for model in (Estate, Bequest, Part))
    yield Refusal(
        name="recast", table=estate, verb="UPDATE", because=f"{estate}: what two people have seen does not change",
        when="NEW.person_id <> OLD.person_id OR NEW.died_on <> OLD.died_on OR NEW.reported_by <> OLD.reported_by OR "
             "(OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_at IS NULL OR NEW.confirmed_by <> OLD.confirmed_by))",
    )  # fmt: skip
    yield Refusal(
        name="recast", table=bequest, verb="UPDATE", because=f"{bequest}: what two people have seen does not change",
        when="NEW.heir_id <> OLD.heir_id OR NEW.source_id <> OLD.source_id OR NEW.shares <> OLD.shares OR "
             "NEW.share_class <> OLD.share_class OR NEW.recorded_by <> OLD.recorded_by OR OLD.confirmed_at IS NOT NULL",
    )  # fmt: skip
    yield Refusal(
        name="recast", table=part, verb="UPDATE", because=f"{part}: what a member was promised does not change",
        when="NEW.principal_minor <> OLD.principal_minor OR NEW.interest_minor <> OLD.interest_minor OR "
             "NEW.due_on <> OLD.due_on OR NEW.redemption_id <> OLD.redemption_id OR "
             "(OLD.handed_over_at IS NOT NULL AND NEW.handed_over_at IS NULL)",
    )  # fmt: skip
    for table in (estate, bequest, part):
        yield Refusal(name="kept", table=table, verb="DELETE", because=f"{table} is kept")
