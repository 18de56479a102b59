import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from toadlane.money.ledger import queries as books
from toadlane.ownership.arrivals.models import Arrival, Draft
from toadlane.ownership.arrivals.policies.checking import Here, Known
from toadlane.ownership.arrivals.policies.reading import SHEETS
from toadlane.ownership.shares import queries as shares
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.society.members.models import MEMBERS


def currency() -> str:
    return str(coops.of_scope(current_coop_id()).currency)


def is_before_the_books() -> bool:
    """Tell whether nothing was posted yet, and nothing brought along."""
    return not Arrival.objects.exists() and not books.balances() and not shares.movements().exists()


def arrival() -> Arrival | None:
    return Arrival.objects.first()


def named(ids: list[str], _by: Principal | None) -> dict[str, books.Named]:
    """Name what the opening entry is about."""
    return {one: books.Named(_("Brought along")) for one in ids}


def draft(pk: int) -> Draft | None:
    return Draft.objects.filter(pk=pk).first()


def files_of(draft: Draft) -> dict[str, bytes]:
    return {sheet.name: bytes(getattr(draft, sheet.name)) for sheet in SHEETS}


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return what makes files the same files."""
    whole = hashlib.sha256()
    for name in ("members", "shares", "balances", "loans"):
        data = files.get(name, b"")
        # There were no loans once: who brings none has the digest that these files had then.
        if data or name != "loans":
            whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()


def known(at: datetime) -> Known:
    """Return what files are judged by: the bylaws in force and who is a member already."""
    rows = members.register().filter(standing__in=MEMBERS)
    here = []
    for row in rows:
        who: Any = row.person or row.organisation
        here.append(Here(row.pk, row.number, row.name, who.email or "", who.phone or "", row.member_class))
    classes = {one.id: (one.is_for_persons, one.is_for_organisations) for one in members.member_classes().values()}
    return Known(
        today=timezone.localdate(at), currency=currency(), classes=classes, share_classes=shares.share_classes(),
        here=tuple(here), most_of_capital=bylaws.book().value("shares.most_of_capital"),
    )  # fmt: skip
