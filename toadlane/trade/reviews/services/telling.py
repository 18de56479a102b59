"""Writing to one side of an order: members at their desk and by letter, a guest by letter with a link that needs no account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.sending import services as sending
from toadlane.society.coops import queries as coops
from toadlane.society.messaging import services as messaging
from toadlane.trade.orders import queries as orders
from toadlane.trade.orders.models import Order
from toadlane.trade.reviews import queries
from toadlane.trade.reviews.models import Side


def tell(
    order: Order, side: Side, template: str, page: tuple[str, int], context: Mapping[str, Any], *, by: Principal, at: datetime
) -> None:
    """Write to everybody on one side.

    :param page: the name of a page of this room and what it is of; a guest's page of an order needs no number
    """
    name, pk = page
    coop = coops.of_scope(order.coop_id)
    if side == Side.CUSTOMER and order.customer_id is None:
        if order.email or order.phone:
            args = [orders.token(order)] if name == "order" else [orders.token(order), pk]
            link = coops.address(coop, f"reviews:guest_{name}", *args)
            to = sending.Recipient(email=order.email, phone=order.phone, name=order.name)
            sending.send(to=to, template=template, context={**context, "link": link}, language=order.language, by=by, at=at)
        return
    there = {**context, "link": coops.address(coop, f"reviews:{name}", pk)}
    people = [order.customer_id] if side == Side.CUSTOMER else queries.speakers_of(order.provider)
    for person_id in people:
        if person_id is not None:
            messaging.notify(person_id=person_id, about="orders", template=template, by=by, at=at, context=there)
