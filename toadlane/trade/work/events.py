from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class OfferMade(Event):
    offer_id: int
    job_id: int
    subject: str
    membership_id: int


@dataclass(frozen=True, kw_only=True)
class OfferAccepted(Event):
    offer_id: int
    job_id: int
    subject: str
    membership_id: int


@dataclass(frozen=True, kw_only=True)
class OfferPassed(Event):
    """An offer came back: passed on, or not answered in time. Whoever opened the job offers it to the next."""

    offer_id: int
    job_id: int
    subject: str
    membership_id: int


@dataclass(frozen=True, kw_only=True)
class JobAssigned(Event):
    job_id: int
    subject: str
    membership_id: int
    worker_id: int | None


@dataclass(frozen=True, kw_only=True)
class JobStarted(Event):
    job_id: int
    subject: str


@dataclass(frozen=True, kw_only=True)
class JobFinished(Event):
    job_id: int
    subject: str
