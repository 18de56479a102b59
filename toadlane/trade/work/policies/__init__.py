"""Pure parts of work: who is asked first, and whether it is fair."""

from toadlane.trade.work.policies.allocation import (
    ALLOCATION,
    Candidate,
    Need,
    Pick,
    able,
    choose,
    distance,
    fewest_jobs,
    nearest,
    rotation,
)

__all__ = ["ALLOCATION", "Candidate", "Need", "Pick", "able", "choose", "distance", "fewest_jobs", "nearest", "rotation"]
