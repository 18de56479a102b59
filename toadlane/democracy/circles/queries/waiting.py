"""What waits on the desk about circles, and what has to be true of every seat at any time."""

from collections import Counter
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from toadlane.democracy.circles.models import Asked, Charter, Chosen, Circle, Draw, Election, Nomination, Sits
from toadlane.democracy.circles.permissions import CALL_ELECTION, DRAW, NOMINATE
from toadlane.democracy.circles.queries import circles, draws, standing
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Office
from toadlane.ui import formats
from toadlane.ui.shapes import News, Waiting


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """Nominations to answer, elections to be heard of, terms that end, circles to look at again."""
    if not by.person_id or not by.roles:
        return []
    return [*_put_forward(by, at), *_drawn(by, at), *_open(by, at), *_to_read(by, at), *_ending(by, at), *_to_review(by, at)]


def news(by: Principal, at: datetime) -> list[News]:
    """Which seats will be filled by lot, while nobody knows by whom."""
    if not by.may(NOMINATE):
        return []
    rows = Draw.objects.filter(state=Draw.State.ANNOUNCED, draws_at__gt=at).order_by("-announced_at")
    return [
        News(
            one.announced_at,
            _("Seats will be filled by lot: %(circle)s, on %(day)s.")
            % {"circle": formats.apart(circles.name_of(one.office)), "day": formats.moment(one.draws_at)},
            reverse("circles:draw", args=[one.number]), _("Look who is in it"),
        )
        for one in rows[:5]
    ]  # fmt: skip


def _drawn(by: Principal, at: datetime) -> list[Waiting]:
    rows = Asked.objects.filter(
        entry__person_id=by.person_id, declined_at__isnull=True, answer_until__gt=at, entry__draw__state=Draw.State.DRAWN
    ).select_related("entry__draw")
    return [
        Waiting(
            title=_("The lot fell on you: %(circle)s") % {"circle": formats.apart(circles.name_of(one.entry.draw.office))},
            detail=_("You can say no until %(day)s.") % {"day": formats.moment(one.answer_until)},
            url=reverse("circles:draw", args=[one.entry.draw.number]), action=_("Read what it is for"), icon="person",
            at=one.answer_until,
        )
        for one in rows.order_by("answer_until", "pk")[:20]
    ]  # fmt: skip


def _to_read(by: Principal, at: datetime) -> list[Waiting]:
    """Public values that two people have to read, for those who can."""
    rows = Draw.objects.filter(state=Draw.State.ANNOUNCED, draws_at__lte=at).exclude(source="").exclude(read_by_id=by.person_id)
    return [
        Waiting(
            title=_("A draw waits for its public value: %(circle)s") % {"circle": formats.apart(circles.name_of(one.office))},
            detail=one.source, url=reverse("circles:draw", args=[one.number]), action=_("Read the value"), icon="ballot",
        )
        for one in rows.order_by("draws_at", "pk")[:20]
        if by.may(DRAW, one.office)
    ]  # fmt: skip


def _put_forward(by: Principal, at: datetime) -> list[Waiting]:
    rows = Nomination.objects.filter(
        person_id=by.person_id, accepted_at__isnull=True, declined_at__isnull=True, election__state=Election.State.OPEN,
        election__closes_at__gt=at,
    ).select_related("election", "nominated_by")  # fmt: skip
    return [
        Waiting(
            title=_("%(name)s would like you to stand for %(office)s")
            % {"name": formats.apart(one.nominated_by.name), "office": formats.apart(circles.name_of(one.election.office))},
            detail=_("Say yes or no until %(day)s.") % {"day": formats.moment(one.election.closes_at)},
            url=reverse("circles:election", args=[one.election_id]), action=_("Answer"), icon="person",
            at=one.election.closes_at,
        )
        for one in rows.order_by("election__closes_at", "pk")[:20]
    ]  # fmt: skip


def _open(by: Principal, at: datetime) -> list[Waiting]:
    if not by.may(NOMINATE):
        return []
    rows = standing.elections().filter(state=Election.State.OPEN, closes_at__gt=at)
    rows = rows.exclude(nominations__person_id=by.person_id or 0).order_by("closes_at", "pk")
    return [
        Waiting(
            title=_("Nominations are open: %(circle)s") % {"circle": formats.apart(circles.name_of(one.office))},
            detail=_("Put somebody forward, or yourself, until %(day)s.") % {"day": formats.moment(one.closes_at)},
            url=reverse("circles:election", args=[one.pk]), action=_("See who stands"), icon="ballot", at=one.closes_at,
        )
        for one in rows[:10]
    ]  # fmt: skip


