"""Do the books hold: every entry what was posted, under a signed seal, and nothing gained or lost?"""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from toadlane.commons.records.policies.checks.files import is_signed
from toadlane.commons.records.policies.findings import Found, only
from toadlane.commons.records.policies.packing import Line, Pack
from toadlane.kernel import canonical
from toadlane.money.ledger.policies import digests

SEAL = ("number", "first", "last", "count", "root", "previous", "at")
ENTRY = ("id", "key", "intent", "narration", "by", "at")
CAPITAL, UNPAID = "3000", "1300"


def seals(pack: Pack) -> Found:
    """The log has no gap and no fork, each root stands for its entries, and each seal is signed."""
    found, previous, first = Found(), "", 1
    log = ((line["number"], line["digest"]) for line in pack.lines("log"))
    for seal in pack.lines("seals"):
        found.looked_at += 1
        under = list(islice(log, int(seal["count"])))
        for fault in digests.seal_faults(only(seal, SEAL), seal["hash"], under, previous=previous, first=first):
            found.expect(False, fault)
        signed = is_signed(pack, seal["hash"], seal["signature"], seal["key_id"])
        found.expect(signed, f"seal {seal['number']} is not signed by this co-op")
        previous, first = seal["hash"], seal["last"] + 1
    found.expect(next(log, None) is None, "the log goes on after the last seal")
    return found


def entries(pack: Pack) -> Found:
    """Each entry is what it was when it was posted, and is in the log under its number."""
    found = Found()
    if not pack.has("entries"):
        return found
    log = {line["number"]: line["digest"] for line in pack.lines("log")}
    for row in pack.lines("entries"):
        found.looked_at += 1
        intent = digests.intent_of(row["subject"], [tuple(one) for one in row["postings"]])
        same = intent == row["intent"] and canonical.digest(only(row, ENTRY)) == row["digest"]
        found.expect(same, f"entry {row['id']} is not what it was")
        if row["number"] is not None:
            found.expect(
                log.pop(row["number"], "") == row["digest"], f"entry {row['id']} is not number {row['number']} of the log"
            )
    found.expect(not log, f"{len(log)} entries of the log are not here")
    return found


def zero_sums(pack: Pack) -> Found:
    """Each entry, and all accounts together, sum to zero in each currency; the accounts say what the entries say."""
    found, totals, whole = Found(), Counter[str](), Counter[tuple[str, str]]()
    for row in pack.lines("accounts"):
        found.looked_at += 1
        totals[row["currency"]] += row["minor"]
        whole[row["code"], row["currency"]] = row["minor"]
    for currency, minor in totals.items():
        found.expect(minor == 0, f"all accounts together hold {minor} {currency} instead of nothing")
    if not pack.has("entries"):
        return found
    for row in pack.lines("entries"):
        found.looked_at += 1
        sums: Counter[str] = Counter()
        for code, currency, minor, *_ in row["postings"]:
            sums[currency] += minor
            whole[code, currency] -= minor
        found.expect(not any(sums.values()) and bool(sums), f"entry {row['id']} does not sum to zero")
    for (code, currency), minor in whole.items():
        found.expect(minor == 0, f"account {code} holds {minor} {currency} that no entry brought")
    return found


def register(pack: Pack) -> Found:
    """The register of shares says for each member what the books say."""
    found = Found()
    if not pack.has("shares") or not pack.has("entries"):
        return found
    held: Counter[tuple[str, str, str]] = Counter()
    for row in pack.lines("shares"):
        found.looked_at += 1
        held[CAPITAL, row["holder"], row["currency"]] += row["nominal_minor"]
        held[UNPAID, row["holder"], row["currency"]] += row["unpaid_minor"]
    for code, holder, currency, minor in _of_books(pack):
        held[code, holder, currency] += minor if code == CAPITAL else -minor
    for (_code, holder, currency), minor in held.items():
        found.expect(minor == 0, f"{holder}: register and books differ by {minor} {currency}")
    return found


def _of_books(pack: Pack) -> Iterator[tuple[str, str, str, int]]:
    row: Line
    for row in pack.lines("entries"):
        for code, currency, minor, holder, *_ in row["postings"]:
            if code in (CAPITAL, UNPAID):
                yield code, holder, currency, minor
