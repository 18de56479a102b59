"""What is said about orders, what is complained of, and what waits for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import CoopQuerySet
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops.queries import COOP_URLS
from toadlane.society.members import queries as members
from toadlane.society.members.models import Membership
from toadlane.society.messaging import queries as messaging
from toadlane.society.messaging.models import Message
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.catalog.permissions import SEE as SEE_LISTING
from toadlane.trade.orders.models import Order
from toadlane.trade.reviews import policies
from toadlane.trade.reviews.models import Complaint, Report, Review, ReviewWindow, Side
from toadlane.trade.reviews.permissions import (
    APPEAL_REPORT,
    DECIDE,
    DECIDE_AGAIN,
    MODERATE,
    MODERATE_AGAIN,
    MODERATORS,
    NAME_STAND_IN,
    side_of,
)
from toadlane.ui import formats
from toadlane.ui.shapes import Moment, Waiting

MOST_WAITING = 20
_HIDE = (Report.Decision.NOTHING, Report.Decision.HIDE)
DECISIONS = {"listing": _HIDE, "review": _HIDE, "message": _HIDE, "member": (Report.Decision.NOTHING, Report.Decision.SUSPEND)}


def speakers_of(membership: Membership | None) -> list[int]:
    """Return the people to tell when a member is to be told."""
    return list(members.speakers_of(membership)) if membership else []


def people_of(person_id: int | None, membership: Membership | None) -> list[int]:
    """Return a person and those who speak for a member, each once."""
    return sorted({one for one in (person_id, *speakers_of(membership)) if one is not None})


def left_to_refund(order: Order) -> int:
    return order.captured_minor - order.refunded_minor


# ------------------------------------------------------------------------------------------------------------- reviews


def window_of(order: Order) -> ReviewWindow | None:
    return ReviewWindow.objects.filter(order=order).first()


def is_visible(window: ReviewWindow, *, at: datetime) -> bool:
    """Say whether the two sides read each other now; the sweep that publishes may be a minute behind."""
    return window.published_at is not None or window.closes_at <= at


@dataclass(frozen=True)
class OrderReviews:
    """An order's reviews as one side sees them: their own always, the other's once both may be read."""

    side: str
    is_open: bool
    closes_at: datetime | None
    mine: Review | None
    theirs: Review | None


def of_order(order: Order, by: Principal, *, at: datetime) -> OrderReviews:
    window, side = window_of(order), side_of(by, order)
    if window is None:
        return OrderReviews(side, False, None, None, None)
    said = {review.side: review for review in window.reviews.select_related("window__order")}
    seen = is_visible(window, at=at)
    other = said.get(Side(side).other) if side else None
    theirs = other if seen and other and not other.hidden_because else None
    return OrderReviews(side, not seen, window.closes_at, said.get(side), theirs)


def review(pk: int) -> Review | None:
    return Review.objects.select_related("window__order", "window__provider").filter(pk=pk).first()


def published() -> CoopQuerySet:
    """Return what customers said and everybody may read."""
    rows = Review.objects.filter(side=Side.CUSTOMER, hidden_because="", window__published_at__isnull=False)
    return rows.select_related("window__order", "window__customer", "window__provider__person", "window__provider__organisation")


def about_provider(membership_id: int) -> CoopQuerySet:
    return published().filter(window__provider_id=membership_id)


def about_listing(listing_id: int) -> CoopQuerySet:
    return published().filter(window__listing_id=listing_id)


@dataclass(frozen=True)
class Summary:
    """How many have rated, and their average where they are enough to be one.

    :param spread: how many gave five stars, how many four, and so on
    """

    count: int
    stars: float | None
    spread: Sequence[tuple[int, int]] = ()
    least: int = policies.LEAST


def summary(rows: CoopQuerySet) -> Summary:
    stars = list(rows.values_list("stars", flat=True))
    spread = [(n, stars.count(n)) for n in range(5, 0, -1)]
    return Summary(count=len(stars), stars=policies.average(stars), spread=spread)


def ratings(listing_ids: Sequence[int]) -> Mapping[int, catalog.Rating]:
    """Return the ratings of listings that enough people have rated, in one statement."""
    rows = Review.objects.filter(
        side=Side.CUSTOMER, hidden_because="", window__published_at__isnull=False, window__listing_id__in=listing_ids
    )
    found = rows.order_by().values("window__listing_id").annotate(count=Count("pk"), stars=Avg("stars"))
    return {
        row["window__listing_id"]: catalog.Rating(stars=round(row["stars"], 1), count=row["count"])
        for row in found
        if row["count"] >= policies.LEAST
    }


def rating_columns() -> tuple[Subquery, Subquery]:
    """Return count and mean of a listing's ratings as columns of it, empty where too few people rated it."""
    rows = Review.objects.filter(
        side=Side.CUSTOMER, hidden_because="", window__published_at__isnull=False, window__listing_id=OuterRef("pk")
    )
    enough = rows.order_by().values("window__listing_id").annotate(count=Count("pk"), mean=Avg("stars"))
    enough = enough.filter(count__gte=policies.LEAST)
    return Subquery(enough.values("count")), Subquery(enough.values("mean"))


