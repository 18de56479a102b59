"""What members have lent, read from the movements alone, and what may be given back now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.kernel.dates import add_months
from toadlane.kernel.money import Money
from toadlane.money.funds import queries as spending
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as payments
from toadlane.ownership.lending.models import Loan, Movement
from toadlane.ownership.lending.policies import terms as policy
from toadlane.ownership.shares import queries as shares
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import queries as members
from toadlane.ui import formats
from toadlane.ui.shapes import Waiting

PRINCIPAL, INTEREST = "2500", "2510"
# Loans that count against the ceiling of whoever lends.
COUNTED = (Loan.State.OFFERED, Loan.State.AGREED, Loan.State.RUNNING)


def terms() -> policy.Terms:
    """Return what the bylaws in force say."""
    book = bylaws.book()
    return policy.Terms(
        book.value("lending.ceiling").minor, book.value("lending.most_interest"), book.value("lending.most_months")
    )


def loans(*, membership_ids: Iterable[int] | None = None) -> QuerySet[Loan]:
    rows = Loan.objects.select_related("membership__person", "membership__organisation").order_by("-pk")
    return rows if membership_ids is None else rows.filter(membership_id__in=list(membership_ids))


def loan(pk: int) -> Loan | None:
    return loans().filter(pk=pk).first()


def of_subject(subject: str) -> Loan | None:
    kind, _colon, pk = subject.partition(":")
    return loan(int(pk)) if kind == "loan" and pk.isdigit() else None


def there_are_loans() -> bool:
    return terms().ceiling > 0 or Loan.objects.exists()


def lent_by(membership_id: int, *, but: int = 0) -> int:
    """Return what a member has lent and not got back, or offered, in minor units."""
    rows = Loan.objects.filter(membership_id=membership_id, state__in=COUNTED).exclude(pk=but)
    return int(rows.aggregate(sum=Sum("principal_minor"))["sum"] or 0)


@dataclass(frozen=True)
class Standing:
    """What a loan comes to by its movements, and the last day whose interest is counted."""

    principal: Money
    interest: Money
    earned_minor: int
    counted_until: date | None


def standings(found: Iterable[Loan]) -> dict[int, Standing]:
    """Return where some loans stand, in one statement."""
    rows = list(found)
    sums: dict[int, list[Any]] = {one.pk: [0, 0, 0, one.received_on] for one in rows}
    columns = ("loan_id", "kind", "principal_minor", "interest_minor", "on")
    lines = Movement.objects.filter(loan__in=[one.pk for one in rows]).order_by("pk").values_list(*columns)
    for pk, kind, principal, interest, on in lines:
        of = sums[pk]
        of[0], of[1] = of[0] + principal, of[1] + interest
        if kind == Movement.Kind.EARNED:
            of[2], of[3] = of[2] + interest, on
    return {
        one.pk: Standing(Money(sums[one.pk][0], one.currency), Money(sums[one.pk][1], one.currency), *sums[one.pk][2:])
        for one in rows
    }  # fmt: skip


def end_of_month(day: date) -> date:
    """Return the last day until which interest is counted on a day: the day itself where a month ends."""
    following = add_months(day.replace(day=1), 1)
    return day if (following - day).days == 1 else date.fromordinal(day.replace(day=1).toordinal() - 1)


def free_money(currency: str) -> int:
    """Return what the co-op has of its own and has not handed to the payouts as loans to give back, in minor units."""
    under_way = list(Loan.objects.filter(state=Loan.State.RUNNING, handed_over_at__isnull=False, currency=currency))
    sent = _sent_unheard(under_way)
    owed = sum(one.principal.minor + one.interest.minor for one in standings(under_way).values())
    return spending.own_money(currency).minor - (owed - sum(sent.values()))


def _sent_unheard(under_way: Iterable[Loan]) -> dict[tuple[str, str], int]:
    """Return what the bank has sent of loans and the register does not say yet, by subject and account, in minor units."""
    subjects = {one.pk: one.subject for one in under_way}
    sent = dict(payments.sent_of(subjects.values()))
    gone = Movement.objects.filter(loan__in=subjects, kind__in=(Movement.Kind.REPAID, Movement.Kind.BOUNCED)).order_by()
    for pk, principal, interest in gone.values_list("loan_id", "principal_minor", "interest_minor"):
        for code, minor in ((PRINCIPAL, principal), (INTEREST, interest)):
            sent[subjects[pk], code] = sent.get((subjects[pk], code), 0) + minor
    return sent


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """What waits about loans: offers for an office, and money to bring for whoever lends."""
    found = []
    if by.roles & {"board", "treasurer"}:
        offered = loans().filter(state=Loan.State.OFFERED).exclude(membership_id__in=by.memberships)
        found += [
            Waiting(
                title=_("A member offers a loan"), detail=formats.listed([one.membership.name, formats.money(one.principal)]),
                url=reverse("lending:loan", args=[one.pk]), action=_("Look at it"), icon="coop",
            )
            for one in offered[:5]
        ]  # fmt: skip
    if by.memberships:
        agreed = loans(membership_ids=by.memberships).filter(state=Loan.State.AGREED)
        found += [
            Waiting(
                title=_("Your loan was agreed to"), detail=formats.money(one.principal),
                url=reverse("lending:loan", args=[one.pk]), action=_("Bring the money"), icon="coop",
            )
            for one in agreed[:5]
        ]  # fmt: skip
    return found


def own_data(*, person_id: int) -> list[dict[str, object]]:
    """Return a person's loans and their movements, for themselves to take along."""
    mine = loans().filter(membership__in=members.of_person(person_id).values("pk")).prefetch_related("movements")
    names = ("principal_minor", "currency", "interest", "months", "state", "received_on", "ends_on")
    lines = ("kind", "principal_minor", "interest_minor", "on")
    return [
        {name: getattr(one, name) for name in names}
        | {"movements": [{name: getattr(line, name) for name in lines} for line in one.movements.all()]}
        for one in mine
    ]


