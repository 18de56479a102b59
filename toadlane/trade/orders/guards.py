"""What the database keeps for orders: a story is not rewritten, and a price is not changed once agreed."""

from collections.abc import Iterator

from toadlane.plumbing.triggers.refusals import Refusal, append_only
from toadlane.trade.orders.models import Order, OrderMoment, ProcessVersion, Refund

PRICE = ("net_minor", "vat_minor", "total_minor", "bylaws_version", "process_id")


def refusals() -> Iterator[Refusal]:
    for model in (OrderMoment, ProcessVersion, Refund):
        yield from append_only(model._meta.db_table)
    table = Order._meta.db_table
    changed = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in PRICE)
    yield Refusal(name="agreed", table=table, verb="UPDATE", because="what was agreed stays agreed", when=changed)
    yield Refusal(name="kept", table=table, verb="DELETE", because="an order is cancelled, never deleted")
