from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, holds


def own(by: Principal, subject: Any) -> Answer:
    return Answer(subject is not None and subject.pk in by.memberships, _("This is somebody else’s account."))


OWN = Permission("bank.own", own, scope="money")
COOPS_OWN = Permission("bank.coops_own", holds("treasurer", "board"), scope="money")
KEEP = Permission("bank.keep", holds("treasurer", "board"), scope="money")
SEE = Permission("bank.see", holds("treasurer", "board"), scope="read")
