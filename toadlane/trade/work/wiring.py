from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop

from toadlane.plumbing.access import personal_data
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry, timers
from toadlane.society.bylaws import rules as bylaws
from toadlane.trade.work import events, queries, tasks
from toadlane.trade.work.rules import RULES
from toadlane.ui import nav


def wire() -> None:
    bylaws.declare("work", RULES)
    for told in (
        events.OfferMade,
        events.OfferAccepted,
        events.OfferPassed,
        events.JobAssigned,
        events.JobStarted,
        events.JobFinished,
    ):
        registry.know(told)
    timers.every(timedelta(seconds=30), tasks.expire_offers, due=queries.coops_with_late_offers, next_at=queries.next_lapse)
    desk.declare("work", queries.waiting)
    personal_data.declare("work", export=queries.of_person)
    nav.declare("desk", 20, gettext_noop("My jobs"), "work:index", _works, group="work")


def _works(request: Any) -> bool:
    return bool(request.by.person_id)
