"""What the database keeps for orders: a story is not rewritten, and a price is not changed once agreed."""

from collections.abc import Iterator

from toadlane.plumbing.triggers.refusals import Refusal, append_only
from toadlane.trade.orders.models import Chargeback, Order, OrderMoment, ProcessVersion, Refund

PRICE = ("net_minor", "vat_minor", "on_top_minor", "total_minor", "bylaws_version", "process_id")


def refusals() -> Iterator[Refusal]:
    for model in (OrderMoment, ProcessVersion, Refund):
        yield from append_only(model._meta.db_table)
    table = Order._meta.db_table
    changed = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in PRICE)
    yield Refusal(name="agreed", table=table, verb="UPDATE", because="what was agreed stays agreed", when=changed)
    yield Refusal(name="kept", table=table, verb="DELETE", because="an order is cancelled, never deleted")
    table = Chargeback._meta.db_table
    said = ("order_id", "ref", "amount_minor", "currency", "stage", "opened_at")
    changed = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in said)
    yield Refusal(name="borne", table=table, verb="UPDATE", because="who bears a chargeback is written once", when=changed)
    yield Refusal(
        name="over", table=table, verb="UPDATE", because="a chargeback that is over stays as it ended", when="OLD.state <> 'open'"
    )
    yield Refusal(name="kept", table=table, verb="DELETE", because="a chargeback is kept")
