"""What a change of the rules would have done: rooms replay their own past under the old and the new document."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Document = Mapping[str, Any]
# run(before=, after=, since=, until=) → facts that can be stored as JSON, or None where the past would have been the same.
Run = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """A replay that a room offers.

    :param rules: the ids of the rules it reads: a patch that touches none of them needs no replay
    :param template: the partial that shows what `run` returned, as `run`
    """

    name: str
    rules: Callable[[], Iterable[str]]
    run: Run
    template: str


_runs: dict[str, DryRun] = {}


def declare(dry_run: DryRun) -> None:
    """Offer a replay. Called in a room's `wiring`, and printed to the golden file."""
    assert dry_run.name not in _runs, f"{dry_run.name} replays already"
    _runs[dry_run.name] = dry_run


def declared() -> list[DryRun]:
    return [_runs[name] for name in sorted(_runs)]


def replay(*, before: Document, after: Document, since: datetime, until: datetime) -> dict[str, dict[str, Any]]:
    """Replay the past in every room whose rules differ between two documents; return what each room found, by its name."""
    moved = {rule for rule in {*before["rules"], *after["rules"]} if before["rules"].get(rule) != after["rules"].get(rule)}
    found = {}
    for one in declared():
        if moved & set(one.rules()):
            facts = one.run(before=before, after=after, since=since, until=until)
            if facts is not None:
                found[one.name] = facts
    return found
