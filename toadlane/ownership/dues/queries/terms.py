"""What the bylaws ask of a member, and what members chose."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Max
from django.utils import timezone

from toadlane.ownership.dues import policies
from toadlane.ownership.dues.models import Choice
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules.provenance import FOUNDING
from toadlane.society.coops import queries as coops


def currency() -> str:
    return str(coops.of_scope(current_coop_id()).currency)


def terms_of(member_class: str) -> policies.Terms:
    """Return what members of a class are asked for each period."""
    book = bylaws.book()
    return policies.terms(
        amount=book.value("dues.amount").minor, least=book.value("dues.least").minor, most=book.value("dues.most").minor,
        is_sliding=book.value("dues.sliding"), part=policies.part_of(book.value("dues.class_parts"), member_class),
    )  # fmt: skip


def there_are_dues() -> bool:
    """Tell whether the bylaws ask for dues. Every page of a member asks: no statement of its own."""
    return bool(bylaws.book().value("dues.amount").minor)


def charges_from() -> date | None:
    """Return the first day on which a period may begin that is charged: none before the members asked for dues.

    None where they are as old as the co-op.
    """
    decided = bylaws.book().decided("dues.amount")
    return None if decided.decision == FOUNDING or decided.decided_on is None else timezone.localdate(decided.decided_on)


def chosen(membership_ids: Iterable[int]) -> dict[int, int]:
    """Return what members chose last, in minor units; who chose nothing is left out."""
    newest = Choice.objects.filter(membership_id__in=list(membership_ids)).order_by().values("membership_id")
    rows = Choice.objects.filter(pk__in=newest.annotate(last=Max("pk")).values("last"))
    return dict(rows.values_list("membership_id", "amount_minor"))
