"""The one completion path: browser, webhook, sweep and retry all settle here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from toadlane.money.payments.models import Payment
from toadlane.plumbing.access.principals import Principal

Result = Literal["succeeded", "declined", "requires_action", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a provider answered to the call with this key."""

    call_key: str
    result: Result
    minor: int = 0
    provider_ref: str = ""
    reason: str = ""


def settle(*, payment: Payment, outcome: Outcome, by: Principal, at: datetime) -> Payment:
    """Record an answer, once, however many times and ways it arrives."""
    raise NotImplementedError
