"""What the parts of the payments’ REST surface share."""

from typing import Annotated, Any

from ninja import Header, Router

from toadlane.kernel.money import Money
from toadlane.ui import formats

router = Router(tags=["payments"])
server = Router(tags=["payments"])
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=100)]
Signed = Annotated[str, Header(alias="Toadlane-Signature", max_length=200)]


def money(amount: Money) -> dict[str, Any]:
    return {"minor": amount.minor, "currency": amount.currency, "text": formats.money(amount)}
