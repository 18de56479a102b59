"""What a check looked at and what it found: the same for every invariant."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from toadlane.commons.records.policies.packing import Line, Pack

# A file with one fault in each line says enough with the first.
MOST = 20


@dataclass
class Found:
    """What one invariant came to.

    :param looked_at: how many things were looked at; a check that looked at nothing proves nothing
    :param left_out: of how many only a fingerprint could be followed, because this file does not say all of them
    """

    looked_at: int = 0
    left_out: int = 0
    faults: list[str] = field(default_factory=list)

    def expect(self, holds: bool, otherwise: str) -> bool:
        """Note a fault where something does not hold."""
        if not holds and len(self.faults) < MOST:
            self.faults.append(otherwise)
        return holds


Check = Callable[[Pack], Found]


def only(line: Mapping[str, Any], names: Iterable[str]) -> Line:
    """Return the part of a line that its hash is taken over."""
    return {name: line[name] for name in names}


def is_whole(line: Mapping[str, Any]) -> bool:
    """Say whether a line says what its hash was taken over; where names were left out of it, it does not."""
    return not line.get("redacted")
