from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class ProposalMade(Event):
    proposal_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class ProposalOpened(Event):
    """It has its support: the time to talk has begun."""

    proposal_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class VoteAnnounced(Event):
    proposal_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class ProposalDecided(Event):
    proposal_id: int
    number: int
    decision: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class DecisionEnacted(Event):
    decision: str
    proposal_id: int


@dataclass(frozen=True, kw_only=True)
class EnactmentFailed(Event):
    decision: str
    proposal_id: int
    why: str


@dataclass(frozen=True, kw_only=True)
class DecisionSuspended(Event):
    decision: str
    proposal_id: int


@dataclass(frozen=True, kw_only=True)
class DecisionAnnulled(Event):
    decision: str
    proposal_id: int
