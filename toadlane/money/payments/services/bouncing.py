"""Payouts that the payee's bank sends back: they are owed again, and wait for people to send them another way."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.money.ledger import services as ledger
from toadlane.money.payments import queries
from toadlane.money.payments.events import PayoutCameBack
from toadlane.money.payments.models import SENT_BACK, Errand, Payout
from toadlane.money.payments.permissions import BANK
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events


@transaction.atomic
def payout_came_back(*, payout: Payout, by: Principal, at: datetime) -> bool:
    """Book that the money is there again, once for each time it was sent; return whether it was.

    The same payout waits as it did before it was sent, so that the next file pays it, to whichever account its payee then has.
    """
    by.must(BANK, payout)
    payout = Payout.objects.select_for_update(of=("self",)).get(pk=payout.pk)
    if not queries.can_come_back(payout):
        return False
    time = queries.times_back(payout) + 1
    ledger.post(
        key=f"payout:{payout.pk}:back:{time}", narration=_("Payout sent back by the payee’s bank"), subject=f"payout:{payout.pk}",
        by=by, at=at,
        postings=[ledger.debit("1000", payout.amount), ledger.credit(payout.code, payout.amount, holder=payout.holder)],
    )  # fmt: skip
    Payout.objects.filter(pk=payout.pk).update(
        state=Errand.UNKNOWN, reason=SENT_BACK, provider_ref="", settled_at=None, recorded_by=None, confirmed_by=None
    )
    events.publish(
        PayoutCameBack(
            payout_id=str(payout.pk), holder=payout.holder, subject=payout.subject, minor=payout.amount_minor,
            currency=payout.currency,
        )
    )  # fmt: skip
    return True
