"""What others may ask of proposals and decisions."""

from toadlane.democracy.proposals.queries.decisions import has_passed, is_in_force, named
from toadlane.democracy.proposals.queries.procedures import changes_the_bylaws, content, excluded, procedure_of, question
from toadlane.democracy.proposals.queries.proposals import find, ready_for_vote, voice_of, voters

__all__ = [
    "changes_the_bylaws", "content", "excluded", "find", "has_passed", "is_in_force", "named", "procedure_of", "question",
    "ready_for_vote", "voice_of", "voters",
]  # fmt: skip
