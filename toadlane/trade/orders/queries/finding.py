"""Finding one order, and what is due."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.tenancy.prepared import Param, Prepared
from toadlane.plumbing.tenancy.scope import every_coop
from toadlane.society.coops import queries as coops
from toadlane.society.members.models import Worker
from toadlane.society.people import queries as people
from toadlane.trade.orders.models import Chargeback, Checkout, Order, Series
from toadlane.trade.orders.queries import processes
from toadlane.trade.work.models import Offer


def find(pk: int) -> Order | None:
    """Return an order with all that its process and its pages read."""
    return _WHOLE.first(pk=pk)


_WHOLE: Prepared[Order] = Prepared(
    lambda: Order.objects.select_related(
        "process", "checkout", "series", "customer", "provider__organisation", "provider__person", "worker"
    ).filter(pk=Param("pk"))
)


def locked(pk: int) -> Order:
    """Return an order that nobody else changes until the transaction ends."""
    return Order.objects.select_for_update(of=("self",)).select_related("process").get(pk=pk)


def of_subject(subject: str) -> Order | None:
    """Return what `order:12` means, or None for a subject of another room."""
    room, _colon, pk = subject.partition(":")
    return find(int(pk)) if room == "order" and pk.isdigit() else None


def is_charged_back(order: Order) -> bool:
    """Whether the payer's bank has taken back what was paid for an order, and it is not decided yet whether it may."""
    return order.chargebacks.filter(state=Chargeback.State.OPEN).exists()


def checkout_of(subject: str) -> Checkout | None:
    room, _colon, pk = subject.partition(":")
    if room != "checkout":
        return None
    try:
        return _CHECKOUT.first(pk=UUID(pk))
    except ValueError:
        return None


_CHECKOUT: Prepared[Checkout] = Prepared(lambda: Checkout.objects.filter(pk=Param("pk")))


def visited_by(person_id: int) -> list[people.Home]:
    """Return the co-ops in which a person has ordered something; asked outside every co-op."""
    with every_coop(reason="the list of where one has ordered"):
        ids = set(Order.objects.filter(customer_id=person_id).order_by().values_list("coop_id", flat=True).distinct())
    found = coops.named(ids).items()
    return [
        people.Home(coop_id=pk, name=coop.name, url=f"{coops.home(coop)}orders/", standing=_("Customer")) for pk, coop in found
    ]


def can(order: Order, transition: str) -> bool:
    """Say whether the process has such a transition from where the order is."""
    return processes.of(order).find(transition, order.state) is not None


def coops_with_due(at: datetime) -> Iterable[int]:
    """Return the co-ops that have a timer to ring."""
    return Order.objects.filter(due_at__lte=at).order_by().values_list("coop_id", flat=True).distinct()


def next_due(at: datetime) -> datetime | None:
    """Return when the next timer of an order rings."""
    return timers.first_after(at, Order.objects.all(), "due_at")


def series_of(pk: int) -> Series | None:
    return Series.objects.filter(pk=pk).first()


def is_offered(order: Order, by: Principal) -> bool:
    """Whether the order's job is offered to a member whom the principal speaks for."""
    offers = Offer.objects.filter(job__subject=order.subject, state=Offer.State.OFFERED, membership_id__in=by.memberships)
    return bool(by.memberships) and offers.exists()


def worker(pk: int | None) -> Worker | None:
    """Return somebody who works for a member organisation."""
    return Worker.objects.select_related("person").filter(pk=pk).first() if pk else None


def workers_of(order: Order) -> list[Worker]:
    """Return the people whom the provider of an order may send."""
    return (
        list(Worker.objects.filter(membership_id=order.provider_id, ended_on=None).order_by("name")) if order.provider_id else []
    )
