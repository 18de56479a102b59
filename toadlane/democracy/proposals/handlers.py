"""What follows from what happens elsewhere."""

from datetime import datetime

from toadlane.democracy.proposals import services
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws.events import BylawsChanged


def look_again(event: BylawsChanged, *, by: Principal, at: datetime) -> None:
    """The rules have moved: what was written on the old ones may not fit any more."""
    services.look_again(by=by, at=at)
