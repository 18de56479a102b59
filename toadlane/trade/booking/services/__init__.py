"""Every claim on time and everything that shapes it."""

from toadlane.trade.booking.services.claims import (
    AlreadyOver,
    Closed,
    KeyReused,
    Taken,
    Want,
    accept,
    confirm,
    expire_holds,
    hold,
    hold_all,
    release,
    request,
)

__all__ = [
    "AlreadyOver", "Closed", "KeyReused", "Taken", "Want", "accept", "confirm", "expire_holds", "hold", "hold_all", "release",
    "request",
]  # fmt: skip
