"""What members may decide: each room says it of its own, and democracy asks here.

A proposal carries one payload or several, each of a kind. The kind knows which procedure may pass it, what is wrong with
it, how it reads, and what happens when it has passed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws.rules import ways
from toadlane.ui.sheets import Sheet

Payload = Mapping[str, Any]
FieldType = Literal[
    "text",
    "long",
    "int",
    "money",
    "date",
    "choice",
    "member",
    "members",
    "person",
    "people",
    "rule",
    "flag",
    "json",
    "options",
]


class InForce(Protocol):
    """The rules in force, as `queries.Book` is: kinds are declared below it."""

    @property
    def number(self) -> int: ...

    @property
    def document(self) -> Mapping[str, Any]: ...

    def value(self, rule_id: str) -> Any: ...

    def maybe(self, rule_id: str) -> Any: ...


@dataclass(frozen=True)
class Fault:
    """Why this cannot be decided so. `code` is stable; `words` say what is wrong and what to do; `field` where."""

    code: str
    words: str
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question of the form in which a proposal of this kind is written, and one key of its payload.

    :param sheet: of a `json`, what it is made of: then people fill it in, row by row
    """

    name: str
    label: Any
    type: FieldType = "text"
    help: Any = ""
    required: bool = True
    options: Callable[[], Sequence[tuple[str, Any]]] | None = None
    sheet: Sheet | None = None


def _at_once(_payload: Payload, _book: InForce) -> int:
    return 0


def _nobody(_payload: Payload) -> int | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of decision.

    :param procedure: the name of the weakest procedure of the bylaws that may pass this payload
    :param check: what is wrong with it, nothing when it can be proposed; asked again before it is carried out
    :param describe: what it would change, in plain sentences of a language
    :param enact: carry it out, in the enactment's transaction: `enact(payload=, decision=, passed_by=, by=, at=)`, with the
        names of the decision and of the procedure that passed it; idempotent by the decision's name
    :param delay_days: between the passing and the effect
    :param subject: the membership it is about, who is heard and has no vote on it
    :param secret: whether only a secret ballot may decide it
    :param urgent: whether it is voted on at once, for a day: what it is about would be over before an ordinary vote
    """

    name: str
    label: Any
    about: Any
    fields: tuple[Field, ...] = ()
    procedure: Callable[[Payload, InForce], str]
    check: Callable[[Payload, InForce, datetime], list[Fault]]
    describe: Callable[[Payload, str], list[str]]
    enact: Callable[..., None]
    delay_days: Callable[[Payload, InForce], int] = _at_once
    subject: Callable[[Payload], int | None] = field(default=_nobody)
    secret: bool = False
    urgent: bool = False


_kinds: dict[str, Kind] = {}


def declare(kind: Kind) -> None:
    """Let members decide on something. Called in a room's `wiring`, and printed to the golden file."""
    assert kind.name not in _kinds, f"{kind.name} is decided already"
    _kinds[kind.name] = kind


def kinds() -> dict[str, Kind]:
    return dict(sorted(_kinds.items()))


def kind(name: str) -> Kind | None:
    return _kinds.get(name)


def enact(*, kind: str, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    """Carry out what was decided.

    :raises KeyError: where no room knows the kind any more: nothing is done, and it shows
    """
    _kinds[kind].enact(payload=payload, decision=decision, passed_by=passed_by, by=by, at=at)


def weakest(book: InForce, rank: int) -> str:
    """Return the weakest procedure of the bylaws that is at least so strict: for kinds that no rule guards.

    :raises LookupError: when there is none
    """
    found = ways.usual(book.document, rank)
    if not found:
        raise LookupError(f"no procedure of rank {rank}")
    return found
