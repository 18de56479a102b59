"""What the database keeps of asking sellers: what was asked when is not rewritten, and a step is not taken back."""

from collections.abc import Iterator

from toadlane.plumbing.triggers.refusals import Refusal, append_only
from toadlane.trade.billing.models import SellerCopy, SellerReport, SellerRequest

STEPS = ("reminded_at", "warned_at", "ended_at")


def refusals() -> Iterator[Refusal]:
    yield from append_only(SellerCopy._meta.db_table)
    yield from append_only(SellerReport._meta.db_table)
    table = SellerRequest._meta.db_table
    again = " OR ".join(f"(OLD.{step} IS NOT NULL AND (NEW.{step} IS NULL OR NEW.{step} <> OLD.{step}))" for step in STEPS)
    yield Refusal(
        name="steps", table=table, verb="UPDATE", because=f"{table}: a step is taken once",
        when=f"NEW.asked_at <> OLD.asked_at OR NEW.membership_id <> OLD.membership_id OR OLD.ended_at IS NOT NULL OR {again}",
    )  # fmt: skip
    yield Refusal(name="kept", table=table, verb="DELETE", because=f"{table}: what was asked is kept")
