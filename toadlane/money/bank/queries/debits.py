"""What members and clients owe and let the co-op debit: mandates, files of debits, and what is under way."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Collection as Some
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

from django.db.models import Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _

from toadlane.kernel.dates import add_months, next_bank_day
from toadlane.kernel.money import Money
from toadlane.money.bank.models import Collection, Creditor, Debit, Details, Mandate
from toadlane.money.bank.policies import statements as read
from toadlane.money.bank.queries.accounts import FEW, closed
from toadlane.money.payments.models import Payment, State
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person
from toadlane.ui import formats

T = TypeVar("T")
DEBIT_NOTICE = 14
# A mandate that was not used for so long lapses (SEPA Core rulebook, 4.3.2).
LAPSES_AFTER_MONTHS = 36
# How long the page of a card company stays open at most.
PAGE_STAYS = timedelta(days=1)
# What may still be paid.
OPEN = (State.CREATED, State.FAILED, State.REQUIRES_ACTION)


class Owed(NamedTuple):
    """What a member owes, or a person who may be none, as a payment that waits for the money."""

    membership_id: int | None
    payment: Payment
    person_id: int | None = None


class Source(Protocol):
    """Say what some members and people owe; the payments of it are begun where they were not yet.

    :param person_ids: who may be debited for what they owe by themselves, members among them
    :param on_its_way: ids of payments that are in a file already: what they are of is not owed besides
    """

    def __call__(
        self, *, membership_ids: Iterable[int], person_ids: Iterable[int], on_its_way: Some[str], by: Principal, at: datetime
    ) -> Iterable[Owed]: ...  # fmt: skip


# (subjects of payments, now) -> those of them that are not owed any more, or that somebody is paying another way.
NotOwed = Callable[[Some[str], datetime], Iterable[str]]
_owed: list[Source] = []
_not_owed: list[NotOwed] = []


def declare_owed(source: Source, not_owed: NotOwed) -> None:
    """Let a room above say what is owed that may be debited, and what is owed no more. Called in its `wiring`."""
    _owed.append(source)
    _not_owed.append(not_owed)


def sources_of_owed() -> Sequence[Source]:
    return _owed


class UnderWay(NamedTuple):
    """What is collected from somebody's account, as they were told."""

    subject: str
    amount: Money
    on: date


def under_way(subjects: Iterable[str]) -> list[UnderWay]:
    """Return which of some subjects an approved file collects, and of which nobody has said yet that it came or did not."""
    found = list[UnderWay]()
    for part in few(subjects):
        waiting = Payment.objects.filter(subject__in=part, state__in=OPEN)
        subject_of = dict(waiting.values_list("pk", "subject"))
        rows = Debit.objects.filter(
            is_dropped=False, collection__approved_at__isnull=False, collection__booked_at=None, payment_id__in=list(subject_of)
        )
        wanted = ("payment_id", "amount_minor", "collection__collects_on")
        found += [UnderWay(subject_of[pk], Money(minor, "EUR"), on) for pk, minor, on in rows.order_by("pk").values_list(*wanted)]
    return found


def under_way_of(mandate: Mandate) -> list[UnderWay]:
    """Return what is collected by a mandate, whether or not it has ended since."""
    ids = Debit.objects.filter(mandate=mandate, is_dropped=False, collection__booked_at=None).values("payment_id")
    return under_way(Payment.objects.filter(pk__in=ids).values_list("subject", flat=True))


def in_words(coming: Iterable[UnderWay]) -> str:
    """Say what is collected when, to whoever is about to pay it another way."""
    about = ({"amount": formats.money(one.amount), "day": formats.day(one.on)} for one in coming)
    return " ".join(_("%(amount)s is collected on %(day)s: it need not be paid besides.") % one for one in about)


def is_going(payment: Payment, at: datetime) -> bool:
    """Whether somebody is paying another way just now: at the card company, or in the hands of two people."""
    if payment.state in (State.VOIDED, State.DISPUTED):
        return False
    at_a_page = payment.state == State.REQUIRES_ACTION and payment.called_at is not None and payment.called_at > at - PAGE_STAYS
    return bool(payment.doing) or payment.state not in OPEN or at_a_page


