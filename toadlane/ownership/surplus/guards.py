from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from toadlane.ownership.surplus.models import Imputation, PublishedRate, Repayment, Uncounted, Year
from toadlane.ownership.surplus.policies.measures import MATTERS, MEASURES, expressions
from toadlane.plumbing.triggers.refusals import Refusal, append_only
from toadlane.trade.orders.models import Order

WRITES: tuple[Literal["INSERT", "UPDATE"], ...] = ("INSERT", "UPDATE")
COLUMNS = ", ".join(("coop_id", "provider_id", "customer_id", "released_at", "currency", *MEASURES))


@dataclass(frozen=True, kw_only=True)
class Counting(Refusal):
    """What an order counts for is written down by whatever changes the order: no job can be late, and no code forget it.

    As it was is taken off and as it is added; both rows are only ever inserted, so that no order waits for another.
    """

    def _rows(self, vendor: str) -> list[str]:
        found = []
        for row, sign in (("OLD", "-"), ("NEW", "")):
            if row == "NEW" or self.verb == "UPDATE":
                measured = ", ".join(f"{sign}{one}" for one in expressions(row, vendor))
                found.append(
                    f"INSERT INTO {Uncounted._meta.db_table} ({COLUMNS}) SELECT {row}.coop_id, COALESCE({row}.provider_id, 0), "
                    f"COALESCE({row}.customer_id, 0), {row}.released_at, {row}.currency, {measured} "
                    f"WHERE {row}.released_at IS NOT NULL;"
                )
        return found

    @property
    def _matters(self) -> str:
        if self.verb == "INSERT":
            return "NEW.released_at IS NOT NULL"
        changed = " OR ".join(f'NEW."{one}" IS DISTINCT FROM OLD."{one}"' for one in MATTERS)
        return f"(NEW.released_at IS NOT NULL OR OLD.released_at IS NOT NULL) AND ({changed})"

    def sqlite(self) -> list[str]:
        body = " ".join(self._rows("sqlite"))
        return [f"CREATE TRIGGER {self.trigger} AFTER {self.verb} ON {self.table} WHEN {self._matters} BEGIN {body} END"]

    def postgresql(self) -> list[str]:
        body = " ".join(self._rows("postgresql"))
        return [
            f"CREATE OR REPLACE FUNCTION {self.trigger}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body} RETURN NULL; END $$",
            f"CREATE TRIGGER {self.trigger} AFTER {self.verb} ON {self.table} FOR EACH ROW WHEN ({self._matters}) "
            f"EXECUTE FUNCTION {self.trigger}()",
        ]


def refusals() -> Iterator[Refusal]:
    table = Year._meta.db_table
    # From the moment it is put to the members, what was worked out stays what they vote on.
    yield Refusal(
        name="rewriting", table=table, verb="UPDATE", because=f"{table}: what members decide on does not change",
        when="OLD.state <> 'draft' AND (NEW.hash <> OLD.hash OR NEW.tax_minor <> OLD.tax_minor OR "
             "(OLD.state = 'booked' AND NEW.state <> 'booked'))",
    )  # fmt: skip
    # What a day brought is shared out once, whatever the years are called. What was brought along is of no day here.
    other = f"SELECT 1 FROM {table} other WHERE other.coop_id = NEW.coop_id AND other.id <> NEW.id AND other.state = 'booked'"
    for verb in WRITES:
        yield Refusal(
            name="twice", table=table, verb=verb, because=f"{table}: no day is in two closed years",
            when=f"NEW.state = 'booked' AND NEW.decision <> '{Year.ARRIVED}' AND EXISTS ({other} AND "
                 f"other.decision <> '{Year.ARRIVED}' AND other.starts_on <= NEW.ends_on AND NEW.starts_on <= other.ends_on)",
        )  # fmt: skip
    yield Refusal(name="forgetting", table=table, verb="DELETE", because=f"{table} is kept", when="OLD.state <> 'draft'")
    yield from append_only(PublishedRate._meta.db_table)
    repayment = Repayment._meta.db_table
    yield Refusal(
        name="rewriting", table=repayment, verb="UPDATE", because=f"{repayment}: what was given back stays",
        when="NEW.amount_minor <> OLD.amount_minor OR NEW.decision <> OLD.decision OR NEW.year_id <> OLD.year_id OR "
             "(OLD.paid_at IS NOT NULL AND NEW.paid_at <> OLD.paid_at)",
    )  # fmt: skip
    yield Refusal(name="forgetting", table=repayment, verb="DELETE", because=f"{repayment} is kept")
    loss = Imputation._meta.db_table
    kept = ("year_id", "amount_minor", "reserve_minor", "hash", "worked_out_at")
    yield Refusal(
        name="rewriting", table=loss, verb="UPDATE", because=f"{loss}: what members decide on does not change",
        when=" OR ".join([*(f"NEW.{one} <> OLD.{one}" for one in kept), "OLD.booked_at IS NOT NULL"]),
    )  # fmt: skip
    yield Refusal(name="forgetting", table=loss, verb="DELETE", because=f"{loss} is kept")
    for verb in WRITES:
        yield Counting(name="counting", table=Order._meta.db_table, verb=verb, because="")
