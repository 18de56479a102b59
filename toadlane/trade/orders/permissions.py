from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, anyone

COORDINATORS = frozenset({"board", "coordinator", "founder"})


def actors(by: Principal, order: Any) -> frozenset[str]:
    """Return as whom a principal may act on an order: none, one or several of the process's actors."""
    found = set()
    if "system" in by.roles:
        found.add("system")
    if by.order_id == order.pk or (by.person_id is not None and by.person_id == order.customer_id):
        found.add("customer")
    if order.provider_id is not None and order.provider_id in by.memberships and by.roles:
        found.add("provider")
    if order.worker_id is not None and order.worker_id == by.person_id:
        found.add("worker")
    if by.roles & COORDINATORS:
        found.add("coop")
    if "mediator" in by.roles:
        found.add("mediator")
    return frozenset(found)


def _party(by: Principal, order: Any) -> Answer:
    return Answer(bool(actors(by, order)), _("Only the two sides of an order and the co-op’s coordinators see it."))


def _moves(by: Principal, step: Any) -> Answer:
    """:param step: a `Step`: an order and the transition that is asked for"""
    mine = actors(by, step.order) | step.as_well
    if not mine:
        return Answer(False, _("Only the two sides of an order act on it."))
    if step.transition is None:
        return Answer(True)  # Nobody can do this now; the service says so.
    return Answer(bool(mine & step.transition.actors), _("This is for the other side to do."))


def _gives_back(by: Principal, order: Any) -> Answer:
    mine = actors(by, order)
    return Answer(bool(mine & {"provider", "coop", "mediator", "system"}), _("Only who was paid, or the co-op, gives back."))


def _keeps(by: Principal, series: Any) -> Answer:
    mine = by.person_id is not None and by.person_id == series.customer_id
    ours = by.order_id is not None and series.orders.filter(pk=by.order_id).exists()
    return Answer(mine or ours or bool(by.roles & (COORDINATORS | {"system"})), _("Only who ordered these visits changes them."))


def _holds(by: Principal, cart: Any) -> Answer:
    return Answer(cart.person_id is None or cart.person_id == by.person_id, _("This cart is somebody else’s."))


PLACE = Permission("orders.place", anyone)
SEE = Permission("orders.see", _party, scope="read")
MOVE = Permission("orders.move", _moves)
REFUND = Permission("orders.refund", _gives_back, scope="money")
KEEP_SERIES = Permission("orders.series", _keeps)
USE_CART = Permission("orders.cart", _holds)
RUN = Permission("orders.run", lambda by, _subject: Answer("system" in by.roles, _("A job does this.")))
OVERSEE = Permission(
    "orders.oversee",
    lambda by, _subject: Answer(bool(by.roles & (COORDINATORS | {"treasurer", "system"})), _("For coordinators.")),
    scope="read",
)