@dataclass(frozen=True)
class Told:
    """A published review as everybody reads it: the first name of whoever wrote it, and no more."""

    id: int
    stars: int
    text: str
    by: str
    at: datetime
    what: str
    answer: str
    answerer: str


def told(review: Review) -> Told:
    window = review.window
    name = window.customer.name if window.customer else window.order.name
    first = (name or _("A customer")).split()[0] if (name or "").strip() else _("A customer")
    answerer = window.provider.name if window.provider else ""
    return Told(review.pk, review.stars, review.text, first, review.written_at, window.order.title, review.answer, answerer)


def coops_with_windows_to_close(at: datetime) -> list[int]:
    due = ReviewWindow.objects.filter(published_at=None, closes_at__lte=at)
    return list(due.order_by().values_list("coop_id", flat=True).distinct())


# ---------------------------------------------------------------------------------------------------------- complaints


def complaint(pk: int) -> Complaint | None:
    return _complaints().filter(pk=pk).first()


def _complaints() -> CoopQuerySet:
    order = ("order__provider__person", "order__provider__organisation", "order__customer")
    return Complaint.objects.select_related(*order, "stand_in")


def complaint_of(order: Order) -> Complaint | None:
    return _complaints().filter(order=order).order_by("-pk").first()


def complaints_of(by: Principal) -> CoopQuerySet:
    """Return the complaints in which somebody stands on one side."""
    mine = Q(order__provider_id__in=by.memberships)
    if by.person_id:
        mine |= Q(order__customer_id=by.person_id)
    if by.order_id:
        mine |= Q(order_id=by.order_id)
    return _complaints().filter(mine)


def to_decide(by: Principal, *, at: datetime) -> list[Complaint]:
    """Return the complaints that wait for this person's decision, the oldest first."""
    if not by.roles:
        return []
    ready = (
        Q(state=Complaint.State.ANSWERED) | Q(state=Complaint.State.OPEN, answer_by__lte=at) | Q(state=Complaint.State.APPEALED)
    )
    rows = _complaints().filter(ready).order_by("opened_at", "pk")[: 5 * MOST_WAITING]
    return [one for one in rows if by.may(DECIDE, one) or (_is_boards(one, by) and not side_of(by, one.order))][:MOST_WAITING]


def _is_boards(complaint: Complaint, by: Principal) -> bool:
    return complaint.state == Complaint.State.APPEALED and "board" in by.roles


