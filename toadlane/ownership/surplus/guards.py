from collections.abc import Iterator

from toadlane.ownership.surplus.models import Year
from toadlane.plumbing.triggers.refusals import Refusal


def refusals() -> Iterator[Refusal]:
    table = Year._meta.db_table
    # From the moment it is put to the members, what was worked out stays what they vote on.
    yield Refusal(
        name="rewriting", table=table, verb="UPDATE", because=f"{table}: what members decide on does not change",
        when="OLD.state <> 'draft' AND (NEW.hash <> OLD.hash OR NEW.tax_minor <> OLD.tax_minor OR "
             "(OLD.state = 'booked' AND NEW.state <> 'booked'))",
    )  # fmt: skip
    yield Refusal(name="forgetting", table=table, verb="DELETE", because=f"{table} is kept", when="OLD.state <> 'draft'")
