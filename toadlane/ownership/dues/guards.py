from collections.abc import Iterator

from toadlane.ownership.dues.models import Chargeback, Choice, Claim, Remittance
from toadlane.plumbing.triggers.refusals import Refusal, append_only


def refusals() -> Iterator[Refusal]:
    yield from append_only(Choice._meta.db_table)
    for table, kept in (
        (Claim._meta.db_table, ("membership_id", "period", "currency", "amount_minor", "due_on", "coop_id")),
        (Remittance._meta.db_table, ("membership_id", "currency", "amount_minor", "key", "coop_id")),
        (Chargeback._meta.db_table, ("remittance_id", "ref", "amount_minor", "coop_id")),
    ):
        moved = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in kept)
        yield Refusal(name="fixed", table=table, verb="UPDATE", because=f"{table}: what was charged stays as it was", when=moved)
        yield Refusal(name="fixed", table=table, verb="DELETE", because=f"{table}: nothing that was owed is deleted")
    table = Claim._meta.db_table
    yield Refusal(
        name="backwards", table=table, verb="UPDATE", because=f"{table}: what was paid or waived stays so",
        when="NEW.waived_minor < OLD.waived_minor OR NEW.reversed_minor < OLD.reversed_minor OR "
             # What was paid is owed again only as far as the payer's bank took it back.
             "OLD.paid_minor - NEW.paid_minor > NEW.reversed_minor - OLD.reversed_minor",
    )  # fmt: skip