def story(complaint: Complaint) -> list[Moment]:
    """Return what happened, for the page."""
    who = {"customer": complaint.order.name or _("The customer"), "provider": str(complaint.order.provider or _("The co-op"))}
    found = [Moment(complaint.opened_at, _("complained."), who[complaint.side], complaint.text)]
    if complaint.answered_at:
        found.append(Moment(complaint.answered_at, _("answered."), who[Side(complaint.side).other], complaint.answer))
    if complaint.stand_in and complaint.stand_in_at:
        text = _("The board named %(name)s to decide: every mediator is a party.") % {"name": complaint.stand_in.name}
        found.append(Moment(complaint.stand_in_at, text))
    if complaint.decided_at:
        text = _("Decided: %(outcome)s.") % {"outcome": complaint.get_outcome_display()}
        found.append(Moment(complaint.decided_at, text, "", complaint.reasons))
    if complaint.appealed_at:
        found.append(Moment(complaint.appealed_at, _("appealed."), who.get(complaint.appealed_by, ""), complaint.appeal))
    if complaint.final_reasons and complaint.closed_at:
        found.append(Moment(complaint.closed_at, _("Looked at again, and closed."), "", complaint.final_reasons))
    if complaint.state == Complaint.State.DROPPED and complaint.closed_at:
        found.append(Moment(complaint.closed_at, _("took the complaint back."), who[complaint.side]))
    return found


# ------------------------------------------------------------------------------------------------------------- reports


@dataclass(frozen=True)
class Reported:
    label: str
    membership_id: int | None


def reported(subject: str, by: Principal) -> Reported | None:
    """Return what a report is about, as far as whoever reports can see it."""
    kind, _colon, number = subject.partition(":")
    if not number.isdecimal() or len(number) > 18:
        return None
    pk = int(number)
    if kind == "listing":
        listing = catalog.one(pk)
        return Reported(listing.title, listing.provider_id) if listing and by.may(SEE_LISTING, listing) else None
    if kind == "review":
        found = published().filter(pk=pk).first()
        return Reported(_("Review of “%(title)s”") % {"title": found.window.order.title}, None) if found else None
    if kind == "member":
        member = Membership.objects.select_related("person", "organisation").filter(pk=pk, joined_on__isnull=False).first()
        return Reported(member.name, member.pk) if member and by.memberships else None
    if kind == "message":
        message = Message.objects.select_related("thread", "author__membership").filter(pk=pk).first()
        if message and messaging.voice_of(by, message.thread):
            return Reported(
                _("Message in “%(title)s”") % {"title": message.thread.title},
                message.author.membership_id if message.author else None,
            )
    return None


def report(pk: int) -> Report | None:
    return Report.objects.select_related("about__person", "about__organisation").filter(pk=pk).first()


def reports() -> CoopQuerySet:
    """Return every report: what waits is told by its state."""
    return Report.objects.select_related("about__person", "about__organisation")


def reports_waiting() -> CoopQuerySet:
    return reports().filter(state__in=(Report.State.OPEN, Report.State.APPEALED))


def excerpt(report: Report) -> str:
    """Return the words a report is about, for whoever decides."""
    kind, _colon, number = report.subject.partition(":")
    if kind == "review":
        found = review(int(number))
        return found.text if found else ""
    if kind == "listing":
        listing = catalog.one(int(number))
        return listing.text if listing else ""
    if kind == "message":
        message = Message.objects.filter(pk=number).first()
        return message.text if message else ""
    return ""


# ---------------------------------------------------------------------------------------------------------------- desk


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """Return what the desk shows: reviews to write, complaints to answer or decide, reports to look at."""
    if not by.person_id:
        return []
    found = []
    open_windows = ReviewWindow.objects.filter(published_at=None, closes_at__gt=at).select_related("order")
    mine = open_windows.filter(customer_id=by.person_id).exclude(reviews__side=Side.CUSTOMER)
    theirs = open_windows.filter(provider_id__in=by.memberships).exclude(reviews__side=Side.PROVIDER)
    for window in [*mine[:5], *theirs[:5]]:
        order = window.order
        title = _("How was it? %(title)s") % {"title": order.title}
        day = formats.day(order.starts_at or order.placed_at)
        detail = _("%(day)s. Both sides read each other at the same moment.") % {"day": day}
        url = reverse("reviews:order", args=[window.order_id], urlconf=COOP_URLS)
        found.append(Waiting(title, detail, url, _("Write a review"), "star", window.closes_at))
    for one in complaints_of(by).filter(state=Complaint.State.OPEN, answer_by__gt=at)[:MOST_WAITING]:
        if side_of(by, one.order) != one.side:
            title = _("Answer a complaint: %(title)s") % {"title": formats.apart(one.order.title)}
            until = _("Until %(time)s. Then it is decided, with both sides heard.") % {"time": formats.moment(one.answer_by)}
            found.append(Waiting(title, until, _complaint_page(one), _("Answer"), "talk", one.answer_by))
    for one in to_decide(by, at=at):
        title = _("Decide a complaint: %(title)s") % {"title": one.order.title}
        found.append(Waiting(title, one.get_state_display(), _complaint_page(one), _("Read both sides"), "ballot", one.opened_at))
    if by.roles & MODERATORS:
        for report in reports_waiting().order_by("reported_at", "pk")[:MOST_WAITING]:
            url = reverse("reviews:report", args=[report.pk], urlconf=COOP_URLS)
            title = _("Look at a report: %(label)s") % {"label": formats.apart(report.label)}
            found.append(Waiting(title, report.get_reason_display(), url, _("Look at it"), "eye", report.reported_at))
    return found


