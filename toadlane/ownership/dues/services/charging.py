"""Charging a period, once for each member, in batches: one entry in the books for each batch."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.ownership.dues import policies, queries
from toadlane.ownership.dues.models import Claim, Remittance
from toadlane.ownership.dues.permissions import SETTLE
from toadlane.ownership.dues.queries.claims import waived_on
from toadlane.ownership.dues.services.applying import spend
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import MEMBERS, Membership
from toadlane.society.messaging import services as messaging

BATCH = 500


def charge_due(*, by: Principal, at: datetime) -> int:
    """Charge everybody who owes dues for the period at hand and was not charged yet; return how many. Harmless to repeat."""
    by.must(SETTLE)
    book, today = bylaws.book(), timezone.localdate(at)
    span = policies.span_of(today, book.value("dues.period"))
    since = queries.charges_from()
    if not book.value("dues.amount").minor:
        return 0
    # A period that began before the members decided is left alone, unless dues were asked for it already at another amount.
    if since and span.first < since and not queries.claims().filter(period=span.name).exists():
        return 0
    count, after = 0, 0
    while True:
        ids = list(_chargeable(span, today).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not ids:
            return count
        count, after = count + _charge(span, ids, by=by, at=at), ids[-1]


def _chargeable(span: policies.Span, today: date) -> QuerySet[Membership]:
    """Return the members of the period whom nobody let off, and who were not charged for any of its days yet."""
    rows = Membership.objects.filter(standing__in=MEMBERS, joined_on__lte=today)
    rows = rows.filter(Q(leaving_on=None) | Q(leaving_on__gte=span.first))
    # By its days and not by its name: where the members go over from months to years, no month is paid twice.
    charged = Claim.objects.filter(last_on__gte=span.first)
    # A period is waived as a whole: by what held when it began, or by what holds now that it would be charged.
    waived = (waived_on(span.first) | waived_on(today)).order_by()
    return rows.exclude(pk__in=charged.order_by().values("membership_id")).exclude(pk__in=waived.values("membership_id"))


@transaction.atomic
def _charge(span: policies.Span, ids: list[int], *, by: Principal, at: datetime) -> int:
    Tenant.lock_current()
    book, unit, today = bylaws.book(), queries.currency(), timezone.localdate(at)
    members, chosen = list(_chargeable(span, today).filter(pk__in=ids).order_by("pk")), queries.chosen(ids)
    terms = {name: queries.terms_of(name) for name in {one.member_class for one in members}}
    claims = []
    for one in members:
        joined = one.joined_on or span.first
        whole = terms[one.member_class].within(chosen.get(one.pk))
        if amount := policies.for_joiner(whole, span, joined, book.value("dues.first")):
            claims.append(
                Claim(
                    membership=one, period=span.name, first_on=span.first, last_on=span.last, currency=unit, amount_minor=amount,
                    due_on=policies.due_on(span, book.value("dues.due_day"), joined), rule_version=book.number, charged_at=at,
                )
            )  # fmt: skip
    if not claims:
        return 0
    Claim.objects.bulk_create(claims)
    total = Money(sum(claim.amount_minor for claim in claims), unit)
    version = {"rule": "dues.amount", "rule_version": book.number}
    ledger.post(
        key=f"dues:{span.name}:{claims[0].membership_id}", narration=_("Dues charged"), subject=f"dues_period:{span.name}",
        postings=[
            *(ledger.debit("1230", claim.amount, holder=claim.membership.holder) for claim in claims),
            ledger.credit("4200", total, **version),
        ],
        by=by, at=at,
    )  # fmt: skip
    _use_what_was_paid_ahead([claim.membership_id for claim in claims])
    _tell(span, claims, by, at)
    return len(claims)


def _use_what_was_paid_ahead(ids: list[int]) -> None:
    ahead = Remittance.objects.filter(
        membership_id__in=ids,
        state=Remittance.State.PAID,
        amount_minor__gt=F("used_minor") + F("returned_minor") + F("reversed_minor"),
    )
    for membership_id in sorted(set(ahead.order_by().values_list("membership_id", flat=True))):
        spend(membership_id)


def _tell(span: policies.Span, claims: list[Claim], by: Principal, at: datetime) -> None:
    """Tell whoever has something to pay. It comes with the day's other news: there is time."""
    left = queries.open_claims(membership_ids=[claim.membership_id for claim in claims]).filter(period=span.name)
    messaging.announce(
        key=f"dues:{span.name}:{claims[0].membership_id}", subject=f"dues_period:{span.name}", template="dues/charged",
        context={"period": span.name}, link=("dues:mine",), about="money", waits_by_itself=True, by=by, at=at,
        memberships=Membership.objects.filter(pk__in=left.order_by().values("membership_id")),
    )  # fmt: skip


@transaction.atomic
def remind_due(*, by: Principal, at: datetime) -> int:
    """Remind whoever has not paid, as often as the bylaws say; return how many claims that was about."""
    by.must(SETTLE)
    count = 0
    for nth, claims in queries.reminders_due(timezone.localdate(at)):
        found = list(claims.order_by("pk").values_list("pk", "membership_id")[:BATCH])
        if not found:
            continue
        count += Claim.objects.filter(pk__in=[pk for pk, _one in found], reminders=nth - 1).update(reminders=nth)
        messaging.announce(
            key=f"dues:reminder:{nth}:{found[0][0]}", subject="dues", template="dues/reminder", context={"nth": nth}, urgent=True,
            link=("dues:mine",), about="money", waits_by_itself=True, by=by, at=at,
            memberships=Membership.objects.filter(pk__in={one for _pk, one in found}),
        )  # fmt: skip
    return count
