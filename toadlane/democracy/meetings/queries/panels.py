"""What meetings lend to the page of a proposal: in which meeting it is voted on."""

from datetime import datetime

from toadlane.democracy.meetings.permissions import READ
from toadlane.democracy.meetings.queries.votes import meetings_about
from toadlane.democracy.proposals.models import Proposal
from toadlane.democracy.proposals.queries.lent import Panel
from toadlane.plumbing.access.principals import Principal


def of_a_proposal(proposal: Proposal, by: Principal, at: datetime) -> list[Panel]:
    found = [one for one in meetings_about(proposal.number) if by.may(READ, one)]
    return [Panel(template="meetings/panel.html", context={"meetings": found}, place="aside")] if found else []
