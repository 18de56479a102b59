from typing import Any

from django.utils.translation import gettext as _

from toadlane.commons.records.policies.variants import Variant
from toadlane.democracy.proposals import permissions as proposals
from toadlane.plumbing.access.principals import Answer, Permission, Principal, holds

INSIDERS = holds("member", "board", "treasurer", "system")
OFFICERS = holds("board", "treasurer", "system")


def _reads(by: Principal, _subject: Any) -> Answer:
    """Strangers as far as the bylaws open what was decided."""
    return by.may(proposals.READ, None)


def _fetches(by: Principal, variant: Any) -> Answer:
    if variant == Variant.PUBLIC:
        return _reads(by, None)
    if variant == Variant.MEMBERS:
        return INSIDERS(by, variant)
    return Answer(bool(OFFICERS(by, variant)), _("The register of shares is for the board and the treasurer."))


READ = Permission("records.read", _reads, scope="read")
FETCH = Permission("records.fetch", _fetches, scope="read")
# A newer file is for those inside to ask for; strangers get the one of the day.
ASK = Permission("records.ask", lambda by, variant: INSIDERS(by, variant) and _fetches(by, variant))
KEEP = Permission("records.keep", holds("system"))
