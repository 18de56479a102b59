"""When money for shares has come, when a member has left, and a share offer as members decide on it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toadlane.kernel.money import Money
from toadlane.money.payments.events import PaymentCaptured, PayoutCameBack, PayoutPaid, PayoutsPaid
from toadlane.ownership.shares import queries, services
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws.rules.decisions import Fault, Field, InForce, Kind, Payload, weakest
from toadlane.society.members import queries as members
from toadlane.society.members.events import MemberAgreed, MemberLeft
from toadlane.ui import formats

AMOUNTS = ("minimum_minor", "target_minor", "maximum_minor", "min_stake_minor", "max_stake_minor")


def money_came(event: PaymentCaptured, *, by: Principal, at: datetime) -> None:
    if subscription := queries.of_subject(event.subject):
        services.settle(subscription=subscription, by=by, at=at)


def payouts_went(event: PayoutPaid | PayoutsPaid, *, by: Principal, at: datetime) -> None:
    services.note_paid(by=by, at=at)


def payout_came_back(event: PayoutCameBack, *, by: Principal, at: datetime) -> None:
    services.note_came_back(subject=event.subject, by=by, at=at)


def member_left(event: MemberLeft, *, by: Principal, at: datetime) -> None:
    membership = members.register().get(pk=event.membership_id)
    services.ask_back_all(membership=membership, by=by, at=at)


def member_agreed(event: MemberAgreed, *, by: Principal, at: datetime) -> None:
    """Where nothing has to be paid for joining, the membership begins by itself."""
    services.begin_if_paid(membership=members.register().get(pk=event.membership_id), by=by, at=at)


def terms(payload: Payload) -> dict[str, Any]:
    """Read what an offer is to be.

    :raises ValueError, KeyError, TypeError: when it cannot be read
    """
    amounts = {name: payload[name] for name in AMOUNTS}
    if any(isinstance(value, bool) or not isinstance(value, int) for value in amounts.values()):
        raise TypeError("amounts are whole minor units")
    return {
        "title": str(payload["title"])[:160], "text": str(payload.get("text", "")), "share_class": str(payload["share_class"]),
        "opens_at": datetime.fromisoformat(payload["opens_at"]), "closes_at": datetime.fromisoformat(payload["closes_at"]),
        **amounts,
    }  # fmt: skip


def check(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    try:
        wanted = terms(payload)
        if wanted["opens_at"].tzinfo is None or wanted["closes_at"].tzinfo is None:
            raise ValueError("without a time zone")
    except (KeyError, TypeError, ValueError) as error:
        return [Fault("unreadable", _("This is not a share offer as the server reads it: %(error)s.") % {"error": error})]
    known = queries.share_classes().get(wanted["share_class"])
    if known is None:
        return [Fault("no_such_shares", _("The bylaws have no such shares."), "share_class")]
    found = []
    if not 0 < wanted["minimum_minor"] <= wanted["target_minor"] <= wanted["maximum_minor"]:
        found.append(Fault("amounts", _("Minimum, target and maximum have to rise in this order."), "minimum_minor"))
    if not 0 < wanted["min_stake_minor"] <= wanted["max_stake_minor"]:
        found.append(Fault("stakes", _("The smallest stake is above nothing and not above the largest."), "min_stake_minor"))
    if any(wanted[name] % known.price for name in ("minimum_minor", "maximum_minor", "min_stake_minor")):
        found.append(Fault("whole_shares", _("Shares are whole: amounts are multiples of the price of one."), "maximum_minor"))
    if wanted["closes_at"] <= at:
        found.append(Fault("closes", _("It would be over before it begins: choose a later day."), "closes_at"))
    elif wanted["closes_at"] <= wanted["opens_at"]:
        found.append(Fault("closes", _("It has to close after it opens."), "closes_at"))
    return found


def describe(payload: Payload, language: str) -> list[str]:
    try:
        wanted, unit = terms(payload), queries.currency()
    except (KeyError, TypeError, ValueError):
        return []
    about = {name: formats.money(Money(wanted[name], unit)) for name in AMOUNTS}
    about |= {"title": wanted["title"], "closes": wanted["closes_at"].date().isoformat()}
    lines = (
        _("An offer of shares, “%(title)s”, open until %(closes)s."),
        _("Minimum %(minimum_minor)s, target %(target_minor)s, maximum %(maximum_minor)s."),
        _("Below the minimum everybody is refunded."),
        _("Each stake is between %(min_stake_minor)s and %(max_stake_minor)s."),
    )
    return [line % about for line in lines]


def enact(*, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    services.open_offer(decision=decision, by=by, at=at, **terms(payload))


OFFER = Kind(
    name="share_offer", label=gettext_lazy("Offer shares"),
    about=gettext_lazy("Members and, where the bylaws let them, supporters put money in, on terms fixed beforehand."),
    fields=(
        Field(name="title", label=gettext_lazy("Title")), Field(name="text", label=gettext_lazy("Offer document"), type="long"),
        Field(name="share_class", label=gettext_lazy("Which shares")),
        *(Field(name=name, label=label, type="money") for name, label in zip(AMOUNTS, (
            gettext_lazy("Minimum"), gettext_lazy("Target"), gettext_lazy("Maximum"), gettext_lazy("Smallest stake"),
            gettext_lazy("Largest stake"),
        ), strict=True)),
        Field(name="opens_at", label=gettext_lazy("Opens"), type="date"),
        Field(name="closes_at", label=gettext_lazy("Closes"), type="date"),
    ),
    procedure=lambda payload, book: weakest(book, 2), check=check, describe=describe, enact=enact,
)  # fmt: skip
