"""What circles do when something happens: letters to whoever was put forward, and what members decided."""

from datetime import datetime

from toadlane.democracy.circles import queries
from toadlane.democracy.circles.events import SomebodyDrawn, SomebodyNominated
from toadlane.democracy.circles.queries import draws
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.sending import services as sending
from toadlane.society.coops import queries as coops
from toadlane.society.people import queries as people
from toadlane.ui import formats


def tell_the_nominee(event: SomebodyNominated, *, by: Principal, at: datetime) -> None:
    """Nobody stands without knowing: whoever was put forward is asked."""
    nomination = queries.nomination(event.nomination_id)
    reached = people.reach(nomination.person_id, "members") if nomination else None
    if nomination is None or reached is None:
        return
    coop = coops.of_scope(by.coop_id or 0)
    to = sending.Recipient(email=reached.email, phone=reached.phone, name=reached.name)
    about = {
        "coop": coop.name, "circle": queries.name_of(nomination.election.office, reached.language),
        "who": people.names({nomination.nominated_by_id}).get(nomination.nominated_by_id, ""), "reason": nomination.reason,
        "until": formats.moment(nomination.election.closes_at),
        "url": coops.address(coop, "circles:election", nomination.election_id),
    }  # fmt: skip
    sending.send(to=to, template="circles/nominated", context=about, language=reached.language, by=by, at=at)


def tell_the_drawn(event: SomebodyDrawn, *, by: Principal, at: datetime) -> None:
    """Whoever the lot fell on hears of it, and until when they can say no."""
    asked = draws.asked_one(event.asked_id)
    reached = people.reach(asked.entry.person_id, "members") if asked else None
    if asked is None or reached is None:
        return
    coop, draw = coops.of_scope(by.coop_id or 0), asked.entry.draw
    to = sending.Recipient(email=reached.email, phone=reached.phone, name=reached.name)
    about = {
        "coop": coop.name, "circle": queries.name_of(draw.office, reached.language), "until": formats.moment(asked.answer_until),
        "url": coops.address(coop, "circles:draw", draw.number),
    }  # fmt: skip
    sending.send(to=to, template="circles/drawn", context=about, language=reached.language, by=by, at=at)
