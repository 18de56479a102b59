"""Writing about circles: carried out where members decided it, and nominations, which come before."""

from toadlane.democracy.circles.services.elections import (
    AlreadyNominated,
    ByLot,
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
from toadlane.democracy.circles.services.lots import (
    AnnounceEarlier,
    DrawNotNow,
    NobodyToDraw,
    NotByLot,
    TermsRun,
    announce_draw,
    cancel_draw,
    decline_lot,
    keep_draw,
    read_value,
)
from toadlane.democracy.circles.services.seating import add, recall, seat

__all__ = [
    "AlreadyNominated", "AnnounceEarlier", "ByLot", "DrawNotNow", "NobodyToDraw", "NotByLot", "NotNow", "NotThatLong",
    "TermsRun", "Wrong", "accept_nomination", "add", "announce_draw", "cancel_draw", "cancel_election", "close_nominations",
    "decline_lot", "decline_nomination", "election_failed", "end_circle", "found_circle", "keep_draw", "nominate",
    "open_election", "read_value", "recall", "seat", "set_proposal",
]  # fmt: skip
