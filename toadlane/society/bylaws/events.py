from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class BylawsChanged(Event):
    """A new version is in force."""

    number: int
    decision: str
    rules: list[str]
