"""What has to be true of a co-op's rows at any time, and can be asked: `toadlane verify`. Rooms declare theirs in `wiring`.

    invariants.declare("ledger.entries_balance", queries.unbalanced)

A check is `() -> Finding`. It reads, in the scope of one co-op, and names each fault in one sentence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from toadlane.plumbing.triggers import refusals


@dataclass(frozen=True)
class Finding:
    """What a check looked at, and what was wrong with it.

    :param looked_at: how many things were looked at; a check that looked at nothing proves nothing
    """

    looked_at: int
    faults: Sequence[str] = field(default_factory=tuple)


Check = Callable[[], Finding]
_of_coops: dict[str, Check] = {}
_of_server: dict[str, Check] = {}


def declare(name: str, check: Check) -> None:
    assert name not in _of_coops, f"{name} is checked already"
    _of_coops[name] = check


def declare_of_server(name: str, check: Check) -> None:
    """Declare a check that runs once, outside all co-ops."""
    assert name not in _of_server, f"{name} is checked already"
    _of_server[name] = check


def declared() -> list[str]:
    return sorted([*_of_coops, *(f"server: {name}" for name in _of_server)])


def verify_coop() -> dict[str, Finding]:
    """Run every check in the co-op in scope."""
    return {name: _look(_of_coops[name]) for name in sorted(_of_coops)}


def verify_server() -> dict[str, Finding]:
    return {name: _look(_of_server[name]) for name in sorted(_of_server)}


def _look(check: Check) -> Finding:
    """Run a check; one that breaks over what it finds is a fault like any other, and keeps no other from being asked."""
    try:
        return check()
    except Exception as error:
        return Finding(0, [f"could not be looked at: {type(error).__name__}: {error}"])


def refusals_are_up() -> Finding:
    """The database holds every refusal the code relies on, and no other."""
    wanted = {refusal.trigger for refusal in refusals.declared()}
    held = {name for name, _table in refusals.installed()}
    missing = [f"the database lacks {name}: run `toadlane manage migrate`" for name in sorted(wanted - held)]
    otherwise = sorted(held & set(refusals.outdated()))
    missing += [f"the database holds another {name} than the code: run `toadlane manage migrate`" for name in otherwise]
    return Finding(len(wanted), [*missing, *(f"{name} is in the database and in no code" for name in sorted(held - wanted))])
