from toadlane.democracy.ballots.models.asking import SecretAsked
from toadlane.democracy.ballots.models.ballots import Ballot, RollEntry, Secrecy, State, Vote, VotesAs
from toadlane.democracy.ballots.models.carrying import Delegation, Elsewhere, PaperBatch, Proxy, Said
from toadlane.democracy.ballots.models.urn import Board, Mark, Paper, Rounds, Slip, TookPart

__all__ = [
    "Ballot", "Board", "Delegation", "Elsewhere", "Mark", "Paper", "PaperBatch", "Proxy", "RollEntry", "Rounds", "Said",
    "Secrecy", "SecretAsked", "Slip", "State", "TookPart", "Vote", "VotesAs",
]  # fmt: skip
