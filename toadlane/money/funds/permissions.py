from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, anyone, holds

OFFICERS = frozenset({"board", "treasurer"})
INSIDERS = holds("member", "board", "treasurer", "founder", "system")


def _own(by: Principal, expense: Any) -> bool:
    return by.person_id is not None and by.person_id == expense.person_id


def _theirs(by: Principal, expense: Any) -> Answer:
    return Answer(_own(by, expense), _("Only whoever asked for it."))


def _closely(by: Principal, expense: Any) -> Answer:
    return Answer(_own(by, expense) or bool(by.roles & OFFICERS), _("For whoever asked for it, and for the officers."))


# Totals, decisions and what was paid without a vote: nobody has to ask for them.
SEE = Permission("see what is spent", anyone, scope="read")
SEE_EXPENSES = Permission("read the expenses", INSIDERS, scope="read")
SEE_CLOSELY = Permission("read receipts and accounts", _closely, scope="read")
CLAIM = Permission("ask for an expense to be paid", holds("member"))
OWN = Permission("change an expense of one's own", _theirs)
HANDLE = Permission(
    "handle expenses", lambda by, _subject: Answer(bool(by.roles & OFFICERS), _("For the board and the treasurer."))
)
PAY = Permission(
    "pay an expense", lambda by, _subject: Answer(bool(by.roles & OFFICERS), _("For the board and the treasurer.")), scope="money"
)
APPROVE = Permission("allow spending", holds("enactment"))
FEED = Permission("feed the funds", holds("system"), scope="money")
