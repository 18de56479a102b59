"""What an order should be invoiced as, and what sellers earned."""

from toadlane.trade.billing.queries.lent import of_an_order
from toadlane.trade.billing.queries.parts import Part, due, parts
from toadlane.trade.billing.queries.payouts import PayoutStatement, statement_for
from toadlane.trade.billing.queries.sellers import Record, of_member, records

__all__ = ["Part", "PayoutStatement", "Record", "due", "of_an_order", "of_member", "parts", "records", "statement_for"]
