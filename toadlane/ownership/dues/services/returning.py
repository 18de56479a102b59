"""Dues that go back: what whoever leaves had paid ahead, and what the payer's bank takes."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.money.payments import services as payments
from toadlane.money.payments.services import Due
from toadlane.ownership.dues import queries
from toadlane.ownership.dues.events import DuesMoved
from toadlane.ownership.dues.models import Chargeback, Claim, Remittance
from toadlane.ownership.dues.permissions import SETTLE
from toadlane.ownership.dues.services import paying
from toadlane.ownership.dues.services.applying import spend
from toadlane.ownership.shares import queries as shares
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import OVER, Membership


@transaction.atomic
def give_credit_back(*, membership: Membership, by: Principal, at: datetime) -> Money:
    """Give back what somebody who has left had paid ahead, with all other payouts; return how much. Harmless to repeat.

    What they still owe is taken off first. Of whoever has died it goes to their estate.
    """
    by.must(SETTLE, membership)
    Tenant.lock_current()
    total = Money(0, queries.currency())
    if membership.standing not in OVER or not bylaws.book().value("dues.credit_back"):
        return total
    spend(membership.pk)
    estate = shares.estate_of(membership)
    whose = estate.holder if estate else membership.holder
    dues = []
    for one in queries.with_credit(membership.pk):
        amount = Money(one.left_minor, one.currency)
        subject = f"dues_back:{one.pk}:{one.returned_minor}"
        Remittance.objects.filter(pk=one.pk).update(returned_minor=one.returned_minor + amount.minor)
        ledger.post(
            key=subject, narration=_("Dues paid ahead, to give back"), subject=one.subject, by=by, at=at,
            postings=[ledger.debit("1230", amount, holder=membership.holder), ledger.credit("2250", amount, holder=whose)],
        )  # fmt: skip
        dues.append(Due(whose, "2250", amount, subject))
        total += amount
    payments.hand_over(dues=dues, by=by, at=at)
    return total


def bear_chargeback(*, subject: str, ref: str, amount: Money, by: Principal, at: datetime) -> Sequence[Leg]:
    """Say who bears dues that the payer's bank took: they are owed again, and no loss.

    Only what had gone back to the member already, because they left, is one.
    """
    by.must(SETTLE, subject)
    remittance = queries.of_subject(subject)
    if remittance is None:
        return [ledger.debit("2100", amount)]
    again = _reverse(remittance, ref, amount, by=by, at=at)
    loss = amount - again
    legs = [ledger.debit("1230", again, holder=remittance.membership.holder)] if again.minor else []
    return [*legs, ledger.debit("6200", loss)] if loss.minor else legs


@transaction.atomic
def _reverse(remittance: Remittance, ref: str, amount: Money, *, by: Principal, at: datetime) -> Money:
    by.must(SETTLE, remittance)
    Tenant.lock_current()
    if known := Chargeback.objects.filter(ref=ref).first():
        return Money(known.amount_minor, amount.currency)
    # Told before the payment was: it came, and was taken back.
    paying.settle(remittance=remittance, by=by, at=at)
    one = Remittance.objects.select_for_update(of=("self",)).get(pk=remittance.pk)
    again = min(amount.minor, one.used_minor + max(0, one.left_minor))
    taken = max(0, again - max(0, one.left_minor))
    Remittance.objects.filter(pk=one.pk).update(reversed_minor=one.reversed_minor + again, used_minor=one.used_minor - taken)
    _owe_again(one.membership_id, taken)
    Chargeback.objects.create(remittance=one, ref=ref, amount_minor=again, opened_at=at)
    # Another payment may have waited for claims to come.
    spend(one.membership_id)
    events.publish(DuesMoved(membership_id=one.membership_id))
    return Money(again, amount.currency)


def _owe_again(membership_id: int, minor: int) -> None:
    """Open claims again that were paid, the newest first: what comes pays the oldest."""
    for claim in Claim.objects.filter(membership_id=membership_id, paid_minor__gt=0).order_by("-first_on", "-pk"):
        part = min(minor, claim.paid_minor)
        if not part:
            return
        Claim.objects.filter(pk=claim.pk).update(paid_minor=claim.paid_minor - part, reversed_minor=claim.reversed_minor + part)
        minor -= part


@transaction.atomic
def win_back(*, remittance: Remittance, ref: str, by: Principal, at: datetime) -> None:
    """Let dues count again whose chargeback the co-op has won. Harmless to repeat."""
    by.must(SETTLE, remittance)
    Tenant.lock_current()
    if not Chargeback.objects.filter(ref=ref, remittance=remittance, won_at=None).update(won_at=at):
        return
    won = Chargeback.objects.get(ref=ref).amount_minor
    one = Remittance.objects.select_for_update(of=("self",)).select_related("membership").get(pk=remittance.pk)
    Remittance.objects.filter(pk=one.pk).update(reversed_minor=one.reversed_minor - won)
    spend(one.membership_id)
    events.publish(DuesMoved(membership_id=one.membership_id))
    give_credit_back(membership=one.membership, by=by, at=at)
