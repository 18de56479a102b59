"""What democracy lends to the pages of the rules: who decided a number, what is under way, and where to propose a change.

The rules lie lower than decisions, and link to them by what is declared here.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from toadlane.plumbing.access.principals import Principal


@dataclass(frozen=True)
class Told:
    """How a decision is told beside the number that it set, and where it can be read.

    :param page: the name of a page of the co-op, and of which decision
    """

    words: str
    page: tuple[str, str]


@dataclass(frozen=True)
class UnderWay:
    """A change of a rule that is being talked about or voted on, or that has passed and waits for its day."""

    title: str
    words: str
    url: str


# (names of decisions) -> how each is told; one statement, whatever their number.
Tell = Callable[[Collection[str]], Mapping[str, Told]]
# (who reads) -> what is under way, by rule; one statement.
Look = Callable[[Principal], Mapping[str, list[UnderWay]]]

_tell: Tell | None = None
_look: Look | None = None
_propose: str = ""
_add_way: str = ""
_begin: str = ""


def declare(*, tell: Tell, look: Look, propose: str, add_way: str, begin: str = "") -> None:
    """Lend all of it, in `wiring`.

    :param propose: the name of the page on which a change of a rule is proposed; it is asked for with the rule's id
    :param add_way: that of the page on which another way of deciding is proposed
    :param begin: that of the page on which anything is proposed; a `kind` is chosen for whoever comes with one
    """
    global _tell, _look, _propose, _add_way, _begin
    assert _tell is None, "decisions are told already"
    _tell, _look, _propose, _add_way, _begin = tell, look, propose, add_way, begin


def told(decisions: Collection[str]) -> Mapping[str, Told]:
    return _tell(decisions) if _tell and decisions else {}


def under_way(by: Principal | None) -> Mapping[str, list[UnderWay]]:
    return _look(by) if _look and by is not None else {}


def propose() -> str:
    return _propose


def add_way() -> str:
    return _add_way


def begin() -> str:
    return _begin


def connections() -> list[str]:
    """Return who lends what, for the golden file of connections."""
    lent: dict[str, Any] = {"tell": _tell, "look": _look}
    lines = [f"{name} -> {one.__module__}.{one.__qualname__}" for name, one in lent.items() if one]
    return [*lines, f"propose -> {_propose}", f"add_way -> {_add_way}"] if _propose else lines
