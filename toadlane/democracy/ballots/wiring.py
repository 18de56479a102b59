from datetime import datetime, timedelta
from typing import Any

from toadlane.democracy.ballots import events, tasks
from toadlane.democracy.ballots.forms import PaperForm
from toadlane.democracy.ballots.permissions import READ
from toadlane.democracy.ballots.queries import asking, ballots, pages, results, verification, waiting
from toadlane.democracy.ballots.rules import RULES
from toadlane.democracy.ballots.services import counting
from toadlane.democracy.proposals.models import Proposal
from toadlane.democracy.proposals.queries.lent import Panel, declare_panel
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.tenancy import invariants
from toadlane.society.bylaws import rules


def wire() -> None:
    rules.declare("ballots", RULES)
    registry.know(events.BallotOpened, events.BallotExtended, events.BallotClosed, events.BallotCounted)
    timers.every(timedelta(seconds=20), tasks.open_ballots, next_at=ballots.next_opening)
    timers.every(timedelta(seconds=20), tasks.close_ballots, next_at=ballots.next_close)
    timers.every(timedelta(seconds=20), tasks.tidy_urns, due=ballots.coops_with_urns)
    desk.declare("ballots", waiting.waiting)
    declare_panel("ballots", panels)
    personal_data.declare("ballots", export=waiting.own_data)
    invariants.declare("ballots.rolls_are_frozen", verification.rolls)
    invariants.declare("ballots.boards_hold", verification.boards)
    invariants.declare("ballots.urns_agree", verification.urns)
    invariants.declare("ballots.results_are_signed", verification.results)
    invariants.declare("ballots.recounts_agree", counting.recounts)


def panels(proposal: Proposal, by: Principal, at: datetime) -> list[Panel]:
    """Return what a ballot shows on the page of its proposal: time and paper beside it, turnout and result below."""
    found = next(iter(ballots.of_proposal(proposal)), None)
    secret = _secret(proposal, by, at)
    if found is None or not by.may(READ, found):
        return secret
    context: dict[str, Any] = pages.context(found, by, at=at)
    shown = context["shown"]
    context["colleges"] = results.names_of_colleges(found)
    if shown.chosen is not None and shown.chosen.may_cast:
        context["form"] = PaperForm(ballot=found, text=shown.chosen.choice)
    return [
        Panel(template="ballots/panel_aside.html", context=context, place="aside"),
        Panel(template="ballots/panel_main.html", context=context, tells_result=found.is_over),
        *secret,
    ]


def _secret(proposal: Proposal, by: Principal, at: datetime) -> list[Panel]:
    """Return the part in which a secret vote is asked for, while it can be."""
    found = asking.shown(proposal, by, at)
    context = {"secret": found, "number": proposal.number}
    return [Panel(template="ballots/panel_secret.html", context=context, place="aside")] if found else []
