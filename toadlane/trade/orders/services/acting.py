"""What somebody does to an order with one press of a button, whatever room it needs besides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from toadlane.kernel.dates import in_utc
from toadlane.plumbing.access.principals import Principal
from toadlane.society.members.models import Worker
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.permissions import PLACE
from toadlane.trade.orders.services import chores, delivery, moving
from toadlane.trade.orders.services.errors import NotNow
from toadlane.trade.work import queries as jobs
from toadlane.trade.work.models import Offer


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a transition may need to know."""

    starts_at: datetime | None = None
    worker: Worker | None = None
    refund_minor: int = 0
    reason: str = ""

    def __post_init__(self) -> None:
        if self.starts_at:
            object.__setattr__(self, "starts_at", in_utc(self.starts_at))

    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = {"starts_at": self.starts_at, "refund_minor": self.refund_minor, "reason": self.reason[:500]}
        return {name: value for name, value in found.items() if value}


def act(*, order: Order, transition: str, by: Principal, at: datetime, facts: Facts | None = None) -> Order:
    """Make a transition as one of the sides, with the job behind it, and do at once what it asks of the card company.

    :raises NotNow: when the order is not at this point of its way
    """
    by.must(PLACE)  # Who may do what is asked by each of the steps below.
    facts = facts or Facts()
    # What earlier steps still ask of the card company comes first: money is shared out once it has been charged.
    chores.do(order_ids=[order.pk], by=by, at=at)
    order.refresh_from_db(fields=["captured_minor"])
    job = jobs.of_subject(order.subject)
    if transition == "accept" and (offer := _offer_to(order, by)):
        order = delivery.accept(offer=offer, by=by, at=at)
    elif transition == "assign":
        order = delivery.assign(order=order, worker=facts.worker, by=by, at=at)
    elif transition == "start" and job:
        order = delivery.start(order=order, by=by, at=at)
    elif transition == "finish" and job:
        order = delivery.finish(order=order, by=by, at=at)
    elif transition in ("pay", "release"):
        raise NotNow
    else:
        order = moving.advance(order=order, transition=transition, by=by, at=at, facts=facts.told())
    chores.do(order_ids=[order.pk], by=by, at=at)
    return order


def take_on(*, offer: Offer, by: Principal, at: datetime) -> Order:
    """Take an offered job on, and charge the card at once.

    :raises work.OfferClosed: when the offer went on to somebody else
    """
    by.must(PLACE)
    order = delivery.accept(offer=offer, by=by, at=at)
    chores.do(order_ids=[order.pk], by=by, at=at)
    return order


def _offer_to(order: Order, by: Principal) -> Offer | None:
    mine = Offer.objects.filter(job__subject=order.subject, state=Offer.State.OFFERED, membership_id__in=by.memberships)
    return mine.select_related("job").first()
