from toadlane.democracy.ballots.services.casting import Receipt, cast
from toadlane.democracy.ballots.services.closing import close, settle_tie
from toadlane.democracy.ballots.services.opening import open_ballot

__all__ = ["Receipt", "cast", "close", "open_ballot", "settle_tie"]