def few(names: Iterable[T]) -> Iterator[list[T]]:
    """Part names so that a statement can carry them."""
    rows = list(names)
    return (rows[n : n + FEW] for n in range(0, len(rows), FEW))


def creditor() -> Creditor | None:
    """Return the identifier that the co-op gave last; without one it collects nothing."""
    return Creditor.objects.order_by("-given_at", "-pk").first()


def words_of(creditor: str) -> str:
    """Return what is signed, in the language at hand: the words of the SEPA Core rulebook."""
    return _(
        "By signing this mandate you authorize %(coop)s (creditor identifier %(creditor)s) to send instructions to your bank to "
        "debit your account, and your bank to debit your account in accordance with these instructions. As part of your rights, "
        "you are entitled to a refund from your bank under the terms and conditions of your agreement with your bank. A refund "
        "must be claimed within eight weeks from the day on which your account was debited."
    ) % {"coop": coops.of_scope(current_coop_id()).name, "creditor": creditor}


def debit_notice() -> int:
    """Return how many days before a debit members are told of it."""
    days = bylaws.book().maybe("pay.debit_notice")
    return DEBIT_NOTICE if days is None else int(days)


def earliest_debit(today: date) -> date:
    """Return the first day on which debits can be collected: members are told in time, and the bank has the file a day of its own
    before (SEPA Core rulebook, 4.3.1).
    """
    at_the_bank = next_bank_day(today)
    return next_bank_day(max(today + timedelta(days=debit_notice()), at_the_bank + timedelta(days=1)))


def mandates_of(membership_ids: Iterable[int], person_id: int | None = None) -> QuerySet[Mandate]:
    """Return all that some members, and a person by themselves, ever signed, the newest first."""
    rows = Mandate.objects.select_related("membership", "person").order_by("-signed_at", "-pk")
    return rows.filter(_whose(membership_ids, [person_id] if person_id else []))


def _whose(membership_ids: Iterable[int], person_ids: Iterable[int]) -> Q:
    return Q(membership_id__in=list(membership_ids)) | Q(person_id__in=list(person_ids))


def active_mandates_of(payer: Membership | Person, at: datetime) -> list[Mandate]:
    """Return the mandate of one payer, where it holds."""
    return _active(_whose([payer.pk], []) if isinstance(payer, Membership) else _whose([], [payer.pk]), at)


def mandate_for(person_id: int, at: datetime) -> Mandate | None:
    """Return the mandate by which a person is debited for what they owe by themselves: their own, or that of their membership."""
    found = _active(Q(person_id=person_id) | Q(membership__person_id=person_id), at)
    return min(found, key=lambda one: (one.person_id is None, one.pk), default=None)


def people_of(mandate_id: int) -> list[int]:
    """Return whose a mandate is or was, as a person: nobody where it is of an organisation."""
    rows = Mandate.objects.filter(pk=mandate_id).values_list("person_id", "membership__person_id")
    return [pk for row in rows for pk in row if pk]


def by_person(mandates: Iterable[Mandate]) -> dict[int, Mandate]:
    """Return for each person the mandate by which they are debited, of some that hold: `mandate_for`, for all at once."""
    members = Mandate.objects.filter(ended_at=None, membership__person__isnull=False).order_by()
    whose = dict(members.values_list("pk", "membership__person_id"))
    found, own = dict[int, Mandate](), dict[int, Mandate]()
    for one in mandates:
        if one.person_id:
            own[one.person_id] = one
        elif one.pk in whose:
            found.setdefault(whose[one.pk], one)
    return found | own


def active_mandates(membership_ids: Iterable[int] | None, at: datetime, *, on: date | None = None) -> list[Mandate]:
    """Return the mandates (of some members, or all) that hold and will not have lapsed on a day, nor are of the dead.

    One that was given to the co-op under another identifier holds no more.
    """
    return _active(Q() if membership_ids is None else _whose(membership_ids, []), at, on)


