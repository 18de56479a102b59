"""What was approved goes out with all payouts: at once, or each year a part with interest, and is seen to have arrived."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel.dates import add_months
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import queries as payouts
from toadlane.money.payments import services as payments
from toadlane.money.payments.services import Due
from toadlane.ownership.shares.models import Part, Redemption
from toadlane.ownership.shares.permissions import SETTLE
from toadlane.ownership.shares.policies import redemption as policy
from toadlane.ownership.shares.services import register
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws

# Parts that one run of the job hands over; what is left comes with the next.
MOST = 500


def promise(one: Redemption, *, at: datetime) -> list[Part]:
    """Write down when what was approved is paid. An instrument: whoever calls has asked and holds the co-op's lock.

    Members who stay and estates are paid at once; whoever has left in as many yearly parts as the bylaws say.
    """
    book, today = bylaws.book(), register.day_of(at)
    years = int(book.value("shares.exit_years")) if one.cause == Redemption.Cause.LEFT else 0
    if not years:
        plan = [(today, one.amount.minor, 0)]
    else:
        interest = book.value("shares.exit_interest")
        found = policy.pay_out_leaver(balance=one.amount.minor, years=years, interest_rate=interest, most_years=years)
        plan = [(add_months(today, 12 * n), part.principal, part.interest) for n, part in enumerate(found.instalments, 1)]
    parts = [
        Part(redemption=one, number=n, due_on=day, principal_minor=minor, interest_minor=interest)
        for n, (day, minor, interest) in enumerate(plan, 1) if minor
    ]  # fmt: skip
    return Part.objects.bulk_create(parts)


@transaction.atomic
def hand_over_due(*, by: Principal, at: datetime) -> int:
    """Hand to the payouts every part whose day has come; return how many. Harmless to repeat.

    From there it goes the way of all pay: into a file for the bank that two people see, and into the books when it is sent.
    """
    by.must(SETTLE)
    Tenant.lock_current()
    if bylaws.halted("shares.redeem", at):
        return 0
    waiting = Part.objects.filter(handed_over_at=None, due_on__lte=register.day_of(at)).order_by("due_on", "pk")
    parts = list(waiting.select_related("redemption__membership", "redemption__estate")[:MOST])
    dues = [Due(one.redemption.holder, "2400", one.principal, one.subject) for one in parts]
    for one in (one for one in parts if one.interest_minor):
        _owe_interest(one, by=by, at=at)
        dues.append(Due(one.redemption.holder, "2420", one.interest, one.subject))
    payments.hand_over(dues=dues, by=by, at=at)
    Part.objects.filter(pk__in=[one.pk for one in parts]).update(handed_over_at=at)
    return len(parts)


def _owe_interest(one: Part, *, by: Principal, at: datetime) -> None:
    """Book the interest of a part on the day it is due: until then it is nobody's claim."""
    version = {"rule": "shares.exit_interest", "rule_version": bylaws.book().number}
    ledger.post(
        key=f"{one.subject}:interest", narration=_("Interest on shares to be repaid"), subject=one.subject, by=by, at=at,
        postings=[
            ledger.debit("6500", one.interest, **version), ledger.credit("2420", one.interest, holder=one.redemption.holder),
        ],
    )  # fmt: skip


@transaction.atomic
def note_came_back(*, subject: str, by: Principal, at: datetime) -> None:
    """Note of a part that its bank sent it back: it is promised again. Harmless to repeat."""
    by.must(SETTLE)
    kind, _colon, pk = subject.partition(":")
    one = Part.objects.filter(pk=pk).first() if kind == "shares_part" and pk.isdigit() else None
    if one is None or subject in payouts.sent_at([subject]):
        return
    Part.objects.filter(pk=one.pk).update(paid_at=None)
    over = Redemption.objects.filter(pk=one.redemption_id, state=Redemption.State.PAID)
    over.update(state=Redemption.State.APPROVED, paid_at=None)


@transaction.atomic
def note_paid(*, by: Principal, at: datetime) -> None:
    """Note of parts and redemptions that what was handed over for them was sent. Harmless to repeat."""
    by.must(SETTLE)
    waiting = {one.subject: one for one in Part.objects.filter(handed_over_at__isnull=False, paid_at=None)}
    arrived = payouts.sent_at(waiting)
    for subject, sent in arrived.items():
        Part.objects.filter(pk=waiting[subject].pk, paid_at=None).update(paid_at=sent)
    touched = {waiting[subject].redemption_id for subject in arrived}
    still_open = Part.objects.filter(redemption_id__in=touched, paid_at=None).values("redemption_id")
    done = Redemption.objects.filter(pk__in=touched, state=Redemption.State.APPROVED).exclude(pk__in=still_open)
    done.update(state=Redemption.State.PAID, paid_at=at)
