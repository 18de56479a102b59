"""What a customer pays beside the price: what they promised the one who comes for each visit, or what is suggested to them."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.benefits import queries as benefits
from toadlane.society.bylaws.queries import Book
from toadlane.society.coops.queries import COOP_URLS
from toadlane.trade.orders.queries.splits import mark
from toadlane.ui.shapes import Decided

COMES = ("visit", "booking")


@dataclass(frozen=True)
class Beside:
    """
    :param state: `promised` is charged after the visit, `charged` was, and `suggested` is charged only if they promise it
    :param wallet: the code of the wallet into which it can be promised
    :param is_for_later: nobody knows yet who comes, so that there is no wallet into which it could be promised
    """

    text: str
    amount: Money
    state: str
    url: str
    rule: Decided | None = None
    wallet: str = ""
    is_for_later: bool = False


def of_quote(quote: Any, book: Book, *, customer_id: int | None) -> list[Beside]:
    """Return what comes on top of a price for a visit, so that it is known before anybody pays."""
    suggested = benefits.suggested(book)
    if suggested is None or quote.kind not in COMES:
        return []
    # A guest has promised nobody anything: nothing is asked for them.
    worker_id = quote.provider.person_id if customer_id and quote.provider_id else None
    return _beside(quote.kind, suggested, book, customer_id, worker_id)


def of_order(order: Any, book: Book) -> list[Beside]:
    """Return what comes, or came, on top of an order: for its customer's eyes only."""
    suggested = benefits.suggested(book)
    if order.released_at:
        made = benefits.for_visit(order.subject)
        return [Beside(_into(one.wallet.person.name), one.amount, "charged", _plans()) for one in made]
    if suggested is None or order.kind not in COMES:
        return []
    worker_id = order.worker_id or (order.provider.person_id if order.provider else None)
    return _beside(order.kind, suggested, book, order.customer_id, worker_id)


def _beside(kind: str, suggested: Money, book: Book, customer_id: int | None, worker_id: int | None) -> list[Beside]:
    plans = benefits.by_visit(customer_id, worker_id) if customer_id else []
    if plans:
        told = _into if worker_id else _if_they_come
        return [Beside(told(plan.wallet.person.name), plan.amount, "promised", _plans()) for plan in plans]
    if kind != "visit":
        return []
    return [_suggestion(suggested, book, customer_id, worker_id)]


def _suggestion(suggested: Money, book: Book, customer_id: int | None, worker_id: int | None) -> Beside:
    """Say what is suggested, and lead to the wallet of whoever comes as soon as that is somebody who has one."""
    rule = mark(book, benefits.SUGGESTED)
    wallet = benefits.of_person(worker_id) if worker_id and customer_id and worker_id != customer_id else None
    if wallet is None:
        text = _("Suggested for each visit, for the days off of whoever comes")
        return Beside(text, suggested, "suggested", _plans() if worker_id else "", rule, is_for_later=not worker_id)
    text = _("Suggested for each visit, for the days off of %(name)s: promise it") % {"name": wallet.person.name}
    url = reverse("benefits:give", args=[wallet.code], urlconf=COOP_URLS) + "?rhythm=visit"
    return Beside(text, suggested, "suggested", url, rule, wallet=wallet.code)


def _plans() -> str:
    return reverse("benefits:plans", urlconf=COOP_URLS)


def _into(name: str) -> str:
    return _("For the days off of %(name)s, as you promised") % {"name": name}


def _if_they_come(name: str) -> str:
    return _("For the days off of %(name)s, as you promised, if it is they who come") % {"name": name}
