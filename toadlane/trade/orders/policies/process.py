"""The process of an order as data: states, who may move it on, timers, and actions from a closed list.

A process that could strand an order, or money, is refused when it is read: every state can be reached, every state that
is not an end leads to one, and on no path is money left held, released twice or given back twice.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from toadlane.kernel import canonical
from toadlane.trade.orders.policies import timers
from toadlane.trade.orders.policies.faults import BadProcess
from toadlane.ui import formats

ACTORS = frozenset({"customer", "provider", "worker", "coop", "mediator", "system"})
# Every action, and what it does to the money of the order: from which states of it to which.
MONEY: dict[str, dict[str, str]] = {
    "authorise": {"none": "authorised"},
    "capture": {"authorised": "held"},
    "void": {"none": "none", "authorised": "none"},
    "release": {"held": "settled"},
    "refund": {"held": "settled", "settled": "settled"},
    "refund_by_notice": {"held": "settled"},
    "pay_no_show": {"held": "settled"},
    "settle_dispute": {"held": "settled", "settled": "settled"},
}
AT_PLACING = frozenset({"hold_slot", "reserve_stock"})
OTHER = frozenset({
    "hold_slot", "allocate", "free_slot", "move_slot", "offer_job", "withdraw_job", "open_reviews", "reserve_stock",
    "return_stock",
})  # fmt: skip
LETTERS = frozenset({
    "order_placed", "order_paid", "order_requested", "job_offered", "order_accepted", "order_declined", "order_assigned",
    "order_moved", "order_started", "order_done", "order_confirmed", "order_cancelled", "order_lapsed", "order_shipped",
    "order_received", "order_refunded", "order_disputed", "order_settled", "inquiry_opened", "inquiry_closed",
})  # fmt: skip
MONEY_MAY_END = frozenset({"none", "settled"})


@dataclass(frozen=True)
class Transition:
    name: str
    sources: tuple[str, ...]
    to: str
    actors: frozenset[str]
    after: timers.Timer | None = None
    actions: tuple[str, ...] = ()
    at_once: bool = False
    opens: timers.Timer | None = None
    closes: timers.Timer | None = None

    @property
    def deeds(self) -> tuple[str, ...]:
        return tuple(action for action in self.actions if not action.startswith("notify:"))

    @property
    def letters(self) -> tuple[str, ...]:
        return tuple(action.removeprefix("notify:") for action in self.actions if action.startswith("notify:"))


@dataclass(frozen=True)
class Process:
    """One process, checked. `ends` are the states in which nothing more is to come."""

    name: str
    number: int
    initial: str
    ends: frozenset[str]
    timed: bool
    transitions: tuple[Transition, ...]
    placing: tuple[str, ...] = ()
    document: Mapping[str, Any] = field(hash=False, compare=False, default_factory=dict)

    @property
    def states(self) -> frozenset[str]:
        return frozenset({self.initial} | {t.to for t in self.transitions} | {s for t in self.transitions for s in t.sources})

    def leaving(self, state: str) -> tuple[Transition, ...]:
        return tuple(t for t in self.transitions if state in t.sources)

    def find(self, name: str, state: str) -> Transition | None:
        """Return the transition of this name out of a state, or None where there is none."""
        return next((t for t in self.leaving(state) if t.name == name), None)

    def has(self, name: str) -> bool:
        return any(t.name == name for t in self.transitions)

    def due(self, state: str, anchors: Mapping[str, datetime], lengths: Mapping[str, timedelta]) -> tuple[datetime, str] | None:
        """Return when the next timer of a state rings and what it does, the transition written first where two tie."""
        times = [(t.after.at(anchors, lengths), t.name) for t in self.leaving(state) if t.after]
        return min(times, key=lambda time: time[0]) if times else None


def read(document: Mapping[str, Any]) -> Process:
    """Return the process a document describes.

    :raises BadProcess: naming what is wrong, before any order can run into it
    """
    if strange := document.keys() - {"name", "version", "initial", "ends", "timed", "placing", "transitions", "about"}:
        raise BadProcess(f"a process has no {_list(strange)}")
    try:
        process = Process(
            name=document["name"], number=int(document.get("version", 1)), initial=document["initial"],
            ends=frozenset(document["ends"]), timed=bool(document.get("timed", False)),
            transitions=tuple(_transition(row) for row in document["transitions"]), document=document,
            placing=tuple(document.get("placing", ())),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise BadProcess(f"the process lacks {error}") from error
    for fault in faults(process):
        raise BadProcess(f"{process.name}: {fault}")
    return process


def digest(document: Mapping[str, Any]) -> str:
    return canonical.digest(dict(document))


def faults(process: Process) -> Iterator[str]:
    """Yield everything that is wrong with a process, plainest first."""
    for transition in process.transitions:
        yield from _faults_of(transition, process)
    yield from _faults_of_names(process)
    reached = _reach({process.initial}, [(s, t.to) for t in process.transitions for s in t.sources])
    if lost := process.states - reached:
        yield f"nothing leads to {_list(lost)}"
    leading = _reach(set(process.ends), [(t.to, s) for t in process.transitions for s in t.sources])
    if dead := process.states - leading:
        yield f"nothing leads out of {_list(dead)} to an end"
    yield from _faults_of_money(process)


def _transition(row: Mapping[str, Any]) -> Transition:
    if strange := row.keys() - {"name", "from", "to", "actor", "after", "actions", "at_once", "opens", "closes"}:
        raise BadProcess(f"a transition has no {_list(strange)}")
    sources = row["from"] if isinstance(row["from"], list) else [row["from"]]
    actors = row["actor"] if isinstance(row["actor"], list) else [row["actor"]]
    after, opens, closes = (timers.parse(row[key]) if row.get(key) else None for key in ("after", "opens", "closes"))
    return Transition(
        name=row["name"], sources=tuple(sources), to=row["to"], actors=frozenset(actors), after=after,
        actions=tuple(row.get("actions", ())), at_once=bool(row.get("at_once", False)), opens=opens, closes=closes,
    )  # fmt: skip


def _faults_of(transition: Transition, process: Process) -> Iterator[str]:
    if unknown := transition.actors - ACTORS:
        yield f"nobody is called {_list(unknown)}"
    if not transition.actors:
        yield f"nobody may {transition.name}"
    if strange := set(transition.deeds) - MONEY.keys() - OTHER:
        yield f"there is no action {_list(strange)}"
    if strange := set(transition.letters) - LETTERS:
        yield f"there is no letter {_list(strange)}"
    if len(set(transition.actions)) != len(transition.actions):
        yield f"{transition.name} does the same thing twice"
    if (transition.after or transition.at_once) and "system" not in transition.actors:
        yield f"{transition.name} has a timer, so the system is one of its actors"
    if transition.after and transition.at_once:
        yield f"{transition.name} waits and does not wait"
    for timer in (transition.after, transition.opens, transition.closes):
        if timer and not process.timed and (untimed := {term.anchor for term in timers.terms(timer)} & timers.TIMED):
            yield f"{transition.name} counts from {_list(untimed)}, and these orders have no time"


def _faults_of_names(process: Process) -> Iterator[str]:
    if strange := set(process.placing) - AT_PLACING:
        yield f"placing an order cannot {_list(strange)}"
    if unknown := process.ends - process.states:
        yield f"no transition knows the end {_list(unknown)}"
    if not process.ends:
        yield "it has no end"
    for end in sorted(process.ends):
        if process.leaving(end) and not all(t.to in process.ends for t in process.leaving(end)):
            yield f"{end} is an end, yet something leads on from it"
    for state in process.states:
        names = [t.name for t in process.leaving(state)]
        if len(set(names)) != len(names):
            yield f"two transitions out of {state} have one name"
        if sum(t.at_once for t in process.leaving(state)) > 1:
            yield f"two things happen at once in {state}"
    if _circles([(s, t.to) for t in process.transitions if t.at_once for s in t.sources]):
        yield "what happens at once goes round in a circle"


def _faults_of_money(process: Process) -> Iterator[str]:
    """Walk every path with what the money is doing on it."""
    seen: dict[str, set[str]] = defaultdict(set)
    todo = [(process.initial, "none")]
    while todo:
        state, money = todo.pop()
        if money in seen[state]:
            continue
        seen[state].add(money)
        if state in process.ends and money not in MONEY_MAY_END:
            yield f"an order that ends as {state} may leave money {money}"
        for transition in process.leaving(state):
            now: str | None = money
            for deed in transition.deeds:
                if deed in MONEY and now is not None:
                    before, now = now, MONEY[deed].get(now)
                    if now is None:
                        yield f"{transition.name} may {deed} money that is {before}"
            if now is not None:
                todo.append((transition.to, now))


def _reach(start: set[str], steps: list[tuple[str, str]]) -> set[str]:
    reached, todo = set(start), list(start)
    while todo:
        here = todo.pop()
        fresh = {to for source, to in steps if source == here} - reached
        reached |= fresh
        todo.extend(fresh)
    return reached


def _circles(steps: list[tuple[str, str]]) -> bool:
    return any(source in _reach({to}, steps) for source, to in steps)


def _list(names: Any) -> str:
    return formats.listed(sorted(str(name) for name in names))
