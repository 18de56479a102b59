"""What can be done with proposals and decisions, one use case a file."""

from toadlane.democracy.proposals.services.amending import (
    accept_amendment,
    decline_amendment,
    offer_amendment,
    take_back_amendment,
)
from toadlane.democracy.proposals.services.deciding import decide, voting_began, voting_extended
from toadlane.democracy.proposals.services.drafting import begin_draft, bring_draft, drop_draft, keep_part, keep_words
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
from toadlane.democracy.proposals.services.guarding import ask_pause, drop_pause, extend_pause, sign_pause
from toadlane.democracy.proposals.services.mending import look_at_law
from toadlane.democracy.proposals.services.stages import advance, look_again
from toadlane.democracy.proposals.services.stopping import appeal, demand_suspension, judge, lapse_appeals, repair
from toadlane.democracy.proposals.services.supporting import add_author, support, take_back_support
from toadlane.democracy.proposals.services.talking import hide, say, summarise
from toadlane.democracy.proposals.services.telling import (
    tell_of_decision,
    tell_of_failure,
    tell_of_suspension,
    tell_of_talk,
    tell_of_vote,
)
from toadlane.democracy.proposals.services.writing import bring, propose, rebase, revise, use_procedure, withdraw

__all__ = [
    "AlreadySigned",
    "CannotBeDecided",
    "Changed",
    "NotNow",
    "NotReady",
    "SayMore",
    "TooSoon",
    "TooWeak",
    "accept_amendment",
    "add_author",
    "advance",
    "appeal",
    "ask_pause",
    "begin_draft",
    "bring",
    "bring_draft",
    "decide",
    "decline_amendment",
    "demand_suspension",
    "drop_draft",
    "drop_pause",
    "enact",
    "enact_due",
    "extend_pause",
    "hide",
    "judge",
    "keep_part",
    "keep_words",
    "lapse_appeals",
    "look_again",
    "look_at_law",
    "offer_amendment",
    "propose",
    "rebase",
    "repair",
    "revise",
    "say",
    "sign_pause",
    "summarise",
    "support",
    "take_back_amendment",
    "take_back_support",
    "tell_of_decision",
    "tell_of_failure",
    "tell_of_suspension",
    "tell_of_talk",
    "tell_of_vote",
    "use_procedure",
    "voting_began",
    "voting_extended",
    "withdraw",
]  # fmt: skip
