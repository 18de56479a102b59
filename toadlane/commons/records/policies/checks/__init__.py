"""Every invariant of a file of records, by name, in the order in which they are told."""

from pathlib import Path

from toadlane.commons.records.policies.checks import ballots, books, decisions, files, minutes, rules
from toadlane.commons.records.policies.findings import Check, Found
from toadlane.commons.records.policies.packing import Pack

CHECKS: dict[str, Check] = {
    "file.manifest": files.manifest,
    "rules.chain": rules.chain,
    "rules.replayed": rules.replayed,
    "proposals.unchanged": decisions.proposals,
    "decisions.chain": decisions.chain,
    "decisions.follow_results": decisions.follow_results,
    "enactments.once_and_on_their_day": decisions.enactments,
    "ballots.frozen": ballots.frozen,
    "ballots.rolls": ballots.rolls,
    "ballots.boards": ballots.boards,
    "ballots.signed": ballots.signed,
    "ballots.recounted": ballots.recounted,
    "minutes.chain": minutes.chain,
    "ledger.seals": books.seals,
    "ledger.entries": books.entries,
    "ledger.zero_sums": books.zero_sums,
    "shares.register": books.register,
}


def verify(path: Path | str, *, key: str = "") -> dict[str, Found]:
    """Look at a file, and say of each invariant what it came to. Nothing but the file is read.

    :param key: the public key that whoever checks holds; else the one that came with the file is believed
    :raises NotRecords: when it is no such file
    """
    with Pack(path) as pack:
        found = {"file.signature": files.signature(pack, key)}
        return found | {name: _look(check, pack) for name, check in CHECKS.items()}


def _look(check: Check, pack: Pack) -> Found:
    """Run a check; one that breaks over what it finds is a fault like any other, and keeps no other from being asked."""
    try:
        return check(pack)
    except Exception as error:
        return Found(faults=[f"could not be looked at: {type(error).__name__}: {error}"])