def register_equals_ledger() -> Finding:
    """The register of loans says for each lender what the books say: what they lent, and the interest owed on it."""
    kept: dict[tuple[str, str], int] = {}
    under_way: list[Loan] = []
    rows = list(Loan.objects.filter(Q(state=Loan.State.RUNNING) | Q(state=Loan.State.REPAID)).select_related("membership"))
    stood = standings(rows)
    for one in rows:
        for code, money in ((PRINCIPAL, stood[one.pk].principal), (INTEREST, stood[one.pk].interest)):
            kept[code, one.membership.holder] = kept.get((code, one.membership.holder), 0) + money.minor
        if one.state == Loan.State.RUNNING and one.handed_over_at is not None:
            under_way.append(one)
    holders = {one.subject: one.membership.holder for one in rows}
    # What the bank has sent already and the register hears of in a moment.
    for (subject, code), minor in _sent_unheard(under_way).items():
        kept[code, holders[subject]] -= minor
    booked = {
        (code, row.holder): -row.minor for code in (PRINCIPAL, INTEREST) for row in books.holders(code, shares.currency())
    }  # fmt: skip
    faults = [
        f"{code} of {holder}: the register says {kept.get((code, holder), 0)}, the books {booked.get((code, holder), 0)}"
        for code, holder in sorted({*kept, *booked}) if kept.get((code, holder), 0) != booked.get((code, holder), 0)
    ]  # fmt: skip
    return Finding(len({*kept, *booked}), faults)


def named(ids: list[str], by: Principal | None) -> dict[str, Any]:
    """Name loans in the books."""
    rows = loans().filter(pk__in=[pk for pk in ids if pk.isdigit()])
    return {str(row.pk): books.Named(_("Loan of %(name)s") % {"name": row.membership.name}) for row in rows}
