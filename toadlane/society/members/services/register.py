"""The register is a book: whatever moves in it is a new line, so that a row altered behind the services' back shows."""

from collections.abc import Iterable
from datetime import datetime

from toadlane.society.members.models import Membership, RegisterLine

BATCH = 500


def write_down(memberships: Iterable[Membership], at: datetime) -> None:
    """Write a line for each of these as they are now. Called in the transaction of what moved them."""
    lines = [
        RegisterLine(membership=one, at=at, **{name: getattr(one, name) for name in RegisterLine.TOLD}) for one in memberships
    ]
    RegisterLine.objects.bulk_create(lines, batch_size=BATCH)
