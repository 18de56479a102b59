"""Who keeps the code of good work, and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from toadlane.money.benefits import rules
from toadlane.money.benefits.models import Pledge
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book

SHOWN = (Pledge.State.KEPT, Pledge.State.ENDED)


@dataclass(frozen=True)
class Value:
    id: str
    name: str


def values(book: Book | None = None) -> list[Value]:
    """Return the values of the code of good work as the reader calls them."""
    rows = (book or bylaws.book()).value(rules.VALUES)
    return [Value(str(row["id"]), name) for row, name in zip(rows, named_values(rows), strict=True)]


def named_values(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Return how the reader calls values, in the order of the bylaws."""
    language = (get_language() or "en").partition("-")[0]
    return [_named(row, language) for row in rows]


def _named(row: Mapping[str, object], language: str) -> str:
    names = row.get("names")
    known = names if isinstance(names, dict) else {}
    return str(known.get(language) or known.get("en") or row["id"])


def pledges(by: Principal) -> QuerySet[Pledge]:
    """Return the pledges that are shown to everybody, the board's to read, and one's own."""
    rows = Pledge.objects.order_by("-pk")
    if "board" in by.roles:
        return rows
    return rows.filter(Q(state__in=SHOWN) | (Q(person_id=by.person_id) if by.person_id else Q(pk=None)))


def pledge(pk: int, by: Principal) -> Pledge | None:
    return pledges(by).filter(pk=pk).first() if 0 < pk < 2**31 else None


def promised(one: Pledge) -> Sequence[tuple[str, str]]:
    """Return each value with what is done about it, under the names of the bylaws that it was pledged under."""
    known = values(bylaws.book(version=one.rule_version))
    return [(value.name, one.actions[value.id]) for value in known if value.id in one.actions]
