"""How the books call what stands in them: subjects (`order:12`) and holders (`membership:7`). Upper rooms name their own."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from toadlane.money.ledger.policies.chart import COOP
from toadlane.plumbing.access.principals import Principal
from toadlane.society.members import queries as members


@dataclass(frozen=True)
class Named:
    """:param url: page to read on, or nothing"""

    label: str
    url: str = ""


# Asked once for all ids of a kind: `{"12": Named("Order 12", "/orders/12/")}`. What it leaves out keeps its plain name, and
# an address is given only to who may go there.
Resolver = Callable[[list[str], Principal | None], Mapping[str, Named]]
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


def subjects(texts: Iterable[str], by: Principal | None = None) -> dict[str, Named]:
    """Name subjects for a reader, all of a kind at once."""
    return _named(texts, _subjects, by)


def holders(texts: Iterable[str]) -> dict[str, Named]:
    return _named(texts, _holders, None)


def subject(text: str, by: Principal | None = None) -> Named:
    return subjects([text], by)[text]


def holder(text: str) -> str:
    return holders([text])[text].label


def _named(texts: Iterable[str], resolvers: Mapping[str, Resolver], by: Principal | None) -> dict[str, Named]:
    wanted: dict[str, list[str]] = defaultdict(list)
    plain = {"": _("nobody in particular"), COOP: _("the co-op itself")}
    found = {text: Named(plain.get(text, text)) for text in texts}
    for text in found:
        kind, _colon, pk = text.partition(":")
        wanted[kind].append(pk)
    for kind, ids in wanted.items():
        if kind in resolvers:
            found |= {f"{kind}:{pk}" if pk else kind: named for pk, named in resolvers[kind](ids, by).items()}
    return found


def memberships(ids: list[str], _by: Principal | None) -> dict[str, Named]:
    """Name the members that sub-ledgers belong to."""
    rows = members.register().filter(pk__in=[pk for pk in ids if pk.isdigit()])
    return {str(row.pk): Named(str(row.name)) for row in rows}


def providers(ids: list[str], _by: Principal | None) -> dict[str, Named]:
    by_hand = {"transfer": _("By transfer"), "cash": _("In cash"), "voucher": _("In vouchers")}
    return {pk: Named(by_hand.get(pk, pk)) for pk in ids}
