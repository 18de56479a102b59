"""Whose account is where: the co-op's own, and those of its members."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import Case, QuerySet, When

from toadlane.money.bank.models import Details
from toadlane.money.payments import queries as payments

# A statement of PostgreSQL carries 65,535 values, and is slow to plan long before.
FEW = 1_000


def details_of(membership_id: int | None) -> Details | None:
    """Return the account a member gave last (or the co-op's own), whether or not it rests."""
    return Details.objects.filter(membership_id=membership_id).order_by("-given_at", "-pk").first()


def account(at: datetime) -> payments.Account | None:
    """Return the co-op's own account, for whoever pays by transfer; none while it rests after a change."""
    own = details_of(None)
    return payments.Account(own.name, own.iban) if own and own.usable_from <= at else None


def latest(membership_ids: Iterable[int]) -> dict[int, Details]:
    """Return the accounts that some members gave last, in one statement, which names them only where they are few."""
    wanted = set(membership_ids)
    return {row.membership_id: row for row in _given(wanted) if row.membership_id in wanted}


def _given(membership_ids: set[int]) -> QuerySet[Details]:
    rows = Details.objects.filter(membership__isnull=False)
    rows = rows.filter(membership_id__in=membership_ids) if len(membership_ids) <= FEW else rows
    return rows.order_by("given_at", "pk")


# (ids of memberships) -> those of them to whose accounts nothing is sent any more, such as of members who have died.
Closed = Callable[[Iterable[int]], Iterable[int]]
_closed: list[Closed] = []


def declare_closed(source: Closed) -> None:
    """Let a room above say to whose accounts nothing is sent any more: people pay them by hand. Called in its `wiring`."""
    _closed.append(source)


def closed(membership_ids: Iterable[int]) -> set[int]:
    """Return of some members those to whose accounts nothing is sent."""
    asked = set(membership_ids)
    return {pk for source in _closed for pk in source(asked)}


def usable(membership_ids: set[int], at: datetime) -> dict[int, payments.Account]:
    """Return where members can be paid now. An account that rests is not paid to, and neither is the one before it."""
    rows = _given(membership_ids).values_list("membership_id", "name", "iban", Case(When(usable_from__lte=at, then=1), default=0))
    # Plain rows: with tens of thousands of them an object for each is most of the work.
    last = {pk: (name, iban, ready) for pk, name, iban, ready in rows if pk in membership_ids}
    found = {pk: payments.Account(name, iban) for pk, (name, iban, ready) in last.items() if ready}
    gone = closed(found)
    return {pk: row for pk, row in found.items() if pk not in gone}
