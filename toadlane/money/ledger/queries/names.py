"""How the books call what stands in them: subjects (`order:12`) and holders (`membership:7`). Upper rooms name their own."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from toadlane.society.members import queries as members


@dataclass(frozen=True)
class Named:
    """:param url: page to read on, or nothing"""

    label: str
    url: str = ""


# Asked once for all ids of a kind: `{"12": Named("Order 12", "/orders/12/")}`. What it leaves out keeps its plain name.
Resolver = Callable[[list[str]], Mapping[str, Named]]
_subjects: dict[str, Resolver] = {}
_holders: dict[str, Resolver] = {}


def declare_subject(kind: str, resolve: Resolver) -> None:
    """Say how the subjects of one kind are called and where they are shown. Called in a room's `wiring`."""
    assert kind not in _subjects, f"{kind} is named already"
    _subjects[kind] = resolve


def declare_holder(kind: str, resolve: Resolver) -> None:
    """Say how the holders of one kind of sub-ledger are called."""
    assert kind not in _holders, f"{kind} is named already"
    _holders[kind] = resolve


def connections() -> list[str]:
    return sorted([*(f"subject {kind}" for kind in _subjects), *(f"holder {kind}" for kind in _holders)])


def subjects(texts: Iterable[str]) -> dict[str, Named]:
    return _named(texts, _subjects)


def holders(texts: Iterable[str]) -> dict[str, Named]:
    return _named(texts, _holders)


def subject(text: str) -> Named:
    return subjects([text])[text]


def holder(text: str) -> str:
    return holders([text])[text].label


def _named(texts: Iterable[str], resolvers: Mapping[str, Resolver]) -> dict[str, Named]:
    wanted: dict[str, list[str]] = defaultdict(list)
    found = {text: Named(text or _("nobody in particular")) for text in texts}
    for text in found:
        kind, _colon, pk = text.partition(":")
        wanted[kind].append(pk)
    for kind, ids in wanted.items():
        if kind in resolvers:
            found |= {f"{kind}:{pk}": named for pk, named in resolvers[kind](ids).items()}
    return found


def memberships(ids: list[str]) -> dict[str, Named]:
    """Name the members that sub-ledgers belong to."""
    rows = members.register().filter(pk__in=[pk for pk in ids if pk.isdigit()])
    return {str(row.pk): Named(str(row.name)) for row in rows}


def providers(ids: list[str]) -> dict[str, Named]:
    return {pk: Named({"transfer": _("By transfer"), "cash": _("In cash")}.get(pk, pk)) for pk in ids}
