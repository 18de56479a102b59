from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, holds

KEEPERS = frozenset({"treasurer", "board"})


def _own(by: Principal, subject: Any) -> Answer:
    return Answer(subject is not None and subject.pk in by.memberships, _("These are somebody else’s particulars."))


def _party(by: Principal, invoice: Any) -> Answer:
    mine = {invoice.seller_id, invoice.buyer_id} & set(by.memberships)
    customer = by.person_id is not None and by.person_id == invoice.customer_id
    guest = by.order_id is not None and invoice.role in ("supply", "on_top") and invoice.subject == f"order:{by.order_id}"
    return Answer(bool(mine) or customer or guest or bool(by.roles & KEEPERS), _("This invoice is between others."))


OWN = Permission("invoicing.own", _own, scope="money")
COOPS_OWN = Permission("invoicing.coops_own", holds("treasurer", "board"), scope="money")
SEE_ALL = Permission("invoicing.see_all", holds("treasurer", "board"), scope="read")
SEE = Permission("invoicing.see", _party, scope="read")
RECEIVE = Permission("invoicing.receive", holds("treasurer", "board"), scope="money")
ISSUE = Permission("invoicing.issue", holds("system"))
