from django.db.models import QuerySet

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import registry
from toadlane.plumbing.webhooks.models import Delivery, Subscription
from toadlane.plumbing.webhooks.permissions import LOOK


def subscriptions(*, by: Principal) -> QuerySet[Subscription]:
    by.must(LOOK)
    return Subscription.objects.order_by("pk")


def subscription(pk: int, *, by: Principal) -> Subscription | None:
    by.must(LOOK)
    return Subscription.objects.filter(pk=pk).first()


def deliveries(of: Subscription, *, by: Principal) -> QuerySet[Delivery]:
    by.must(LOOK, of)
    return Delivery.objects.filter(subscription=of)


def delivery(pk: int, *, by: Principal) -> Delivery | None:
    by.must(LOOK)
    return Delivery.objects.filter(pk=pk).first()


def events(*, by: Principal) -> list[str]:
    """Return the names of all events there are."""
    by.must(LOOK)
    return registry.known()
