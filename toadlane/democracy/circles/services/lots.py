"""Filling seats by lot: announced, drawn by what nobody could know then, and those drawn can say no for some days."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.democracy.circles import policies, queries
from toadlane.democracy.circles.events import DrawAnnounced, SomebodyDrawn
from toadlane.democracy.circles.models import Asked, Chosen, Circle, Draw, DrawEntry
from toadlane.democracy.circles.permissions import DECLINE_LOT, DRAW, KEEP_TIME
from toadlane.democracy.circles.queries import draws
from toadlane.democracy.circles.services import seating
from toadlane.kernel import canonical
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.sealing import queries as sealing
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws

BATCH = 500


class NotByLot(Expected):
    words = lazy("The seats here are filled by election. The members can decide that the lot fills them.")
    status = 422
    field = "office"


class AnnounceEarlier(Expected):
    words = lazy("A draw has to be announced for longer.")
    status = 422
    field = "draws_at"


class NobodyToDraw(Expected):
    words = lazy("There is no seat to fill, or nobody whom the lot could fall on.")
    status = 422
    field = "office"


class TermsRun(Expected):
    words = lazy("Some who sit there have their terms before them. Until those end, only empty seats can be filled.")
    field = "fills_all"


class DrawNotNow(Expected):
    words = lazy("The draw is not at this point.")


@transaction.atomic
def announce_draw(
    *, office: str, draws_at: datetime, by: Principal, at: datetime, source: str = "", fills_all: bool = True
) -> Draw:
    """Announce that seats will be filled by lot: which, when, among whom, and by what. All of it is frozen and hashed now.

    :param source: a public value that becomes known on or after that instant, described so that everybody finds the same, such as
        the numbers of a lottery on a day; empty for the first seal of the co-op's records after it
    :param fills_all: whether all seats are filled anew, or only those that nobody holds
    :raises NotByLot: where members chose to elect
    :raises AnnounceEarlier: when there are fewer days until then than the bylaws ask for
    :raises TermsRun: when somebody's term would be cut short: only the members recall anybody
    :raises NobodyToDraw: when no seat is empty, or nobody may sit
    :raises DrawNotNow: when there is a draw for these seats already
    """
    by.must(DRAW, office)
    Tenant.lock_current()
    book, circle = bylaws.book(), queries.find(office)
    if circle is None or circle.chosen != Chosen.LOT:
        raise NotByLot
    if draws_at < at + timedelta(days=book.value("circles.draw_days")):
        raise AnnounceEarlier
    if fills_all and _cuts_a_term_short(office, draws_at, book.value("circles.remind_days")):
        raise TermsRun
    seats = {name: n for name, n in (circle.seats if fills_all else queries.vacancies(circle)).items() if n}
    found = draws.who_may_be_drawn(office, fills_all=fills_all)
    if not seats or not found:
        raise NobodyToDraw
    tickets = [policies.Ticket(one.number or 0, one.member_class) for one, _person in found]
    draw = Draw(
        number=(Draw.objects.aggregate(last=Max("number"))["last"] or 0) + 1, office=office, seats=seats, fills_all=fills_all,
        term_months=circle.term_months, decline_days=book.value("circles.decline_days"), decision=_chosen_by(circle),
        source=source.strip(), draws_at=draws_at, roll_hash=policies.roll_digest(tickets), roll_size=len(tickets),
        announced_at=at, announced_by=str(by),
    )  # fmt: skip
    draw.claim()  # The hash covers the co-op, so the row has to know it first.
    draw.hash = canonical.digest(draw.announced())
    try:
        with transaction.atomic():
            draw.save(force_insert=True)
    except IntegrityError as error:
        raise DrawNotNow(_("There is a draw for these seats already.")) from error
    rows = [
        DrawEntry(draw=draw, number=one.number or 0, member_class=one.member_class, membership=one, person_id=person)
        for one, person in found
    ]
    DrawEntry.objects.bulk_create(rows, batch_size=BATCH)
    events.publish(DrawAnnounced(draw_id=draw.pk))
    return draw


def _cuts_a_term_short(office: str, draws_at: datetime, days: int) -> bool:
    """Say whether somebody sits there whose term ends later after a draw than its end is shown before."""
    near = timezone.localdate(draws_at) + timedelta(days=days)
    return queries.holders(office).filter(until__gt=near).exists()


def _chosen_by(circle: Circle) -> str:
    """Return the decision that the lot rests on."""
    last = queries.charters(circle)[:1]
    return last[0].decision if last else circle.founded_by


@transaction.atomic
def read_value(*, draw: Draw, value: str, by: Principal, at: datetime) -> Draw:
    """Say what the public source says. When two people have read the same, it is drawn; until then the last reading waits for
    another's.

    :raises DrawNotNow: before its hour, once it is drawn, or where no public value decides
    """
    by.must(DRAW, draw.office)
    draw = _held(draw)
    value = policies.spelled(value)
    if draw.state != Draw.State.ANNOUNCED or not draw.source or at < draw.draws_at:
        raise DrawNotNow
    if not value or len(value) > Draw._meta.get_field("value").max_length:  # type: ignore[operator]
        raise DrawNotNow(_("Write the value as the source has it."), field="value")
    if draw.read == value and draw.read_by_id != by.person_id:
        return _draw(draw, value, by, at)
    draw.read, draw.read_by_id = value, by.person_id
    draw.save(update_fields=["read", "read_by"])
    return draw


@transaction.atomic
def keep_draw(*, draw: Draw, by: Principal, at: datetime) -> Draw:
    """Do what is due: draw by the seal of the records once it is there, and seat those who did not say no. Harmless again."""
    by.must(KEEP_TIME)
    draw = _held(draw)
    if draw.state == Draw.State.ANNOUNCED and not draw.source and at >= draw.draws_at:
        value = sealing.first_after(draw.draws_at)
        return _draw(draw, value, by, at) if value else draw
    if draw.state == Draw.State.DRAWN and not _waits(draw, at):
        _pass_over_who_left(draw, at)
        if not _waits(draw, at):
            _seat(draw, at)
    return draw


def _draw(draw: Draw, value: str, by: Principal, at: datetime) -> Draw:
    draw.value, draw.seed = value, policies.seed(draw.hash, value)
    draw.state, draw.drawn_at, draw.drawn_by = Draw.State.DRAWN, at, str(by)
    draw.save()
    _ask(draw, at)
    return draw


def _ask(draw: Draw, at: datetime) -> None:
    """Ask everybody on whom the lot falls as things stand, and has not been asked."""
    numbers = [number for numbers in draws.drawn(draw).values() for number in numbers]
    known = set(draws.asked(draw).values_list("entry_id", flat=True))
    for entry in draws.entries_of(draw, numbers):
        if entry.pk not in known:
            until = at + timedelta(days=draw.decline_days)
            asked = Asked.objects.create(entry=entry, asked_at=at, answer_until=until)
            events.publish(SomebodyDrawn(asked_id=asked.pk))


@transaction.atomic
def decline_lot(*, asked: Asked, by: Principal, at: datetime) -> Asked:
    """Say no to a seat that the lot gave. The next of the same draw moves up. No reason is owed.

    :raises DrawNotNow: when the time to say so is over, or one said so already
    """
    by.must(DECLINE_LOT, asked)
    draw = _held(asked.entry.draw)
    asked = Asked.objects.select_for_update().get(pk=asked.pk)
    if draw.state != Draw.State.DRAWN or asked.declined_at is not None or at >= asked.answer_until:
        raise DrawNotNow(_("The time to say no is over."))
    asked.declined_at = at
    asked.save(update_fields=["declined_at"])
    _ask(draw, at)
    return asked


def _waits(draw: Draw, at: datetime) -> bool:
    return draws.asked(draw).filter(declined_at__isnull=True, answer_until__gt=at).exists()


def _pass_over_who_left(draw: Draw, at: datetime) -> None:
    """Whoever may no longer stand, since they left or were suspended, makes place for the next as if they had said no."""
    said_yes = list(draws.asked(draw).filter(declined_at__isnull=True))
    able = queries.persons_who_may_stand([one.entry.person_id for one in said_yes])
    if gone := [one.pk for one in said_yes if one.entry.person_id not in able]:
        Asked.objects.filter(pk__in=gone).update(declined_at=at)
        _ask(draw, at)


def _seat(draw: Draw, at: datetime) -> None:
    """Have those drawn take their seats, for a term as any other. A seat that nobody is left for stays as it is."""
    # What members decided once, that the lot fills these seats, is carried out here.
    act = Principal.job(draw.coop_id, "enactment")
    for member_class, numbers in draws.drawn(draw).items():
        people = [one.person_id for one in draws.entries_of(draw, numbers)]
        put = seating.seat if draw.fills_all else seating.add
        if not people:
            continue
        put(
            office=draw.office, people=people, term_months=draw.term_months, decision=draw.name, member_class=member_class,
            by=act, at=at,
        )  # fmt: skip
    draw.state, draw.seated_at = Draw.State.SEATED, at
    draw.save(update_fields=["state", "seated_at"])


@transaction.atomic
def cancel_draw(*, draw: Draw, reason: str, by: Principal, at: datetime) -> Draw:
    """Call a draw off before its hour, and say why. From then on nobody can: they might know whom it falls on."""
    by.must(DRAW, draw.office)
    draw = _held(draw)
    if draw.state != Draw.State.ANNOUNCED or at >= draw.draws_at:
        raise DrawNotNow(_("Its hour has come: nobody can call it off any more."))
    if not reason.strip():
        raise DrawNotNow(_("Say why: it has been announced."), field="reason")
    draw.state, draw.cancelled_because = Draw.State.CANCELLED, reason.strip()
    draw.save(update_fields=["state", "cancelled_because"])
    return draw


def _held(draw: Draw) -> Draw:
    return Draw.objects.select_for_update().get(pk=draw.pk)
