"""What a platform reports about its sellers, and when it is the seller itself. Golden vectors 08.

Directive 2011/16/EU, Annex V (DAC7): who is reportable, by quarter, and what follows when a seller does not answer.
Directive (EU) 2025/516 (ViDA): when a platform is deemed to supply a ride or a short stay.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Status = Literal["reportable", "excluded", "not_relevant_activity", "not_active"]
# Annex V, section I, A(8): what else happens on a platform is not reported.
RELEVANT = ("immovable_property", "personal_service", "goods", "transport_rental")
# Annex V, section I, B(4): sellers of goods below both, and entities that let the same place more often than this.
GOODS_SALES, GOODS_MINOR = 30, 200_000
STAYS = 2000
OPTIONAL_FROM, MANDATORY_FROM = date(2028, 7, 1), date(2030, 1, 1)
SHORT_STAY_NIGHTS = 30
PATIENCE = timedelta(days=60)
# How long after it was asked for: the two reminders that have to come before anything follows.
REMINDED_AFTER, WARNED_AFTER = timedelta(days=20), timedelta(days=40)


@dataclass(frozen=True, kw_only=True)
class Seller:
    """A seller's year on the platform.

    :param kind: goods, personal_service, immovable_property or transport_rental
    :param consideration: minor units of euro, after fees
    """

    kind: str
    activities: int
    consideration: int
    entity: bool = False
    governmental: bool = False
    listed: bool = False
    employee_of_platform: bool = False


def status(seller: Seller) -> Status:
    """Say whether a seller is reported (D1 to D9). Services have no threshold: the first euro counts."""
    if seller.employee_of_platform or seller.kind not in RELEVANT:
        return "not_relevant_activity"
    if not seller.activities and not seller.consideration:
        return "not_active"
    if seller.governmental or seller.listed:
        return "excluded"
    if seller.kind == "goods" and seller.activities < GOODS_SALES and seller.consideration <= GOODS_MINOR:
        return "excluded"
    if seller.kind == "immovable_property" and seller.entity and seller.activities > STAYS:
        return "excluded"
    return "reportable"


@dataclass(frozen=True)
class Paid:
    """One activity that was paid: the day, what the customer paid for it, and what the platform kept."""

    day: date
    gross: int
    fees: int


@dataclass(frozen=True)
class Quarter:
    consideration: int = 0
    activities: int = 0
    fees: int = 0


def quarters(payments: Iterable[Paid]) -> dict[str, Quarter]:
    """Add up a year by quarter (Q1): consideration net of fees, fees, and how many activities."""
    found = {f"Q{number}": Quarter() for number in range(1, 5)}
    for one in payments:
        name = f"Q{(one.day.month + 2) // 3}"
        so_far = found[name]
        found[name] = Quarter(so_far.consideration + one.gross - one.fees, so_far.activities + 1, so_far.fees + one.fees)
    return found


def follow_up(*, request: date, reminders: Sequence[date], today: date) -> Literal["wait", "close_or_withhold"]:
    """Say what follows when a seller gives no particulars (F1 to F3): after two reminders and more than sixty days, act.

    Annex V, section IV, A(2).
    """
    sent = [day for day in reminders if day <= today]
    return "close_or_withhold" if len(sent) >= 2 and today > request + PATIENCE else "wait"


def missing(said: object | None, *, is_entity: bool) -> tuple[str, ...]:
    """Return which of a seller's particulars the report lacks (Annex V, section II, B): names of fields.

    Of a person it asks the day of birth, of an entity the number in the register; of both who and where they are, and the
    number the tax office knows them by.
    """
    wanted = ("name", "street", "city", "country", "tax_number", "registration" if is_entity else "born_on")
    return tuple(name for name in wanted if not getattr(said, name, None))


def next_step(*, request: date, reminders: Sequence[date], today: date) -> Literal["", "remind", "warn"]:
    """Say whether a reminder is due for a seller who was asked and has not answered."""
    due: tuple[tuple[Literal["remind", "warn"], timedelta], ...] = (("remind", REMINDED_AFTER), ("warn", WARNED_AFTER))
    if len(reminders) >= len(due):
        return ""
    step, after = due[len(reminders)]
    return step if today >= request + after else ""


def is_deemed_supplier(
    *, day: date, service: str, state_opted_in: bool = False, supplier_vat_id: bool = False, nights: int | None = None
) -> bool:
    """Tell whether the platform is deemed to be the supplier (V1 to V6): rides by road, and stays of up to thirty nights.

    Where the supplier has a number for value added tax and charges it, the platform is not. Optional for a state from
    1 July 2028, for all from 1 January 2030.
    """
    if supplier_vat_id or day < OPTIONAL_FROM or (day < MANDATORY_FROM and not state_opted_in):
        return False
    if service == "accommodation":
        return nights is not None and nights <= SHORT_STAY_NIGHTS
    return service == "passenger_transport_road"
