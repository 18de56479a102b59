from datetime import timedelta

from django.utils.translation import gettext_noop

from toadlane.democracy.circles import events, guards, handlers, queries, tasks
from toadlane.democracy.circles.handlers.decisions import KINDS
from toadlane.democracy.circles.queries import draws, standing, waiting
from toadlane.democracy.circles.rules import RULES
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules
from toadlane.society.bylaws.rules import decisions
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    guards.sealed()
    rules.declare("circles", RULES)
    for kind in KINDS:
        decisions.declare(kind)
    registry.on(events.SomebodyNominated, handlers.tell_the_nominee)
    registry.on(events.SomebodyDrawn, handlers.tell_the_drawn)
    for told in (events.CircleFounded, events.CircleEnded, events.OfficersSeated, events.OfficerRecalled,
                 events.NominationsOpened, events.NominationsClosed, events.DrawAnnounced):  # fmt: skip
        registry.know(told)
    timers.every(
        timedelta(minutes=1), tasks.close_nominations, due=queries.coops_with_elections_to_close, next_at=standing.next_close
    )
    timers.every(timedelta(minutes=1), tasks.keep_draws, due=draws.coops_with_draws_to_keep, next_at=draws.next_to_keep)
    desk.declare("circles", waiting.waiting)
    desk.declare_news("circles", waiting.news)
    personal_data.declare("circles", export=waiting.of_person)
    invariants.declare("circles.seats_hold", waiting.seats_hold)
    invariants.declare("circles.draws_hold", draws.draws_hold)
    nav.declare("foot", 20, gettext_noop("Circles and offices"), "circles:circles")
