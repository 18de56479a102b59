"""Interest that loans earn month by month, and giving back what is due: the oldest first, and what the co-op can do without."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.kernel.rates import rate
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import queries as payouts
from toadlane.money.payments import services as payments
from toadlane.money.payments.services import Due
from toadlane.ownership.lending import queries
from toadlane.ownership.lending.models import Loan, Movement
from toadlane.ownership.lending.permissions import SETTLE
from toadlane.ownership.lending.policies import terms as policy
from toadlane.ownership.lending.services import register
from toadlane.ownership.shares import queries as shares
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant


@transaction.atomic
def earn_due(*, by: Principal, at: datetime) -> None:
    """Book what running loans have earned by the last end of a month, which the last day of one is itself. Harmless to repeat."""
    by.must(SETTLE)
    Tenant.lock_current()
    _earn(_running(), queries.end_of_month(register.day_of(at)), by=by, at=at)


def _running() -> list[Loan]:
    rows = Loan.objects.filter(state=Loan.State.RUNNING, handed_over_at=None)
    return list(rows.select_related("membership").order_by("ends_on", "pk"))


def _earn(found: Iterable[Loan], until: date, *, by: Principal, at: datetime) -> None:
    rows = list(found)
    stood = queries.standings(rows)
    for one in rows:
        since = stood[one.pk].counted_until
        assert since is not None and one.received_on is not None, "a running loan has come"
        whole = policy.earned(minor=one.principal_minor, yearly=rate(one.interest), received_on=one.received_on, until=until)
        more = whole - stood[one.pk].earned_minor
        if until <= since or more <= 0:
            continue
        amount = Money(more, one.currency)
        about = {"rule": "lending.most_interest", "rule_version": one.rule_version}
        register.write(
            loan=one, kind=Movement.Kind.EARNED, key=f"{one.subject}:earned:{until}", on=until, interest=more,
            narration=_("Interest on a member’s loan"), by=by, at=at,
            postings=[
                ledger.debit("6500", amount, **about),
                ledger.credit(queries.INTEREST, amount, holder=one.membership.holder),
            ],
        )  # fmt: skip


@transaction.atomic
def give_back_due(*, by: Principal, at: datetime) -> int:
    """Hand loans whose term is over to the payouts, with what they have earned until today; return how many.

    The oldest goes first, and a later one waits with it where the co-op has too little money of its own: meanwhile it earns.
    """
    by.must(SETTLE)
    Tenant.lock_current()
    today, count = register.day_of(at), 0
    due = [one for one in _running() if one.ends_on is not None and one.ends_on <= today]
    free = queries.free_money(shares.currency()) if due else 0
    _earn(due, today, by=by, at=at)
    stood = queries.standings(due)
    for one in due:
        whole = stood[one.pk].principal + stood[one.pk].interest
        if whole.minor > free:
            break
        free -= whole.minor
        parts = ((queries.PRINCIPAL, stood[one.pk].principal), (queries.INTEREST, stood[one.pk].interest))
        payments.hand_over(
            dues=[Due(one.membership.holder, code, amount, one.subject) for code, amount in parts if amount.minor], by=by, at=at
        )
        count += Loan.objects.filter(pk=one.pk, handed_over_at=None).update(handed_over_at=at)
    return count


@transaction.atomic
def note_sent(*, by: Principal, at: datetime) -> None:
    """Note of loans that the last of what was handed over for them was sent. Harmless to repeat."""
    by.must(SETTLE)
    Tenant.lock_current()
    waiting = {one.subject: one for one in Loan.objects.filter(state=Loan.State.RUNNING, handed_over_at__isnull=False)}
    stood = queries.standings(waiting.values())
    for subject, sent in payouts.sent_at(waiting).items():
        one = waiting[subject]
        register.write(
            loan=one, kind=Movement.Kind.REPAID, key=_nth(one, Movement.Kind.REPAID), on=register.day_of(sent),
            principal=-stood[one.pk].principal.minor, interest=-stood[one.pk].interest.minor, by=by, at=at,
        )  # fmt: skip
        Loan.objects.filter(pk=one.pk, state=Loan.State.RUNNING).update(state=Loan.State.REPAID, repaid_at=sent)


@transaction.atomic
def note_came_back(*, subject: str, by: Principal, at: datetime) -> None:
    """Note of a loan that the lender's bank sent back what went to it: it is owed again, and goes out with the next payouts.

    Harmless to repeat.
    """
    by.must(SETTLE)
    Tenant.lock_current()
    one = queries.of_subject(subject)
    if one is None or one.handed_over_at is None:
        return
    owed, stood = payouts.unsent_of(subject), queries.standings([one])[one.pk]
    principal = owed.get(queries.PRINCIPAL, 0) - stood.principal.minor
    interest = owed.get(queries.INTEREST, 0) - stood.interest.minor
    if principal <= 0 and interest <= 0:
        return
    register.write(
        loan=one, kind=Movement.Kind.BOUNCED, key=_nth(one, Movement.Kind.BOUNCED), on=register.day_of(at),
        principal=max(0, principal), interest=max(0, interest), by=by, at=at,
    )  # fmt: skip
    Loan.objects.filter(pk=one.pk, state=Loan.State.REPAID).update(state=Loan.State.RUNNING, repaid_at=None)


def _nth(loan: Loan, kind: Movement.Kind) -> str:
    """Return the key of the next movement of a kind: money may come back, and be sent again, more than once."""
    before = Movement.objects.filter(loan=loan, kind=kind).count()
    return f"{loan.subject}:{kind.value}" + (f":{before + 1}" if before else "")
