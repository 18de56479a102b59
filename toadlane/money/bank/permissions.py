from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, holds
from toadlane.society.people.models import Person


def own(by: Principal, subject: Any) -> Answer:
    """Whether a member, or a person who is none, is who asks."""
    mine = {by.person_id} if isinstance(subject, Person) else by.memberships
    return Answer(subject is not None and subject.pk in mine, _("This is somebody else’s account."))


OWN = Permission("bank.own", own, scope="money")
COOPS_OWN = Permission("bank.coops_own", holds("treasurer", "board"), scope="money")
KEEP = Permission("bank.keep", holds("treasurer", "board"), scope="money")
SEE = Permission("bank.see", holds("treasurer", "board"), scope="read")
