"""The signed link with which a guest manages one order."""

from django.core import signing

from toadlane.trade.orders.models import Order

SALT = "orders.link"


def token(order: Order) -> str:
    """Return the token of an order: it names the order and proves that we gave it out."""
    return signing.Signer(salt=f"{SALT}:{order.coop_id}", sep="~").sign(str(order.pk))


def order_id(token: str, coop_id: int) -> int | None:
    """Return the order a token is for, or None where we did not make it, or not for this co-op."""
    try:
        return int(signing.Signer(salt=f"{SALT}:{coop_id}", sep="~").unsign(token))
    except (signing.BadSignature, ValueError):
        return None
