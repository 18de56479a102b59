"""Founding, rewriting and ending circles, as members decided. The same decision again changes nothing."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toadlane.democracy.circles import queries
from toadlane.democracy.circles.events import CircleEnded, CircleFounded
from toadlane.democracy.circles.models import Charter, Chosen, Circle, Draw, Election, Seat
from toadlane.democracy.circles.permissions import CARRY_OUT
from toadlane.democracy.circles.queries import draws
from toadlane.kernel.dates import add_months
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.members import services as members


class Wrong(Expected):
    words = _("This circle cannot be as it is described.")
    status = 422


@transaction.atomic
def found_circle(*, terms: Mapping[str, Any], decision: str, by: Principal, at: datetime) -> Circle:
    """Found a circle, or rewrite the one of this slug: purpose, scope, seats, term, the circle above.

    :param terms: the payload of a decision of kind `circle`
    :raises Wrong: saying what is wrong with it
    """
    by.must(CARRY_OUT)
    Tenant.lock_current()
    today = timezone.localdate(at)
    known = queries.row(terms["slug"])
    if known and known.charters.filter(decision=decision).exists():
        return known
    if faults := queries.faults_of_circle(terms):
        raise Wrong(faults[0].words, field=faults[0].field)
    parent = row_of(terms["parent"], today) if terms.get("parent") else None
    values = {
        "names": dict(terms["names"]), "purpose": terms["purpose"].strip(), "scope": (terms.get("scope") or "").strip(),
        "seats": {key: number for key, number in terms["seats"].items() if number}, "term_months": terms["term_months"],
        "chosen": terms.get("chosen") or Chosen.ELECTION,
        "review_on": date.fromisoformat(terms["review_on"]) if terms.get("review_on") else None, "parent": parent,
    }  # fmt: skip
    circle = known or (row_of(terms["slug"], today) if queries.is_organ(terms["slug"]) else None)
    if circle is None:
        circle = Circle(slug=terms["slug"], founded_on=today, founded_by=decision)
    if (circle.seats, circle.chosen) != (values["seats"], values["chosen"]):
        _call_off_draws(circle.slug, decision)
    moved = circle.pk is not None and circle.parent_id != (parent.pk if parent else None)
    for name, value in values.items():
        setattr(circle, name, value)
    circle.save()
    if moved:
        _move_links(circle, parent, decision, by, at)
    _write_charter(circle, decision, today)
    events.publish(CircleFounded(circle_id=circle.pk, decision=decision))
    return circle


def _call_off_draws(office: str, decision: str) -> None:
    """A draw for seats that are no longer there, or are filled otherwise, ends with them."""
    draws.draws_under_way(office).update(state=Draw.State.CANCELLED, cancelled_because=decision)


def row_of(slug: str, today: date) -> Circle:
    """Return the row of a circle; an organ that the bylaws name gets its own when something first rests on it."""
    known = queries.row(slug)
    if known is None:
        known = queries.organ(slug)
        assert known is not None, f"no circle {slug}"
        known.founded_on = today
        known.save()
        _write_charter(known, "founding", today)
    return known


def _write_charter(circle: Circle, decision: str, today: date) -> None:
    number = circle.charters.count() + 1
    Charter.objects.create(circle=circle, number=number, terms=queries.terms_of(circle), decision=decision, from_on=today)


def _move_links(circle: Circle, parent: Circle | None, decision: str, by: Principal, at: datetime) -> None:
    """Whoever links this circle with the one above sits in another one from now on."""
    for link in queries.links_above(circle):
        end_seat(link, decision, by, at)
        if parent and not queries.sits_in(parent.slug, link.office.person_id):
            office = members.appoint(
                person=link.office.person, office=parent.slug, decision=decision, until=link.office.until, by=by, at=at
            )
            Seat.objects.create(office=office, sits=link.sits, via=circle)


def end_seat(seat: Seat, decision: str, by: Principal, at: datetime) -> None:
    members.end_office(office=seat.office, by=by, at=at)
    seat.ended_by = decision
    seat.save()


@transaction.atomic
def end_circle(*, slug: str, decision: str, by: Principal, at: datetime) -> Circle:
    """End a circle, and with it its seats. What it decided stands.

    :raises Wrong: an organ that the bylaws name always exists; a circle with others under it is ended after them
    """
    by.must(CARRY_OUT)
    Tenant.lock_current()
    circle = queries.row(slug)
    if circle and circle.ended_by == decision:
        return circle
    if faults := queries.faults_of_ending(slug):
        raise Wrong(faults[0].words, field=faults[0].field)
    assert circle is not None
    for link in queries.links_above(circle):
        end_seat(link, decision, by, at)
    for office in queries.holders(slug):
        members.end_office(office=office, by=by, at=at)
        Seat.objects.filter(office=office).update(ended_by=decision)
    _call_off_draws(slug, decision)
    running = Election.objects.filter(office=slug, state__in=queries.RUNNING)
    running.update(state=Election.State.CANCELLED, cancelled_because=decision)
    circle.ended_on, circle.ended_by = timezone.localdate(at), decision
    circle.save()
    events.publish(CircleEnded(circle_id=circle.pk, decision=decision))
    return circle


def until(at: datetime, months: int) -> date:
    """Return the last day of a term that begins now."""
    return add_months(timezone.localdate(at), months)
