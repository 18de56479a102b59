"""Single payments."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from toadlane.money.payments.models import Payment, Payout
from toadlane.plumbing.tenancy.prepared import Param, Prepared
from toadlane.plumbing.tenancy.scope import every_coop


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


# The page that shows what a payout is made of: a room above knows the orders behind it.
_statement_pages: list[str] = []


def declare_statement_page(name: str) -> None:
    """Name the page of a payout's statement. Called in the `wiring` of the room that has it."""
    assert not _statement_pages, "there is such a page already"
    _statement_pages.append(name)


def statement_page(payout: Payout) -> str:
    """Return the address of a payout's statement, or nothing where no room has one."""
    return reverse(_statement_pages[0], args=[payout.pk]) if _statement_pages else ""
