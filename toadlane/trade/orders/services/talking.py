"""The conversation that belongs to an order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.files.models import Document
from toadlane.society.messaging import services as messaging
from toadlane.society.messaging.services import Side
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.permissions import SEE


@transaction.atomic
def open_talk(*, order: Order, by: Principal, at: datetime) -> Any:
    """Open the conversation of an order, or find it open."""
    by.must(SEE, order)
    return messaging.open_thread(subject=order.subject, title=order.title, sides=_sides(order), by=by, at=at)


@transaction.atomic
def say(*, order: Order, text: str, by: Principal, at: datetime, files: Sequence[Document] = ()) -> Any:
    """Say something to the other side. The conversation is opened with the first word.

    :param files: what is sent along; they hang on the conversation (`open_talk`)
    :raises messaging.NothingSaid: when there is neither word nor file
    :raises Refused: when the principal sees the order and is neither of its sides, as the board is
    """
    by.must(SEE, order)
    thread = open_talk(order=order, by=by, at=at)
    return messaging.say(thread=thread, text=text, by=by, at=at, files=files)


def _sides(order: Order) -> list[Side]:
    customer = Side(
        side="customer", name=order.name, person_id=order.customer_id, order_id=None if order.customer_id else order.pk,
        email=order.email, phone=order.phone[:20], language=order.language,
    )  # fmt: skip
    if order.provider is None:
        return [customer]
    return [customer, Side(side="provider", name=str(order.provider), membership_id=order.provider_id)]
