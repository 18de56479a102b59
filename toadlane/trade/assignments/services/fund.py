"""Putting money by for the guarantee fund, beside what each invoice brings."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.plumbing.access.principals import Principal
from toadlane.trade.assignments import queries
from toadlane.trade.assignments.permissions import FUND
from toadlane.trade.assignments.services.charging import PAID_IN
from toadlane.trade.assignments.services.errors import NotAnAmount


def put_in(*, amount: Money, key: str, by: Principal, at: datetime) -> Money:
    """Put money of the co-op's own into the guarantee fund. It comes out again for wages and lost invoices only.

    :param key: of the intent: the same key puts in once
    :returns: what the fund has now that is not advanced
    :raises NotAnAmount:
    """
    by.must(FUND)
    if amount.minor <= 0 or amount.currency != queries.terms.currency():
        raise NotAnAmount
    ledger.post(
        key=f"guarantee:put-in:{key}"[:120], narration=_("Put into the guarantee fund"), subject="guarantee:fund", by=by, at=at,
        postings=[ledger.debit(PAID_IN, amount), ledger.credit(queries.FUND, amount)],
    )  # fmt: skip
    return queries.fund_free(amount.currency)
