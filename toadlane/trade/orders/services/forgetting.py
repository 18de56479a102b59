"""Taking a person out of orders that are over."""

from datetime import datetime

from django.db import transaction

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.orders.models import Cart, Order, Series
from toadlane.trade.orders.permissions import PLACE


@transaction.atomic
def forget(*, person_id: int, by: Principal, at: datetime) -> None:
    """Take away what no law obliges us to keep: where somebody lives, how to reach them, what their door is like."""
    by.must(PLACE)  # The room of people has asked whether it is them.
    blank = {"name": "–", "company": "", "vat_number": "", "email": "", "phone": "", "address": "", "notes": ""}
    Order.objects.filter(customer_id=person_id).update(**blank)
    Series.objects.filter(customer_id=person_id).update(state=Series.State.ENDED, contact={}, kept_card="")
    Cart.objects.filter(person_id=person_id).delete()
