from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, anyone, holds, signed_in

OFFICERS = frozenset({"board", "treasurer"})
# Whoever sits beside a worker who has no telephone of her own that shows pages, and fills in the forms with her.
HELPERS = frozenset({"helper", "coordinator", "board"})


def _own(by: Principal, wallet: Any) -> Answer:
    return Answer(by.person_id is not None and by.person_id == wallet.person_id, _("Only the worker whose wallet it is."))


def _own_or_helped(by: Principal, wallet: Any) -> Answer:
    return Answer(bool(_own(by, wallet)) or bool(by.roles & HELPERS), _("Only the worker whose wallet it is, or who helps her."))


def _payers(by: Principal, plan: Any) -> Answer:
    return Answer(by.person_id is not None and by.person_id == plan.payer_id, _("Only whoever pays."))


def _either_side(by: Principal, plan: Any) -> Answer:
    return Answer(bool(_payers(by, plan)) or bool(_own(by, plan.wallet)), _("Only whoever pays, or whose wallet it is."))


def _officers(by: Principal, _subject: Any) -> Answer:
    return Answer(bool(by.roles & OFFICERS), _("For the board and the treasurer."))


def _pledged(by: Principal, pledge: Any) -> Answer:
    return Answer((by.person_id is not None and by.person_id == pledge.person_id) or "board" in by.roles, _("Not your pledge."))


SEE_OWN = Permission("see one's own benefits", signed_in, scope="read")
SEE_WALLET = Permission("see a wallet", _own_or_helped, scope="read")
INVITE = Permission("invite somebody by phone number", signed_in)
CLAIM = Permission("open a wallet that one was invited to", anyone)
OPEN = Permission("open a wallet", lambda by, _subject: Answer(bool(by.memberships) and by.membership_id is not None))
HELP = Permission("help a worker with her wallet", holds(*sorted(HELPERS)))
GIVE = Permission("pay into a wallet", signed_in, scope="money")
CHANGE_PLAN = Permission("change a plan", _payers, scope="money")
END_PLAN = Permission("end a plan", _either_side, scope="money")
TAKE = Permission("take something out of a wallet", _own_or_helped, scope="money")
SEE_BATCHES = Permission("see what is to be paid out of funds and wallets", _officers, scope="read")
PREPARE = Permission("put a batch together", _officers, scope="money")
APPROVE = Permission("approve a batch", _officers, scope="money")
MAKE_CODES = Permission("make codes for emergency help", holds(*sorted(HELPERS)))
ASK_HELP = Permission("ask for emergency help", anyone)
SEE_PLEDGES = Permission("see who keeps the code of good work", anyone, scope="read")
PLEDGE = Permission("pledge to keep the code of good work", signed_in)
MODERATE = Permission("show pledges, or not", holds("board"))
END_PLEDGE = Permission("end a pledge", _pledged)
COLLECT = Permission("collect what was promised by direct debit", _officers, scope="money")
RUN = Permission("charge and credit", holds("system"), scope="money")
