"""Who is late, since when, and whom to remind."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Min, QuerySet, Sum

from toadlane.kernel.money import Money
from toadlane.ownership.dues import policies
from toadlane.ownership.dues.models import Claim
from toadlane.ownership.dues.queries.claims import OPEN
from toadlane.ownership.dues.queries.terms import currency
from toadlane.ownership.shares import queries as shares
from toadlane.plumbing.access.paging import page
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import queries as members
from toadlane.society.members.models import MEMBERS, Membership

LEFT = F("amount_minor") - F("paid_minor") - F("waived_minor")


def late_since(today: date, *, membership_ids: Iterable[int] | None = None) -> dict[int, date]:
    """Return since when each member is late with dues or with shares they subscribed to; who is not late is left out."""
    grace = int(bylaws.book().value("dues.grace_days"))
    rows = Claim.objects.filter(OPEN, due_on__lt=today - timedelta(days=grace)).order_by()
    ids = None if membership_ids is None else list(membership_ids)
    if ids is not None:
        rows = rows.filter(membership_id__in=ids)
    oldest = rows.values_list("membership_id").annotate(first=Min("due_on"))
    found = {pk: policies.late_from(due, grace) for pk, due in oldest}
    for pk, since in shares.late_since(today, membership_ids=ids).items():
        found[pk] = min(since, found.get(pk, since))
    return found


@dataclass(frozen=True)
class Owing:
    """What one member owes, and since when they are late; None while they have time."""

    membership: Membership
    left: Money
    due_on: date
    late_since: date | None


def owing_page(today: date, cursor: str | None, limit: int = 50) -> tuple[list[Owing], str | None]:
    """Return a page of who owes dues, in the order of the register, and where the next one begins."""
    open_now = Claim.objects.filter(OPEN).order_by()
    rows = members.register().filter(pk__in=open_now.values("membership_id"))
    found = page(rows, cursor=cursor, limit=limit, order=("pk",))
    ids = [one.pk for one in found.items]
    sums = open_now.filter(membership_id__in=ids).values_list("membership_id").annotate(left=Sum(LEFT), due=Min("due_on"))
    owed = {pk: (left, due) for pk, left, due in sums}
    late, unit = late_since(today, membership_ids=ids), currency()
    shown = [Owing(one, Money(owed[one.pk][0], unit), owed[one.pk][1], late.get(one.pk)) for one in found.items]
    return shown, found.next


def reminders_due(today: date) -> Iterator[tuple[int, QuerySet[Claim]]]:
    """Return the claims that are due for their first, second, ... reminder."""
    book = bylaws.book()
    days = int(book.value("dues.remind_days"))
    for nth in range(int(book.value("dues.reminders")), 0, -1):
        due = Claim.objects.filter(OPEN, reminders=nth - 1, due_on__lte=today - timedelta(days=nth * days))
        yield nth, due.filter(membership__standing__in=MEMBERS)
