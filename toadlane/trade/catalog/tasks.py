from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.files import services as files


def sweep_pictures(*, by: Principal, at: datetime) -> None:
    """Forget the pictures that were taken off and that nothing else shows."""
    files.sweep(by=by, at=at)
