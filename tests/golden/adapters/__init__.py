"""Thin adapters: each turns the cases of one vector file into calls of ours.

`f01_allocation.py` reads `01_allocation.yaml`, and offers `run(document) -> Iterator[Case]`. A case whose `expected` is
`Fails("no_basis")` is right when ours fails with that name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from toadlane.kernel.errors import Expected


@dataclass(frozen=True)
class Fails:
    """The case is to fail, with this name."""

    name: str


class Case(NamedTuple):
    id: str
    actual: Any
    expected: Any


def expected(case: Mapping[str, Any], answer: Any = None) -> Any:
    """Return what a case is to come to: the error it names, or else its answer."""
    return Fails(case["error"]) if "error" in case else case["expect"] if answer is None else answer


def tried(
    cases: Iterable[dict[str, Any]] | None,
    act: Callable[[dict[str, Any]], Any],
    wanted: Callable[[dict[str, Any]], Any] = expected,
) -> Iterator[Case]:
    """Try the cases of one section, each by itself: what one of them cannot do is no fault of the others."""
    for case in cases or ():
        yield Case(case["id"], outcome(lambda case=case: act(case)), outcome(lambda case=case: wanted(case)))


def asked_for(found: Mapping[str, Any], case: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of an answer what the case asks for; ours may say more."""
    return {name: found.get(name) for name in case["expect"]} if "expect" in case else dict(found)


def outcome(act: Callable[[], Any]) -> Any:
    """Return what a case comes to: its answer, or the name of the error it ends in.

    What breaks is told as what this case came to: it fails, and the cases after it are tried all the same.
    """
    try:
        return act()
    except Expected as error:
        return Fails(error.code)
    except Exception as fault:
        return fault


# Other words for an answer of ours, where no vector that we know says which word it is.
WORDS = {
    "refused": ("refuse", "not_allowed", "denied", "rejected"),
    "objection_pending": ("objected", "blocked", "stopped"),
    "wait": ("waiting", "pending"),
    "not_active": ("status", "inactive"),
}


def in_the_words_of(case: Mapping[str, Any], ours: str, *others: str) -> str:
    """Return our answer, in the words of the case where it has others for the same.

    :param others: more words for it, of this case alone
    """
    wanted = case.get("expect")
    return str(wanted) if wanted in (*WORDS.get(ours, ()), *others) else ours