def _active(whose: Q, at: datetime, on: date | None = None) -> list[Mandate]:
    known = creditor()
    if known is None:
        return []
    rows = Mandate.objects.filter(whose, ended_at=None, creditor=known.identifier).annotate(
        used_on=Max("debits__collection__collects_on", filter=Q(debits__is_dropped=False))
    )
    day, found = on or timezone.localdate(at), []
    for one in rows.order_by("pk"):
        since = max(one.used_on or date.min, timezone.localdate(one.signed_at))
        if day < add_months(since, LAPSES_AFTER_MONTHS):
            found.append(one)
    gone = closed(one.membership_id for one in found if one.membership_id)
    return [one for one in found if one.membership_id not in gone]


def used_mandates() -> set[int]:
    """Return those that a file which was not dropped has used."""
    return set(Debit.objects.filter(is_dropped=False, mandate__ended_at=None).order_by().values_list("mandate_id", flat=True))


def collections() -> QuerySet[Collection]:
    return Collection.objects.defer("file").order_by("-pk")


def whom_they_debit(collections: Iterable[Collection], most: int = 50) -> dict[int, list[Debit]]:
    """Return whom each file that is not over debits how much, the first of them."""
    open_ones = [one.pk for one in collections if one.booked_at is None and one.dropped_at is None]
    nth = Window(RowNumber(), partition_by="collection_id", order_by="pk")
    rows = Debit.objects.filter(collection__in=open_ones).annotate(nth=nth).filter(nth__lte=most)
    found: dict[int, list[Debit]] = {}
    for row in rows.select_related("mandate").order_by("pk"):
        found.setdefault(row.collection_id, []).append(row)
    return found


def is_settled(collection: Collection) -> bool:
    """Whether all that a file collects has come, or was paid another way."""
    theirs = Debit.objects.filter(collection=collection).order_by().values("payment_id")
    return not Payment.objects.filter(pk__in=theirs, state__in=OPEN).exists()


def in_collections() -> frozenset[str]:
    """Return the ids of payments that are in a file which was not dropped, and whose money has not all come."""
    rows = Debit.objects.filter(is_dropped=False, collection__booked_at=None).order_by()
    return frozenset(str(pk) for pk in rows.values_list("payment_id", flat=True))


def still_open(payment_ids: list[UUID]) -> list[UUID]:
    """Return which of some payments have not come."""
    return list(Payment.objects.filter(pk__in=payment_ids, state__in=OPEN).order_by("pk").values_list("pk", flat=True))


def has_other_debits(collection: Collection, at: datetime) -> bool:
    """Whether somebody in a file owes it no more or has ended the mandate, or the co-op is known by something else by now."""
    known = creditor()
    own_changed = Details.objects.filter(membership=None, given_at__gt=collection.made_at).exists()
    if own_changed or known is None or known.identifier != collection.creditor:
        return True
    theirs = Debit.objects.filter(collection=collection).order_by()
    rows = list(theirs.values_list("mandate_id", "payment_id", "amount_minor"))
    active = {one.pk for one in active_mandates(None, at, on=collection.collects_on)}
    # What was recorded as come by hand, and waits for a second person, is no longer to be debited either.
    # Named a thousand at a time: how many rows a file has just got, no planner of a join knows yet.
    still, subjects = dict[UUID, int](), set[str]()
    for part in few(payment for _mandate, payment, _amount in rows):
        waiting = Payment.objects.filter(pk__in=part, doing="", state__in=OPEN)
        for pk, amount, subject in waiting.values_list("pk", "amount_minor", "subject"):
            still[pk] = amount
            subjects.add(subject)
    if any(mandate not in active or still.get(payment) != amount for mandate, payment, amount in rows):
        return True
    return any(subject in subjects for not_owed in _not_owed for subject in not_owed(subjects, at))


def debits_of(end_to_end: Iterable[str]) -> dict[str, Debit]:
    """Return what approved files collect, by the ids that come back on statements."""
    wanted = [UUID(code) for one in end_to_end if (code := read.key_of(one))]
    rows = Debit.objects.filter(payment_id__in=wanted, is_dropped=False, collection__approved_at__isnull=False)
    rows = rows.select_related("collection").defer("collection__file")
    return {row.payment_id.hex: row for row in rows}
