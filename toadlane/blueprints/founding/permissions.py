from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, anyone, signed_in


def own_draft(by: Principal, draft: Any) -> Answer:
    """A draft without an owner is the browser's that holds it: the view asks the session."""
    return Answer(draft.person_id in (None, by.person_id), _("Somebody else is founding this."))


def own_draft_and_signed_in(by: Principal, draft: Any) -> Answer:
    """Who has others written to says who they are."""
    return own_draft(by, draft) if by.person_id else signed_in(by, draft)


BEGIN = Permission("founding.begin", anyone)
ANSWER = Permission("founding.answer", own_draft)
ASK = Permission("founding.ask", own_draft_and_signed_in)
SIGN = Permission("founding.sign", signed_in)
