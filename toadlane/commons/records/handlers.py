"""When the bylaws open or close what everybody may read, the file of before is no longer the one to fetch."""

from datetime import datetime

from toadlane.commons.records import services
from toadlane.commons.records.policies.variants import OPENING
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws.events import BylawsChanged


def rules_changed(event: BylawsChanged, *, by: Principal, at: datetime) -> None:
    if OPENING & {*event.rules}:
        services.withdraw(by=by, at=at)
