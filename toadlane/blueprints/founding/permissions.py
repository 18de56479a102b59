from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, anyone, signed_in


def own_draft(by: Principal, draft: Any) -> Answer:
    """A draft without an owner is the browser's that holds it: the view asks the session."""
    return Answer(draft.person_id in (None, by.person_id), _("Somebody else is founding this."))


BEGIN = Permission("founding.begin", anyone)
ANSWER = Permission("founding.answer", own_draft)
SIGN = Permission("founding.sign", signed_in)
