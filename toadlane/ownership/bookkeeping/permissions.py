from toadlane.money.ledger.permissions import SEE_ENTRIES, SEE_TOTALS
from toadlane.plumbing.access.principals import Permission, holds

KEEP = Permission("keep the books", holds("treasurer", "board", "founder"), scope="money")
SEE_DRAFTS = Permission("see entries that wait", holds("treasurer", "board", "founder"), scope="read")
OWN = Permission("see one's own economic position", holds("member"), scope="read")

__all__ = ["KEEP", "OWN", "SEE_DRAFTS", "SEE_ENTRIES", "SEE_TOTALS"]
