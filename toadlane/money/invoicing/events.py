from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class ParticularsGiven(Event):
    """Somebody said what invoices need to know of them: what waited for it can be issued. None is the co-op itself."""

    membership_id: int | None
