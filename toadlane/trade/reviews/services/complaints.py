"""Complaints: told, answered, decided with reasons, and looked at again by somebody else."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.audit import services as audit
from toadlane.plumbing.outbox import events
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.people.models import Person
from toadlane.trade.orders import queries as order_queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Order
from toadlane.trade.reviews import queries
from toadlane.trade.reviews.events import ComplaintDecided, ComplaintOpened
from toadlane.trade.reviews.models import Complaint, Side
from toadlane.trade.reviews.permissions import COMPLAIN, DECIDE, DECIDE_AGAIN, NAME_STAND_IN, RUN, side_of
from toadlane.trade.reviews.queries import standing_in
from toadlane.trade.reviews.services import telling
from toadlane.ui import formats


class NotNow(Expected):
    words = lazy("The complaint is not at this point of its way.")


class SayWhy(Expected):
    """Say it in words: the other side reads them."""

    status = 422
    field = "text"


class NotNeutral(Expected):
    words = lazy("Whoever decides is a member or an officer who stands on neither side.")
    status = 422
    field = "person"


class NotAmount(Expected):
    """This amount cannot be given back."""

    status = 422
    field = "refund"


@transaction.atomic
def complain(*, order: Order, text: str, by: Principal, at: datetime) -> Complaint:
    """Say what went wrong. The other side is told at once and has the days that the bylaws give it to answer.

    :raises NotNow: when a complaint about this order is under way already
    """
    by.must(COMPLAIN, order)
    side = side_of(by, order)
    if not text.strip():
        raise SayWhy(_("Say what went wrong: the other side reads it."))
    complaint = _open(order, Side(side), text.strip(), by, at)
    # The money waits where the process has a place for it to wait.
    if side == Side.CUSTOMER and order_queries.can(order, "dispute"):
        orders.advance(order=order, transition="dispute", by=by, at=at, facts={"reason": text.strip()[:300]})
    return complaint


@transaction.atomic
def hear(*, order: Order, by: Principal, at: datetime) -> Complaint | None:
    """Open the complaint of a customer who objected on the order itself. Twice is the same as once."""
    by.must(RUN, order)
    known = queries.complaint_of(order)
    objected = order.moments.filter(deed="dispute").last()
    if objected is None or (known is not None and known.opened_at >= objected.at) or order.state != "disputed":
        return None
    with translation.override(order.language or None):
        text = str(objected.facts.get("reason") or "") or _("Something was not right.")
    try:
        return _open(order, Side.CUSTOMER, text, by, at)
    except NotNow:
        return None


def _open(order: Order, side: Side, text: str, by: Principal, at: datetime) -> Complaint:
    days = int(bylaws.book(version=order.bylaws_version).value("trade.answer_days"))
    try:
        with transaction.atomic():
            complaint = Complaint.objects.create(
                order=order, side=side, text=text, opened_at=at, opened_by=str(by), answer_by=at + timedelta(days=days)
            )
    except IntegrityError as error:
        raise NotNow(_("A complaint about this order is under way already.")) from error
    _tell(complaint, side.other, "reviews/complaint", by, at)
    events.publish(ComplaintOpened(complaint_id=complaint.pk, order_id=order.pk))
    return complaint


@transaction.atomic
def answer_complaint(*, complaint: Complaint, text: str, by: Principal, at: datetime) -> Complaint:
    """Give the other side of the story, in time.

    :raises NotNow: when the time to answer is over, or it was answered already
    """
    by.must(COMPLAIN, complaint.order)
    complaint = _locked(complaint)
    if side_of(by, complaint.order) == complaint.side:
        raise NotNow(_("The other side answers."))
    if complaint.state != Complaint.State.OPEN or complaint.answer_by <= at:
        raise NotNow(_("The time to answer is over."))
    complaint.answer, complaint.answered_at, complaint.state = _said(text), at, Complaint.State.ANSWERED
    complaint.save()
    return complaint


@transaction.atomic
def drop(*, complaint: Complaint, by: Principal, at: datetime) -> Complaint:
    """Take a complaint back: it was settled between the two sides."""
    by.must(COMPLAIN, complaint.order)
    complaint = _locked(complaint)
    if side_of(by, complaint.order) != complaint.side:
        raise NotNow(_("Only who complained takes it back."))
    _must_be(complaint, Complaint.State.OPEN, Complaint.State.ANSWERED)
    complaint.state, complaint.closed_at, complaint.closed_by = Complaint.State.DROPPED, at, str(by)
    complaint.save()
    order = order_queries.find(complaint.order_id)
    if order and order_queries.can(order, "drop_dispute"):
        orders.advance(order=order, transition="drop_dispute", by=by, at=at)
    return complaint


@transaction.atomic
def name_stand_in(*, complaint: Complaint, person: Person, by: Principal, at: datetime) -> Complaint:
    """Name somebody to decide where every mediator is a party. The board does; a second naming replaces the first.

    :raises NotNeutral: when they stand on one side of the order themselves
    """
    by.must(NAME_STAND_IN, complaint)
    complaint = _locked(complaint)
    _must_be(complaint, Complaint.State.OPEN, Complaint.State.ANSWERED)
    if person not in standing_in.candidates(complaint):
        raise NotNeutral
    complaint.stand_in, complaint.stand_in_at, complaint.stand_in_by = person, at, str(by)
    complaint.save(update_fields=["stand_in", "stand_in_at", "stand_in_by"])
    subject, detail = f"complaint:{complaint.pk}", {"person": person.pk}
    audit.record(action="reviews.stand_in_named", subject=subject, detail=detail, by=by, at=at)
    return complaint


@transaction.atomic
def decide(*, complaint: Complaint, outcome: str, reasons: str, by: Principal, at: datetime, refund_minor: int = 0) -> Complaint:
    """Decide a complaint, with reasons. What goes back goes back at once, in the same transaction.

    :param refund_minor: for a part; the whole is worked out here
    :raises NotNow: before the other side has answered or its time is over
    :raises NotAmount: when a part is nothing, or more than is left
    """
    by.must(DECIDE, complaint)
    complaint = _locked(complaint)
    _must_be(complaint, Complaint.State.OPEN, Complaint.State.ANSWERED)
    if complaint.state == Complaint.State.OPEN and at < complaint.answer_by:
        raise NotNow(_("The other side still has time to answer."))
    order = order_queries.locked(complaint.order_id)
    minor = _amount(order, outcome, refund_minor)
    complaint.reasons, complaint.outcome, complaint.refund_minor = _said(reasons, "reasons"), outcome, minor
    complaint.decided_at, complaint.decided_by, complaint.state = at, str(by), Complaint.State.DECIDED
    days = int(bylaws.book(version=order.bylaws_version).value("moderation.appeal_days"))
    complaint.appeal_until = at + timedelta(days=days)
    complaint.save()
    # The bylaws of this order name this office its mediator: to the order's process they are.
    _pay_back(order, minor, complaint, replace(by, roles=by.roles | {"mediator"}), at)
    for side in Side:
        _tell(complaint, side, "reviews/decided", by, at)
    events.publish(ComplaintDecided(complaint_id=complaint.pk, order_id=order.pk, outcome=outcome, refund_minor=minor))
    return complaint


@transaction.atomic
def appeal(*, complaint: Complaint, text: str, by: Principal, at: datetime) -> Complaint:
    """Ask for somebody else to look again, within the days that the bylaws give.

    :raises NotNow: when the time is over
    """
    by.must(COMPLAIN, complaint.order)
    complaint = _locked(complaint)
    if complaint.state != Complaint.State.DECIDED or complaint.appeal_until is None or complaint.appeal_until <= at:
        raise NotNow(_("The time to appeal is over."))
    complaint.appeal, complaint.appealed_at, complaint.appealed_by = _said(text), at, side_of(by, complaint.order)
    complaint.state = Complaint.State.APPEALED
    complaint.save()
    return complaint


@transaction.atomic
def decide_again(*, complaint: Complaint, reasons: str, by: Principal, at: datetime, refund_minor: int = 0) -> Complaint:
    """Close an appeal: the decision stands, or more goes back. What was given back is not taken again.

    :param refund_minor: what goes back on top of the first decision
    """
    by.must(DECIDE_AGAIN, complaint)
    complaint = _locked(complaint)
    _must_be(complaint, Complaint.State.APPEALED)
    order = order_queries.locked(complaint.order_id)
    if refund_minor < 0 or refund_minor > queries.left_to_refund(order):
        raise NotAmount(_("More than is left cannot go back."))
    complaint.final_reasons, complaint.final_refund_minor = _said(reasons, "reasons"), refund_minor
    complaint.closed_at, complaint.closed_by, complaint.state = at, str(by), Complaint.State.CLOSED
    complaint.save()
    if refund_minor:
        _refund(
            order, refund_minor, key=f"complaint:{complaint.pk}:appeal", reason=reasons,
            by=replace(by, roles=by.roles | {"mediator"}), at=at,
        )  # fmt: skip
    for side in Side:
        _tell(complaint, side, "reviews/decided", by, at)
    return complaint


@transaction.atomic
def close_settled(*, by: Principal, at: datetime) -> int:
    """Close the decisions that nobody appealed in time; return how many."""
    by.must(RUN)
    due = Complaint.objects.filter(state=Complaint.State.DECIDED, appeal_until__lte=at)
    return due.update(state=Complaint.State.CLOSED, closed_at=at, closed_by=str(by))


def _pay_back(order: Order, minor: int, complaint: Complaint, by: Principal, at: datetime) -> None:
    facts = {"refund_minor": minor, "reason": complaint.reasons[:300]}
    if order_queries.can(order, "settle"):
        orders.advance(order=order, transition="settle", by=by, at=at, facts=facts)
    elif minor:
        _refund(order, minor, key=f"complaint:{complaint.pk}", reason=complaint.reasons, by=by, at=at)


def _refund(order: Order, minor: int, *, key: str, reason: str, by: Principal, at: datetime) -> None:
    orders.refund(order=order, amount=Money(minor, order.currency), reason=reason[:300], key=key, by=by, at=at)


def _amount(order: Order, outcome: str, refund_minor: int) -> int:
    left = queries.left_to_refund(order)
    if outcome == Complaint.Outcome.NONE:
        return 0
    if outcome == Complaint.Outcome.WHOLE:
        return left
    if outcome != Complaint.Outcome.PART:
        raise NotAmount(_("The whole goes back, a part, or nothing."), field="outcome")
    if not 0 < refund_minor <= left:
        raise NotAmount(_("Between nothing and %(left)s can go back.") % {"left": formats.money(Money(left, order.currency))})
    return refund_minor


def _said(text: str, field: str = "text") -> str:
    if not text.strip():
        raise SayWhy(_("Give your reasons: both sides read them."), field=field)
    return text.strip()


def _locked(complaint: Complaint) -> Complaint:
    rows = Complaint.objects.select_for_update(of=("self",)).select_related("order__provider", "order__process")
    return rows.get(pk=complaint.pk)


def _must_be(complaint: Complaint, *states: str) -> None:
    if complaint.state not in states:
        raise NotNow(_("This cannot be done now: the complaint is “%(state)s”.") % {"state": complaint.get_state_display()})


def _tell(complaint: Complaint, side: Side, template: str, by: Principal, at: datetime) -> None:
    said = {"title": complaint.order.title, "complaint": complaint}
    telling.tell(complaint.order, side, template, ("complaint", complaint.pk), said, by=by, at=at)
