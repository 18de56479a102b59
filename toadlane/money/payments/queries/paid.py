"""Single payments."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.urls import reverse

from toadlane.money.payments.models import Errand, Method, Payment, Payout, Provider, Refund, State
from toadlane.plumbing.tenancy.prepared import Param, Prepared
from toadlane.plumbing.tenancy.scope import every_coop

MOST = 500
WAITING = (State.CREATED, State.FAILED, State.REQUIRES_ACTION)


def payment(payment_id: UUID | str) -> Payment | None:
    return Payment.objects.filter(pk=payment_id).first()


def of_subject(subject: str) -> Payment | None:
    """Return the newest payment for a subject, such as `checkout:9`."""
    return _NEWEST.first(subject=subject)


_NEWEST: Prepared[Payment] = Prepared(lambda: Payment.objects.filter(subject=Param("subject")).order_by("-begun_at", "-pk")[:1])


def at_token(token: str) -> Payment | None:
    """Return the payment of a card page, whichever co-op it belongs to: whoever holds the address may pay."""
    with every_coop(reason="the address of a card page names no co-op"):
        return Payment.objects.filter(token=token).first()


def card_page(payment: Payment) -> str:
    """Return the path of the page where this payment is made, on the server's own host."""
    return f"/pay/{payment.token}/"


def address_of(payment: Payment) -> str:
    """Return the whole address of that page, for letters and for links from a co-op's own host."""
    return f"{settings.TOADLANE_ORIGIN}{card_page(payment)}"


# The kinds of subject that may be paid in parts, or with too much: their rooms know what to do with it.
_in_parts: set[str] = set()


def declare_in_parts(kind: str) -> None:
    """Let what a subject of this kind costs be paid in parts. Called in the `wiring` of its room."""
    _in_parts.add(kind)


def takes_parts(subject: str) -> bool:
    return subject.partition(":")[0] in _in_parts


# The kinds of subject that members pay with their own credit: their rooms know how to book it.
_in_credit: set[str] = set()


def declare_in_credit(kind: str) -> None:
    """Let a subject of this kind be paid with mutual credit. Called in the `wiring` of its room."""
    _in_credit.add(kind)


def takes_credit(subject: str) -> bool:
    return subject.partition(":")[0] in _in_credit


# Say why something begun is not to be paid now; nothing where it may be. By the kind of the subject.
Hindrance = Callable[[Payment], str]
_hindrances: dict[str, Hindrance] = {}


def declare_hindrance(kind: str, hindrance: Hindrance) -> None:
    """Let the room of a subject say what stands in the way of paying it at once just now. Called in its `wiring`."""
    _hindrances[kind] = hindrance


def hindrance(payment: Payment) -> str:
    """Return why nobody is to pay something by card or with credit now, in words; nothing where they may."""
    asked = _hindrances.get(payment.subject.partition(":")[0])
    at_once = payment.method in (Method.CARD, Method.CREDIT)
    return asked(payment) if asked and at_once and payment.is_open else ""


def of_references(references: Iterable[str]) -> dict[str, Payment]:
    """Return for each reference the newest payment that has been paid under it."""
    rows = Payment.objects.filter(reference__in=list(references), state=State.CAPTURED, provider=Provider.MANUAL)
    return {row.reference: row for row in rows.order_by("begun_at", "pk")}


def paid_for(subject: str) -> list[Payment]:
    """Return what has been paid for a subject and not given back whole, the newest first."""
    rows = Payment.objects.filter(subject=subject, state=State.CAPTURED, captured_minor__gt=F("refunded_minor"))
    return list(rows.order_by("-begun_at", "-pk")[:MOST])


def waiting_for(subject: str) -> list[Payment]:
    """Return what somebody was asked to pay for a subject by hand and has not paid, the oldest first."""
    rows = Payment.objects.filter(subject=subject, provider=Provider.MANUAL, state__in=WAITING)
    return list(rows.order_by("begun_at", "pk")[:MOST])


def on_its_way_back(subject: str, code: str) -> int:
    """Return how much is being given back for a subject out of an account, and is not booked yet, in minor units."""
    rows = Refund.objects.filter(payment__subject=subject, state__in=(Errand.ASKED, Errand.UNKNOWN))
    return sum(leg["minor"] for debits in rows.values_list("debits", flat=True) for leg in debits if leg["code"] == code)


# Payouts on their way otherwise: the ids of those in a file for the bank, and the page of those files.
_in_files: list[tuple[Callable[[], set[str]], str]] = []


def declare_files(source: Callable[[], set[str]], page: str) -> None:
    """Let the room that writes files for the bank say what is in one: nobody sends that by hand. Called in its `wiring`."""
    assert not _in_files, "there are such files already"
    _in_files.append((source, page))


def in_files() -> set[str]:
    """Return the ids of payouts that are in a file for the bank and not booked yet."""
    return _in_files[0][0]() if _in_files else set()


def files_page() -> str:
    """Return the address of the page of files for the bank, or nothing where no room has one."""
    return reverse(_in_files[0][1]) if _in_files else ""


# The page that shows what a payout is made of: a room above knows the orders behind it.
_statement_pages: list[str] = []


def declare_statement_page(name: str) -> None:
    """Name the page of a payout's statement. Called in the `wiring` of the room that has it."""
    assert not _statement_pages, "there is such a page already"
    _statement_pages.append(name)


def statement_page(payout: Payout) -> str:
    """Return the address of a payout's statement, or nothing where no room has one."""
    return reverse(_statement_pages[0], args=[payout.pk]) if _statement_pages else ""
