from toadlane.democracy.ballots.services.asking import ask_secret
from toadlane.democracy.ballots.services.carrying import delegate, end_proxy, give_proxy, take_back
from toadlane.democracy.ballots.services.casting import Receipt, cast
from toadlane.democracy.ballots.services.choosing import note_present, vote_as
from toadlane.democracy.ballots.services.closing import close, settle_tie
from toadlane.democracy.ballots.services.elsewhere import bring_result, confirm_result
from toadlane.democracy.ballots.services.errors import Differs
from toadlane.democracy.ballots.services.opening import open_ballot
from toadlane.democracy.ballots.services.papering import agree_papers, drop_papers, enter_papers
from toadlane.democracy.ballots.services.talking import say

__all__ = [
    "Differs", "Receipt", "agree_papers", "ask_secret", "bring_result", "cast", "close", "confirm_result", "delegate",
    "drop_papers", "end_proxy", "enter_papers", "give_proxy", "note_present", "open_ballot", "say", "settle_tie", "take_back",
    "vote_as",
]  # fmt: skip
