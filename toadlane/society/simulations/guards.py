from collections.abc import Iterator

from toadlane.plumbing.triggers.refusals import Refusal
from toadlane.society.simulations.models import Simulation


def refusals() -> Iterator[Refusal]:
    table = Simulation._meta.db_table
    asked = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in ("coop_id", "key", "base", "since", "until"))
    because = "what a simulation was asked, and what came out, stay"
    yield Refusal(name="rewriting", table=table, verb="UPDATE", when=f"OLD.hash <> '' OR {asked}", because=because)
    yield Refusal(name="rewriting", table=table, verb="DELETE", because=because)
