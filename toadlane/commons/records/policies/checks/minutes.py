"""Is the minute book whole: every page what was approved, after the one before, and signed?"""

from toadlane.commons.records.policies.checks.files import is_signed
from toadlane.commons.records.policies.findings import Found, is_whole, only
from toadlane.commons.records.policies.packing import Pack
from toadlane.kernel import canonical

HASHED = ("coop", "number", "meeting", "document", "previous_hash")


def chain(pack: Pack) -> Found:
    found, before = Found(), ""
    for nth, row in enumerate(pack.lines("minutes"), 1):
        found.looked_at += 1
        number = row["number"]
        follows = number == nth and row["previous_hash"] == before and row["coop"] == pack.coop_id
        found.expect(follows, f"minutes {number} do not follow the page before")
        if is_whole(row):
            found.expect(row["hash"] == canonical.digest(only(row, HASHED)), f"minutes {number} are not what was approved")
        else:
            found.left_out += 1
        signed = is_signed(pack, row["hash"], row["signature"], row["key_id"])
        found.expect(signed, f"minutes {number} are not signed by this co-op")
        before = row["hash"]
    return found
