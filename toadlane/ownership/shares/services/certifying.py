"""A certificate to print: what a member holds, as the register says on a day."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.ownership.shares import queries
from toadlane.ownership.shares.permissions import SEE
from toadlane.ownership.shares.queries import Holding
from toadlane.ownership.shares.services.register import day_of
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.printing import paper
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.members.models import Membership
from toadlane.ui import formats

PAPER = Path(__file__).parents[1] / "templates" / "print" / "certificate.typ"
MOST = 500


class NoneHeld(Expected):
    words = lazy("There are no such shares to certify.")
    status = 404


def certificate(*, membership: Membership, share_class: str, by: Principal, at: datetime) -> bytes:
    """Return a certificate as PDF/A, in the co-op's language. Of one day and one state of the register: the same bytes.

    :raises NoneHeld:
    """
    by.must(SEE, membership)
    one, held = queries.share_classes().get(share_class), queries.holding(membership.pk, share_class)
    if one is None or not held.shares:
        raise NoneHeld
    coop = coops.of_scope(current_coop_id())
    last = queries.movements(membership_ids=[membership.pk]).filter(share_class=one.id)[:MOST]
    with translation.override(coop.language):
        names = {"name": membership.name, "class": one.name(coop.language), "day": formats.day(day_of(at))}
        known = [[_("Number in the register"), str(membership.number or "")]]
        known.append([_("Price of one"), formats.money(Money(one.price, held.nominal.currency))])
        facts = _facts(coop.name, names, known, held, last)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return paper.pdf(PAPER, facts, language=coop.language, at=midnight)


def _facts(coop: str, names: dict[str, str], known: list[list[str]], held: Holding, lines: Any) -> dict[str, Any]:
    about = names | {"count": str(held.shares), "amount": formats.money(held.nominal)}
    rows = [
        [formats.day(one.on), str(one.get_kind_display()), str(one.shares), formats.money(one.nominal)] for one in reversed(lines)
    ]
    if held.unpaid.minor:
        known.append([_("Still unpaid"), formats.money(held.unpaid)])
    mark = hashlib.sha256(repr((held, rows)).encode()).hexdigest()[:16]
    says = _("%(name)s holds %(count)s of our shares (%(class)s), together %(amount)s, as the register says on %(day)s.")
    return {
        "title": _("Share certificate"), "author": coop, "coop": coop, "kind": _("Share certificate"), "says": says % about,
        "facts": known, "head": [_("Day"), _("What"), _("Shares"), _("Amount")], "lines": rows,
        "remarks": [_("Shares are in the member’s name, keep their price and carry no vote of their own.")],
        "foot": f"{coop} · {mark}",
    }  # fmt: skip
