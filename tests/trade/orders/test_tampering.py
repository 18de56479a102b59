"""Whoever writes past the database's refusals into the money of an order is named by `toadlane verify`."""

import pytest
from django.db.models import F

from tests.trade.orders.street import Street, euro
from toadlane.plumbing.tenancy.scope import scope
from toadlane.plumbing.triggers import refusals
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Order, Refund
from toadlane.trade.orders.queries.oversight import shares_add_up

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_shares_of_an_order_are_its_price(at, day):
    street = Street(at, day)
    with scope(street.coop.pk):
        order = street.done(street.take_on(street.place(street.jon), street.hana))
        orders.refund(order=order, amount=euro(1_000), reason="Late", key="r", by=street.by(street.hana), at=street.day)
        order.refresh_from_db()
        [refund] = order.refunds.all()
        assert (shares_add_up().looked_at, list(shares_add_up().faults)) == (1, [])
        more = [{**order.split[0], "minor": order.split[0]["minor"] + 1}, *order.split[1:]]
        changes = [
            (order, {"split": more}), (order, {"split": order.split[:-1]}), (order, {"left": order.left[:-1]}),
            (order, {"refunded_minor": 0}), (refund, {"amount_minor": F("amount_minor") - 1}),
            (refund, {"shares": [*refund.shares, refund.shares[0]]}), (refund, None),
        ]  # fmt: skip
        refusals.remove()
        try:
            for row, change in changes:
                held = (Order if row is order else Refund).objects.filter(pk=row.pk)
                held.delete() if change is None else held.update(**change)
                assert shares_add_up().faults, change
                row.save(force_insert=change is None)
                assert not shares_add_up().faults
        finally:
            refusals.install()