def _ending(by: Principal, at: datetime) -> list[Waiting]:
    """Terms that end soon, or are over, for those who can open nominations."""
    soon = timezone.localdate(at) + timedelta(days=bylaws.book().value("circles.remind_days"))
    rows = Office.objects.filter(ended_on__isnull=True, until__isnull=False, until__lte=soon).values_list("office", "until")
    first: dict[str, list[object]] = {}
    for office, until in rows.order_by("until", "pk"):
        first.setdefault(office, []).append(until)
    busy = {*standing.running().values_list("office", flat=True), *draws.draws_under_way().values_list("office", flat=True)}
    found = []
    for office, ends in first.items():
        circle = circles.find(office) if office not in busy and by.may(CALL_ELECTION, office) else None
        if circle is None:
            continue
        page, title, action = (
            ("circles:announce_draw", _("Terms in %(circle)s end: announce a draw"), _("Announce a draw"))
            if circle.chosen == Chosen.LOT
            else ("circles:open_election", _("Terms in %(circle)s end: open nominations"), _("Open nominations"))
        )
        detail = _("The first on %(day)s. Whoever sits stays until somebody follows.") % {"day": formats.day(ends[0])}  # type: ignore[arg-type]
        told = title % {"circle": formats.apart(circles.name(circle))}
        found.append(Waiting(title=told, detail=detail, url=reverse(page, args=[office]), action=action, icon="clock"))
    return found


def _to_review(by: Principal, at: datetime) -> list[Waiting]:
    soon = timezone.localdate(at) + timedelta(days=bylaws.book().value("circles.remind_days"))
    rows = Circle.objects.filter(ended_on__isnull=True, review_on__isnull=False, review_on__lte=soon).order_by("review_on", "pk")
    return [
        Waiting(
            title=_("Is %(circle)s still needed as it is?") % {"circle": formats.apart(circles.name(one))},
            detail=_("To be looked at again by %(day)s.") % {"day": formats.day(one.review_on)},
            url=reverse("circles:circle", args=[one.slug]), action=_("Read its purpose"), icon="turn",
        )
        for one in rows[:20]
        if by.may(CALL_ELECTION, one.slug)
    ]  # fmt: skip


def seats_hold() -> Finding:
    """Whoever sits was named by a decision, nobody sits in a circle that has ended, and no circle has more than its seats."""
    faults, held = [], list(Office.objects.filter(ended_on__isnull=True).select_related("seat").order_by("pk"))
    over = set(Circle.objects.filter(ended_on__isnull=False).values_list("slug", flat=True))
    rewritten = dict(Charter.objects.order_by("number").values_list("circle__slug", "from_on"))
    counted: Counter[tuple[str, str]] = Counter()
    for one in held:
        own = getattr(one, "seat", None)
        if not one.named_by:
            faults.append(f"office {one.pk} ({one.office}) was named by no decision")
        if one.office in over:
            faults.append(f"office {one.pk} is in {one.office}, which has ended")
        # Whoever sat before the circle was rewritten with fewer seats stays until the next election.
        if own is not None and own.sits == Sits.SEAT and one.since >= rewritten.get(one.office, one.since):
            counted[one.office, own.member_class] += 1
    for (office, member_class), number in sorted(counted.items()):
        circle = circles.find(office)
        if circle and circle.seats and number > circles.seats_of(circle, member_class):
            faults.append(f"{office} has {number} people on {circles.seats_of(circle, member_class)} seats of “{member_class}”")
    return Finding(len(held), faults)


def of_person(*, person_id: int) -> list[dict[str, object]]:
    """Return the offices somebody holds and held, and where they were put forward, for themselves to take along."""
    offices = Office.objects.filter(person_id=person_id).order_by("since", "pk")
    drawn = Asked.objects.filter(entry__person_id=person_id).select_related("entry__draw").order_by("asked_at", "pk")
    put_forward = Nomination.objects.filter(person_id=person_id).select_related("election").order_by("nominated_at", "pk")
    return [
        *({name: getattr(one, name) for name in ("office", "since", "until", "ended_on", "named_by")} for one in offices),
        *(
            {"election": one.election.office, "nominated_at": one.nominated_at, "accepted_at": one.accepted_at,
             "declined_at": one.declined_at, "statement": one.statement}
            for one in put_forward
        ),
        *(
            {"draw": one.entry.draw.office, "asked_at": one.asked_at, "answer_until": one.answer_until,
             "declined_at": one.declined_at}
            for one in drawn
        ),
    ]  # fmt: skip
