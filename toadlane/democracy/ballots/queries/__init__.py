"""What others may ask of ballots."""

from toadlane.democracy.ballots.queries.absence import absent, turnout
from toadlane.democracy.ballots.queries.ballots import (
    SECRET_ASKED,
    confirmed,
    coops_with_urns,
    due,
    every,
    find,
    has_given_proxy,
    has_voted,
    in_secret,
    is_of_a_meeting,
    is_talked,
    may_follow,
    my_entries,
    next_procedure,
    notice_key,
    of_proposal,
    procedure_of,
    readable,
    roll_lines,
    takes_votes,
    terms,
    voted,
    waiting_rounds,
    was_announced,
    zone,
)
from toadlane.democracy.ballots.queries.counts import Counted, choices_of, counted, profile_of, roll_of, tally_of
from toadlane.democracy.ballots.queries.settling import is_settled, settled
from toadlane.democracy.ballots.queries.talks import said_in, stands

__all__ = [
    "SECRET_ASKED", "Counted", "absent", "choices_of", "confirmed", "coops_with_urns", "counted", "due", "every", "find",
    "has_given_proxy", "has_voted", "in_secret", "is_of_a_meeting", "is_settled", "is_talked", "may_follow",
    "my_entries", "next_procedure", "notice_key", "of_proposal", "procedure_of", "profile_of", "readable", "roll_lines",
    "roll_of", "said_in", "settled", "stands", "takes_votes", "tally_of", "terms", "turnout", "voted", "waiting_rounds",
    "was_announced", "zone",
]  # fmt: skip
