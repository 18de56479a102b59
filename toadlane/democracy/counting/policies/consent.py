"""Deciding by what people say to each other: consent, lazy consensus and advice; `selection` is the election without candidates.

Each is a small machine that is told what happened, in order, and says where that leads and on whom one is waiting. Nothing
is counted that was not said: silence is consent in lazy consensus only, where everybody was told so. Golden vectors 12.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from toadlane.kernel.errors import Expected

FACILITATOR = "facilitator"


class NotEligible(Expected):
    words = later("Only those on the roll of this decision take part in it.")
    status = 403


class ObjectionWithoutReason(Expected):
    words = later("An objection says what would be harmed: without a reason, nobody can answer it.")
    status = 422


class NoSuchObjection(Expected):
    words = later("Nobody has objected like that, or it was answered already.")


class OwnObjection(Expected):
    words = later("Whether an objection is paramount is for others to say.")


class NotSeconded(Expected):
    words = later("First somebody has to say so, then another can second it.")


class UnknownAct(Expected):
    """That is nothing one can do here."""

    status = 422


class TooLate(Expected):
    words = later("This is over.")


class RoundsOver(Expected):
    words = later("There have been as many rounds as there may be; it is decided in another way now.")


@dataclass(frozen=True)
class Event:
    """What somebody did.

    :param who: a member's id, or `facilitator`
    :param text: the reason given
    :param about: whom it is about: whose objection, or who is named
    :param at: when, where the machine has a deadline
    """

    who: str
    act: str
    text: str = ""
    about: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Consent:
    """Where a consent decision stands.

    :param state: `open`, `objection_pending`, `failed_quorum`, `passed`, or `passed_with_concern`, where an objection was
        found not to be paramount and stays in the record
    :param awaited: who has not spoken in this round
    :param objections, concerns: the reasons, by who gave them
    :param moved: the objections that somebody holds not to be paramount, and who; another has to second it
    """

    state: str
    round: int
    awaited: tuple[str, ...]
    consents: tuple[str, ...]
    aside: tuple[str, ...]
    objections: Mapping[str, str]
    concerns: Mapping[str, str]
    moved: Mapping[str, str]

    @property
    def passed(self) -> bool | None:
        """Say whether it passed; None while it may still do either."""
        return {"passed": True, "passed_with_concern": True, "failed_quorum": False}.get(self.state)


@dataclass
class _Round:
    number: int = 1
    said: dict[str, str] = field(default_factory=dict)  # consent | aside | object | concern, by member
    reasons: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)

    def say(self, who: str, what: str, reason: str = "") -> None:
        self.said[who], self.reasons[who] = what, reason
        self.moved.pop(who, None)

    def who(self, what: str) -> tuple[str, ...]:
        return tuple(who for who, word in self.said.items() if word == what)

    def with_reasons(self, what: str) -> dict[str, str]:
        return {who: self.reasons[who] for who in self.who(what)}


def consent(
    members: Collection[str], events: Iterable[Event], *, quorum: int = 1, closed: bool = False, rounds: int = 0,
    facilitators: Collection[str] = (FACILITATOR,),
) -> Consent:  # fmt: skip
    """Say where a consent decision stands (C1 to C8).

    Members `consent`, `stand_aside`, `object` (or `block`) with a reason, or `withdraw` what they said. A facilitator may
    `amend` the proposal, which voids what was said before: everybody is asked anew. A facilitator or a member may hold an
    objection to be `not_paramount`; it is a concern in the record once another member seconds it
    (`second_not_paramount`), never the one who objected.

    It is over when everybody has spoken, or at the close. An objection always stops it.

    :param quorum: how many have to consent or stand aside at least; without a single consent nothing passes
    :param rounds: how many rounds there may be; 0 for as many as it takes
    :raises NotEligible, ObjectionWithoutReason, NoSuchObjection, OwnObjection, NotSeconded, RoundsOver, UnknownAct:
        at the first event that cannot be
    """
    now, roll = _Round(), frozenset(members)
    for event in events:
        if event.act == "amend":
            only(event, facilitators)
            if rounds and now.number >= rounds:
                raise RoundsOver
            now = _Round(number=now.number + 1)
        elif event.act == "not_paramount":
            only(event, roll | frozenset(facilitators))
            _of_another(now, event)
            now.moved[event.about] = event.who
        else:
            only(event, roll)
            _SPEAKING.get(event.act, unknown_act)(now, event)
    awaited = tuple(member for member in members if member not in now.said)
    state = _state(now, quorum, over=closed or not awaited)
    return Consent(
        state=state, round=now.number, awaited=awaited, consents=now.who("consent"),
        aside=now.who("aside"), moved=dict(now.moved),
        objections=now.with_reasons("object"), concerns=now.with_reasons("concern"),
    )  # fmt: skip


def _state(now: _Round, quorum: int, *, over: bool) -> str:
    consents = len(now.who("consent"))
    if now.who("object"):
        return "objection_pending"
    if not over:
        return "open"
    if not consents or consents + len(now.who("aside")) < quorum:
        return "failed_quorum"
    return "passed_with_concern" if now.who("concern") else "passed"


def only(event: Event, who: Collection[str]) -> None:
    if event.who not in who:
        raise NotEligible


def reason_of(event: Event) -> str:
    if not event.text.strip():
        raise ObjectionWithoutReason
    return event.text.strip()


def _of_another(now: _Round, event: Event) -> None:
    if now.said.get(event.about) != "object":
        raise NoSuchObjection
    if event.who == event.about:
        raise OwnObjection


def _second(now: _Round, event: Event) -> None:
    _of_another(now, event)
    if now.moved.get(event.about) in (None, event.who):
        raise NotSeconded
    now.say(event.about, "concern", now.reasons[event.about])


def unknown_act(_now: object, event: Event) -> None:
    raise UnknownAct(_("Nobody can “%(act)s” here.") % {"act": event.act})


def _withdraw(now: _Round, event: Event) -> None:
    for kept in (now.said, now.reasons, now.moved):
        kept.pop(event.who, None)


_SPEAKING: dict[str, Callable[[_Round, Event], None]] = {
    "consent": lambda now, event: now.say(event.who, "consent", event.text),
    "stand_aside": lambda now, event: now.say(event.who, "aside", event.text),
    "object": lambda now, event: now.say(event.who, "object", reason_of(event)),
    "block": lambda now, event: now.say(event.who, "object", reason_of(event)),
    "withdraw": _withdraw,
    "second_not_paramount": _second,
}


@dataclass(frozen=True, kw_only=True)
class Lazy:
    """Where a lazy consensus stands: `open`, `passed`, `objection_pending` or `to_full_decision`."""

    state: str
    closes_at: datetime
    objections: Mapping[str, str]
    escalated_by: tuple[str, ...]

    @property
    def passed(self) -> bool | None:
        return True if self.state == "passed" else None


def lazy(
    events: Iterable[Event], *, opened: datetime, hours: int, now: datetime, members: Collection[str] | None = None,
    escalations: int = 2,
) -> Lazy:  # fmt: skip
    """Say where a lazy consensus stands: it passes by itself unless somebody objects in time (Z1 to Z5).

    Anybody may `object` with a reason, which stops it until they `withdraw`. Whoever only thinks that it deserves a full
    decision may `escalate`; when enough different members do, it goes there.

    :param members: who may speak; None where whoever records the events has seen to it
    :raises NotEligible, ObjectionWithoutReason, TooLate, UnknownAct: at the first event that cannot be
    """
    closes_at = opened + timedelta(hours=hours)
    objections: dict[str, str] = {}
    escalated: dict[str, None] = {}
    for event in events:
        if members is not None:
            only(event, members)
        if event.at is not None and event.at >= closes_at:
            raise TooLate
        if event.act in ("object", "block"):
            objections[event.who] = reason_of(event)
        elif event.act == "escalate":
            escalated[event.who] = None
        elif event.act == "withdraw":
            objections.pop(event.who, None)
            escalated.pop(event.who, None)
        else:
            unknown_act(None, event)
    if len(escalated) >= escalations:
        state = "to_full_decision"
    elif objections:
        state = "objection_pending"
    else:
        state = "passed" if now >= closes_at else "open"
    return Lazy(state=state, closes_at=closes_at, objections=objections, escalated_by=tuple(escalated))


@dataclass(frozen=True, kw_only=True)
class Advice:
    """Where an advice process stands: `ask_first`, `wait` or `may_decide`.

    :param to_ask: who has to be asked still; `an_expert` stands for any of those who know, of whom one is enough
    :param awaited: who was asked and has not answered
    """

    state: str
    to_ask: tuple[str, ...]
    awaited: tuple[str, ...]


AN_EXPERT = "an_expert"


def advice(
    *,
    affected: Collection[str],
    experts: Collection[str],
    asked: Collection[str],
    answered: Collection[str],
    deadline_passed: bool,
) -> Advice:
    """Say whether somebody may decide alone: once all whom it affects, and somebody who knows, were asked, and have answered or
    let the deadline pass (A1 to A5). Advice binds nobody; asking for it does.
    """
    to_ask = [one for one in affected if one not in asked]
    if not set(experts) & set(asked):
        to_ask.append(AN_EXPERT)
    awaited = tuple(one for one in asked if one not in answered)
    state = "ask_first" if to_ask else "wait" if awaited and not deadline_passed else "may_decide"
    return Advice(state=state, to_ask=tuple(to_ask), awaited=awaited)
