"""Writing about circles: carried out where members decided it, and nominations, which come before."""

from toadlane.democracy.circles.services.elections import (
    AlreadyNominated,
    NotNow,
    NotThatLong,
    accept_nomination,
    cancel_election,
    close_nominations,
    decline_nomination,
    election_failed,
    nominate,
    open_election,
    set_proposal,
)
from toadlane.democracy.circles.services.founding import Wrong, end_circle, found_circle
from toadlane.democracy.circles.services.seating import recall, seat

__all__ = [
    "AlreadyNominated", "NotNow", "NotThatLong", "Wrong", "accept_nomination", "cancel_election", "close_nominations",
    "decline_nomination", "election_failed", "end_circle", "found_circle", "nominate", "open_election", "recall", "seat",
    "set_proposal",
]  # fmt: skip
