"""What can be done with proposals and decisions, one use case a file."""

from toadlane.democracy.proposals.services.deciding import decide, voting_began, voting_extended
from toadlane.democracy.proposals.services.enacting import enact, enact_due
from toadlane.democracy.proposals.services.errors import (
    AlreadySigned,
    CannotBeDecided,
    Changed,
    NotNow,
    NotReady,
    SayMore,
    TooSoon,
    TooWeak,
)
from toadlane.democracy.proposals.services.stages import advance, look_again
from toadlane.democracy.proposals.services.supporting import add_author, support, take_back_support
from toadlane.democracy.proposals.services.writing import bring, propose, revise, use_procedure, withdraw

__all__ = [
    "AlreadySigned", "CannotBeDecided", "Changed", "NotNow", "NotReady", "SayMore", "TooSoon", "TooWeak", "add_author", "advance",
    "bring", "decide", "enact", "enact_due", "look_again", "propose", "revise", "support", "take_back_support", "use_procedure",
    "voting_began", "voting_extended", "withdraw",
]  # fmt: skip
