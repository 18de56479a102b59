from typing import Any

from django.http import Http404

from toadlane.democracy.proposals import queries
from toadlane.democracy.proposals.models import Proposal
from toadlane.democracy.proposals.permissions import READ
from toadlane.democracy.proposals.queries import proposals
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.simulations import queries as simulations


def proposal_of(request: CoopRequest, number: int) -> Proposal:
    """Return a proposal that this reader may read; what they may not, is not there."""
    found = queries.find(number)
    if found is None or not request.by.may(READ, found):
        raise Http404
    return found


def simulated(proposal: Proposal, by: Principal) -> dict[str, Any]:
    """Return what it would have done to last year's orders, as this reader may see it, for the page."""
    found = proposals.simulation_of(proposal)
    return {"simulation": found, "replays": simulations.shown(found, by) if found else []}


def add_error(form: Any, error: Expected) -> None:
    """Show what stands in the way where it is, or above the form."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, f"{error} {error.hint}".strip())
