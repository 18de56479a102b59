"""Draws: who is in one, whom the lot fell on, and whether it can be worked out again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from toadlane.democracy.circles import policies
from toadlane.democracy.circles.models import Asked, Draw, DrawEntry
from toadlane.democracy.circles.queries import circles, standing
from toadlane.kernel import canonical
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.sealing import queries as sealing
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.society.members.models import Delegate, Membership, Office

UNDER_WAY = (Draw.State.ANNOUNCED, Draw.State.DRAWN)


def draws() -> QuerySet[Draw]:
    return Draw.objects.order_by("-number")


def draw(number: int) -> Draw | None:
    return Draw.objects.filter(number=number).first()


def draws_under_way(office: str = "") -> QuerySet[Draw]:
    rows = draws().filter(state__in=UNDER_WAY)
    return rows.filter(office=office) if office else rows


def draws_to_keep(at: datetime) -> QuerySet[Draw]:
    """Return the draws whose time has come: to be drawn by the seal of the records, or to have those drawn take their seats."""
    waiting = Asked.objects.filter(entry__draw=OuterRef("pk"), declined_at__isnull=True, answer_until__gt=at)
    due = Q(state=Draw.State.ANNOUNCED, source="", draws_at__lte=at) | Q(Q(state=Draw.State.DRAWN) & ~Exists(waiting))
    return Draw.objects.filter(due).order_by("draws_at", "pk")


def coops_with_draws_to_keep(at: datetime) -> list[int]:
    return list(draws_to_keep(at).order_by().values_list("coop_id", flat=True).distinct())


def next_to_keep(at: datetime) -> datetime | None:
    """Return when the next draw comes to its hour, or the time to say no of one who was drawn is over."""
    asked = Asked.objects.filter(entry__draw__state=Draw.State.DRAWN, declined_at__isnull=True)
    moments = (
        timers.first_after(at, Draw.objects.filter(state=Draw.State.ANNOUNCED, source=""), "draws_at"),
        timers.first_after(at, asked, "answer_until"),
    )
    return min((moment for moment in moments if moment), default=None)


def who_may_be_drawn(office: str, *, fills_all: bool) -> list[tuple[Membership, int]]:
    """Return whom the lot may fall on, in the order of the register: the membership, and the person who would sit.

    Each person once, by their first number; for an organisation its delegate, where it has one. Where only empty seats are
    filled, whoever sits there already is not in it.
    """
    delegates: dict[int, list[int]] = {}
    spoken = Delegate.objects.filter(ended_on__isnull=True).order_by("since", "pk")
    for membership_id, person_id in spoken.values_list("membership_id", "person_id"):
        delegates.setdefault(membership_id, []).append(person_id)
    taken = set() if fills_all else set(circles.holders(office).values_list("person_id", flat=True))
    found = []
    for one in standing.standing_members():
        own = delegates.get(one.pk, [])
        person_id = one.person_id or (own[0] if len(own) == 1 else None)
        if person_id is not None and person_id not in taken and one.number is not None:
            taken.add(person_id)
            found.append((one, person_id))
    return found


def tickets(draw: Draw) -> list[policies.Ticket]:
    return [one.ticket for one in draw.entries.order_by("number")]


def asked(draw: Draw) -> QuerySet[Asked]:
    rows = Asked.objects.filter(entry__draw=draw).select_related("entry__person", "entry__membership__organisation")
    return rows.order_by("asked_at", "pk")


def asked_one(pk: int) -> Asked | None:
    return Asked.objects.select_related("entry__draw", "entry__person").filter(pk=pk).first()


def declined(draw: Draw) -> set[int]:
    return set(asked(draw).filter(declined_at__isnull=False).values_list("entry__number", flat=True))


def drawn(draw: Draw) -> dict[str, list[int]]:
    """Return whose the seats are as things stand, by class, as numbers in the register."""
    return policies.seated(policies.in_order(draw.seed, tickets(draw)), draw.seats, declined(draw)) if draw.seed else {}


@dataclass(frozen=True)
class Lot:
    """One line of a result: a place in the order of the lots, whose it is, and what became of it."""

    place: int
    number: int
    member_class: str
    lot: str
    seat: str | None
    has_declined: bool


def lots(draw: Draw) -> list[Lot]:
    """Return the whole order of a draw, so that everybody can look who would be next."""
    if not draw.seed:
        return []
    no, order = declined(draw), policies.in_order(draw.seed, tickets(draw))
    seats = {number: name for name, numbers in policies.seated(order, draw.seats, no).items() for number in numbers}
    return [
        Lot(place, one.number, one.member_class, policies.lot(draw.seed, one.number), seats.get(one.number), one.number in no)
        for place, one in enumerate(order, 1)
    ]


def roll_lines(draw: Draw) -> Iterator[str]:
    """Yield the list of a draw as its hash is taken over it."""
    for one in tickets(draw):
        yield f"{one.line()}\n"


def lines(draw: Draw) -> Iterator[str]:
    """Yield the result as a table that a spreadsheet reads; of those drawn it says what became of them."""
    yield "place,number,class,lot,seat,declined\n"
    for one in lots(draw):
        seat = "" if one.seat is None else one.seat or "open"
        yield f"{one.place},{one.number},{one.member_class},{one.lot},{seat},{'yes' if one.has_declined else ''}\n"


def draws_hold() -> Finding:
    """Each draw was announced as it stands, the same lots fall again, and nobody sits by it whom they did not fall on."""
    rows = list(Draw.objects.order_by("number"))
    return Finding(len(rows), [f"{one.name}: {fault}" for one in rows for fault in _faults(one)])


def _faults(draw: Draw) -> Iterator[str]:
    if draw.hash != canonical.digest(draw.announced()):
        yield "is not what was announced"
    if draw.roll_hash != policies.roll_digest(tickets(draw)):
        yield "the list of those in it is not what was announced"
    fell_on = {one.entry.number: one for one in asked(draw)}
    if not draw.seed:
        if fell_on:
            yield "the lot fell on somebody before it was drawn"
        return
    if draw.seed != policies.seed(draw.hash, draw.value):
        yield "the seed does not follow from what was announced and what came after"
    if not draw.source and draw.value != sealing.first_after(draw.draws_at):
        yield "it was not drawn by the first seal after its hour"
    now = {number for numbers in drawn(draw).values() for number in numbers}
    if now != {number for number, one in fell_on.items() if one.declined_at is None}:
        yield "drawn again, the lot falls on others"
    persons = {fell_on[number].entry.person_id for number in now if number in fell_on}
    sit = set(Office.objects.filter(named_by=draw.name, office=draw.office).values_list("person_id", flat=True))
    if (draw.state == Draw.State.SEATED and sit != persons) or (draw.state != Draw.State.SEATED and sit):
        yield "those who sit by it are not those whom the lot fell on"


def entries_of(draw: Draw, numbers: list[int]) -> list[DrawEntry]:
    """Return these entries, in this order."""
    known = {one.number: one for one in draw.entries.filter(number__in=numbers)}
    return [known[number] for number in numbers]
