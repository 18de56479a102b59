from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, anyone, holds, signed_in

KEEPERS = frozenset({"treasurer", "board"})
OFFICES = frozenset({"board", "treasurer", "coordinator"})


def _runs(by: Principal, activity: Any) -> Answer:
    """The manager and the co-managers, members or not: what an activity has may be spent by whoever runs it."""
    if by.person_id is None:
        return Answer(False, _("Sign in first."))
    mine = activity.manager_id == by.person_id or activity.seats.filter(person_id=by.person_id, role="co_manager").exists()
    return Answer(mine, _("Only those who manage this activity."))


def _credits(by: Principal, activity: Any) -> Answer:
    """Whoever runs the activity, and whoever keeps the fund."""
    runs = _runs(by, activity)
    return Answer(bool(runs) or bool(by.roles & KEEPERS), runs.because)


def _sees(by: Principal, activity: Any) -> Answer:
    if by.person_id is None:
        return Answer(False, _("Sign in first."))
    own = by.person_id in (activity.manager_id, activity.adviser_id)
    taking_part = own or activity.seats.filter(person_id=by.person_id).exists()
    return Answer(taking_part or bool(by.roles & OFFICES), _("This activity is between others."))


def _advises(by: Principal, activity: Any) -> Answer:
    """The adviser of the activity, or an office; never whoever manages it."""
    adviser = by.person_id is not None and (by.person_id == activity.adviser_id or bool(by.roles & OFFICES))
    return Answer(adviser and by.person_id != activity.manager_id, _("For the adviser of this activity, or an office."))


OPEN = Permission("open an activity", signed_in)
MANAGE = Permission("manage an activity", _runs, scope="money")
SEE = Permission("see an activity", _sees, scope="read")
ADVISE = Permission("approve for an activity", _advises, scope="money")
OFFICE = Permission("see all activities", holds(*OFFICES), scope="read")
NAME = Permission("name an adviser", holds(*OFFICES))
CREDIT = Permission("credit an invoice", _credits, scope="money")
FUND = Permission("keep the guarantee fund", holds(*sorted(KEEPERS)), scope="money")
# Whoever holds the signed address of a quote answers it; it was sent to the client.
ANSWER = Permission("answer a quote", anyone)
CALCULATE = Permission("work out a wage", anyone, scope="read")
RUN = Permission("assignments.run", holds("system"), scope="money")
