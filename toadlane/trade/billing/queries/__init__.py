"""What an order should be invoiced as, what sellers earned, and what the yearly report on them lacks."""

from toadlane.trade.billing.queries.asking import (
    Lack,
    lacking,
    reminders,
    reports,
    requests,
    sent,
    sold_in,
    withheld,
    withholds,
)
from toadlane.trade.billing.queries.desk import own_data, waiting
from toadlane.trade.billing.queries.handed_in import (
    Standing,
    handed_in,
    message_of,
    messages_follow,
    standing_records,
    texts,
)
from toadlane.trade.billing.queries.lent import of_an_order
from toadlane.trade.billing.queries.parts import Part, due, parts
from toadlane.trade.billing.queries.payouts import PayoutStatement, statement_for
from toadlane.trade.billing.queries.sellers import Record, of_member, owner_of, records, reported

__all__ = [
    "Lack", "Part", "PayoutStatement", "Record", "Standing", "due", "handed_in", "lacking", "message_of", "messages_follow",
    "of_an_order", "of_member", "own_data", "owner_of", "parts", "records", "reminders", "reported", "reports", "requests",
    "sent", "sold_in", "standing_records", "statement_for", "texts", "waiting", "withheld", "withholds",
]  # fmt: skip
