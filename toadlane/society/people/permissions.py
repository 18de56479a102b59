from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal


def _oneself(by: Principal, person: Any) -> Answer:
    return Answer(by.person_id is not None and by.person_id == person.pk, _("Only you can do this for yourself."))


def _oneself_or_signing_in(by: Principal, person: Any) -> Answer:
    # Nobody is signed in yet while a number is being proven; the code that was sent there is the proof.
    return Answer(by.person_id in (None, person.pk), _("Only you can do this for yourself."))


def _oneself_or_operator(by: Principal, person: Any) -> Answer:
    allowed = by.person_id == person.pk or (by.person_id is None and "operator" in by.roles)
    return Answer(allowed, _("Only you can do this for yourself."))


def _nobody_yet(by: Principal, _subject: Any) -> Answer:
    return Answer(True)


PROVE_PHONE = Permission("people.prove_phone", _oneself_or_signing_in)
CHANGE_OWN = Permission("people.change_own", _oneself)
# The operator at the command line makes tokens for scripts; over the net nobody makes one for somebody else.
ISSUE_TOKEN = Permission("people.issue_token", _oneself_or_operator)
USE_TOKEN = Permission("people.use_token", _oneself, scope="read")
CLOSE_OWN = Permission("people.close_own", _oneself, scope="money")
ARRIVE = Permission("people.arrive", _nobody_yet)
# The room that opens the door to somebody has asked already who may.
WELCOME = Permission("people.welcome", _nobody_yet)