def _complaint_page(complaint: Complaint) -> str:
    return reverse("reviews:complaint", args=[complaint.pk], urlconf=COOP_URLS)


def of_person(*, person_id: int) -> dict[str, Any]:
    """Return what is kept here about a person: what they said, and what they complained of."""
    said = Review.objects.filter(window__customer_id=person_id, side=Side.CUSTOMER).order_by("pk")
    complaints = Complaint.objects.filter(order__customer_id=person_id, side=Side.CUSTOMER).order_by("pk")
    reports = Report.objects.filter(reporter_id=person_id).order_by("pk")
    return {
        "reviews": [{"stars": one.stars, "text": one.text, "at": one.written_at.isoformat()} for one in said],
        "complaints": [{"text": one.text, "at": one.opened_at.isoformat(), "state": one.state} for one in complaints],
        "reports": [{"about": one.label, "text": one.text, "at": one.reported_at.isoformat()} for one in reports],
    }


def order_at(pk: int) -> Order | None:
    return Order.objects.select_related("provider__person", "provider__organisation", "customer", "process").filter(pk=pk).first()


def decisions(kind: str) -> list[tuple[str, Any]]:
    """Return what a moderator can decide about a listing, a review, a message or a member."""
    fits = DECISIONS.get(kind, ())
    return [(one.value, one.label) for one in Report.Decision if one in fits]


def member(pk: int) -> Membership | None:
    return Membership.objects.select_related("person", "organisation").filter(pk=pk, joined_on__isnull=False).first()


def next_deed(complaint: Complaint, by: Principal, *, at: datetime) -> str:
    """Return the one thing that somebody can do about a complaint now: answer, name, decide, appeal, decide_again, or nothing."""
    side = side_of(by, complaint.order)
    state, State = complaint.state, Complaint.State  # noqa: N806
    if side:
        if state == State.OPEN and side != complaint.side and at < complaint.answer_by:
            return "answer"
        in_time = complaint.appeal_until is not None and at < complaint.appeal_until
        return "appeal" if state == State.DECIDED and in_time else ""
    if state in (State.OPEN, State.ANSWERED) and complaint.stand_in_id is None and by.may(NAME_STAND_IN, complaint):
        return "name"
    if state == State.ANSWERED or (state == State.OPEN and at >= complaint.answer_by):
        return "decide" if by.may(DECIDE, complaint) else ""
    return "decide_again" if state == State.APPEALED and by.may(DECIDE_AGAIN, complaint) else ""


def next_deed_of_report(report: Report, by: Principal, *, at: datetime) -> str:
    """Return the one thing that somebody can do about a report now."""
    if report.state == Report.State.OPEN:
        return "decide" if by.may(MODERATE, report) else ""
    if report.state == Report.State.APPEALED:
        return "decide_again" if by.may(MODERATE_AGAIN, report) else ""
    in_time = report.appeal_until is not None and at < report.appeal_until
    return "appeal" if report.state == Report.State.DECIDED and in_time and by.may(APPEAL_REPORT, report) else ""


def answer_rule(order: Order) -> bylaws.Provenance:
    return bylaws.book(version=order.bylaws_version).decided("trade.answer_days")


def mediator_rule(order: Order) -> bylaws.Provenance:
    return bylaws.book(version=order.bylaws_version).decided("moderation.mediator")
