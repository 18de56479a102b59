"""An election without candidates: everybody names somebody and says why, then all consent. Golden vectors 12, S."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from toadlane.democracy.counting.policies.consent import FACILITATOR, Event, NotEligible, TooLate, only, reason_of, unknown_act
from toadlane.kernel.errors import Expected


class NotNominated(Expected):
    words = _("Nobody named them.")


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Where an election without candidates stands: `nominating`, `changing`, `consenting`, `objection_pending` or `selected`.

    :param tally: how many named whom, most first
    :param leading: who was named more often than anybody else; None where two are level
    :param awaited: who has yet to name somebody, or to consent; the nominee is asked last
    """

    state: str
    tally: Mapping[str, int]
    leading: str | None
    proposed: str | None
    selected: str | None
    awaited: tuple[str, ...]
    objections: Mapping[str, str]


@dataclass
class _Election:
    members: tuple[str, ...]
    candidates: frozenset[str]
    named: dict[str, str] = field(default_factory=dict)
    proposed: str | None = None
    spoken: dict[str, str] = field(default_factory=dict)  # An objection's reason, or nothing for a consent.
    objectors: set[str] = field(default_factory=set)
    nominee_agrees: bool = False

    def tally(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for name in self.named.values():
            counts[name] = counts.get(name, 0) + 1
        return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))

    @property
    def others(self) -> list[str]:
        return [member for member in self.members if member != self.proposed]

    def propose(self, name: str | None) -> None:
        self.proposed, self.nominee_agrees = name, False
        self.spoken.clear()
        self.objectors.clear()


def selection(
    members: Collection[str], events: Iterable[Event], *, candidates: Collection[str] | None = None,
    facilitators: Collection[str] = (FACILITATOR,),
) -> Selection:  # fmt: skip
    """Say where an election without candidates stands (S1, S2).

    Everybody names somebody (`nominate`), hears the others' reasons and may `change` their mind; the facilitator
    proposes one of those named (`propose`); then all consent or `object` with a reason, the nominee last: they are asked
    once the others have spoken, and a yes that they gave before stands. A nominee may `decline`.

    :param candidates: who may be named; the members where nothing is said
    :raises NotEligible, ObjectionWithoutReason, NotNominated, TooLate, UnknownAct: at the first event that cannot be
    """
    now = _Election(tuple(members), frozenset(members if candidates is None else candidates))
    for event in events:
        only(event, facilitators if event.act == "propose" else now.members)
        _ELECTING.get(event.act, unknown_act)(now, event)
    tally = now.tally()
    ranked = list(tally)
    leading = ranked[0] if ranked and (len(ranked) == 1 or tally[ranked[0]] > tally[ranked[1]]) else None
    state, awaited = _where(now)
    return Selection(
        state=state, tally=tally, leading=leading, proposed=now.proposed, awaited=awaited,
        selected=now.proposed if state == "selected" else None,
        objections={who: now.spoken[who] for who in now.spoken if who in now.objectors},
    )  # fmt: skip


def _where(now: _Election) -> tuple[str, tuple[str, ...]]:
    if now.proposed is None:
        silent = tuple(member for member in now.members if member not in now.named)
        return ("nominating", silent) if silent else ("changing", ())
    silent = tuple(member for member in now.others if member not in now.spoken)
    if now.objectors:
        return "objection_pending", silent
    if silent:
        return "consenting", silent
    agreed = now.nominee_agrees or now.proposed not in now.members
    return ("selected", ()) if agreed else ("consenting", (now.proposed,))


def _nominate(now: _Election, event: Event) -> None:
    if now.proposed is not None:
        raise TooLate
    if event.about not in now.candidates:
        raise NotEligible
    if event.act == "change" and event.who not in now.named:
        raise NotNominated
    now.named[event.who] = event.about


def _propose(now: _Election, event: Event) -> None:
    if event.about not in now.named.values():
        raise NotNominated
    now.propose(event.about)


def _speak(now: _Election, event: Event) -> None:
    if now.proposed is None:
        raise NotNominated
    objects = event.act == "object"
    now.spoken[event.who] = reason_of(event) if objects else event.text
    if event.who == now.proposed:
        now.nominee_agrees = not objects
    (now.objectors.add if objects else now.objectors.discard)(event.who)


def _decline(now: _Election, event: Event) -> None:
    """Whoever does not want it is not proposed; those who named them may name another."""
    if event.who == now.proposed:
        now.propose(None)
    now.candidates -= {event.who}
    now.named = {member: name for member, name in now.named.items() if name != event.who}


_ELECTING: dict[str, Callable[[_Election, Event], None]] = {
    "nominate": _nominate, "change": _nominate, "propose": _propose, "consent": _speak, "object": _speak, "decline": _decline,
}  # fmt: skip
