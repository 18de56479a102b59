"""What a change of the rules would have done: rooms replay their own past under the old and the new document.

A rule says in its own declaration which replay reads it (`Rule.dry_run`), so that nobody keeps a list of the rules that
touch money.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from toadlane.society.bylaws.rules import undecided
from toadlane.society.bylaws.rules.declared import declared as declared_rules

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What a replay came to, in whole numbers and words, so that it can be stored, hashed and worked out again.

    :param facts: for whoever may read the proposal; it holds the hash of `own`
    :param own: what single people would have had more or less, for those only who may read the books
    """

    facts: Mapping[str, Any]
    own: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """A replay that a room offers.

    :param weigh: `(since, until)` → about how many things there are to replay
    :param run: `(before=, after=, since=, until=, progress=)` → what it came to, or None where there was nothing to replay.
        The same documents and the same stretch of time, which is over, give the same answer whenever they are asked for.
    :param shown: `(facts=, own=, before=, after=)` → `ui.shapes.Replay`, one or several, in the reader’s language
    """

    name: str
    weigh: Callable[[datetime, datetime], int]
    run: Callable[..., Replayed | None]
    shown: Callable[..., Any]


_runs: dict[str, DryRun] = {}


def declare(dry_run: DryRun) -> None:
    """Offer a replay. Called in a room's `wiring`, and printed to the golden file."""
    assert dry_run.name not in _runs, f"{dry_run.name} replays already"
    _runs[dry_run.name] = dry_run


def declared() -> list[DryRun]:
    return [_runs[name] for name in sorted(_runs)]


def rules_of(name: str) -> list[str]:
    """Return the rules that a replay reads."""
    return [rule.id for rule in declared_rules().values() if rule.dry_run == name]


def moved(before: Document, after: Document) -> list[str]:
    """Return the rules whose value differs between two documents. Words and guards move no money, nor does adopting a default."""
    old, new = (undecided.completed(one)["rules"] for one in (before, after))
    return sorted(rule for rule in {*old, *new} if old.get(rule, {}).get("value") != new.get(rule, {}).get("value"))


def touched(before: Document, after: Document) -> Iterator[DryRun]:
    """Yield the replays that read a rule whose value differs."""
    differing = set(moved(before, after))
    yield from (one for one in declared() if differing & set(rules_of(one.name)))
