"""Taking over what an existing co-op brings along: looked at first, then all of it or nothing, and once."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop as _

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.ownership.arrivals import queries
from toadlane.ownership.arrivals.models import Arrival, Draft
from toadlane.ownership.arrivals.permissions import BRING_IN, TIDY
from toadlane.ownership.arrivals.policies import checking, reading
from toadlane.ownership.lending import services as lending
from toadlane.ownership.shares import services as shares
from toadlane.ownership.surplus import services as surplus
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.audit import services as audit
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.members import services as members
from toadlane.society.members.models import Membership

KEPT = timedelta(days=1)
Files = Mapping[str, bytes]


class BooksHaveBegun(Expected):
    words = lazy("The books of this co-op have begun: what is brought along comes before the first entry.")
    hint = lazy("Later changes are subscriptions, transfers and entries of their own.")  # type: ignore[assignment]


class BadLines(Expected):
    words = lazy("Some lines cannot be taken over, so nothing was.")
    status = 422
    hint = lazy("Look at the files first without taking them over: every line that is wrong is named.")  # type: ignore[assignment]


def look(*, files: Files, by: Principal, at: datetime) -> checking.Plan:
    """Say what files come to and what is wrong in which line. Nothing is changed.

    :raises BooksHaveBegun:
    """
    by.must(BRING_IN)
    if not queries.is_before_the_books() and not Arrival.objects.filter(digest=queries.digest_of(files)).exists():
        raise BooksHaveBegun
    return checking.check(files, queries.known(at))


@transaction.atomic
def bring_in(*, files: Files, by: Principal, at: datetime) -> Arrival:
    """Take files over in one go. The same files again change nothing.

    :raises BadLines: when a single line is wrong; nothing is done then
    :raises BooksHaveBegun: once anything was posted
    """
    by.must(BRING_IN)
    Tenant.lock_current()
    digest = queries.digest_of(files)
    if known := Arrival.objects.filter(digest=digest).first():
        return known
    if not queries.is_before_the_books():
        raise BooksHaveBegun
    plan = checking.check(files, queries.known(at))
    if plan.faults:
        raise BadLines
    arrived = members.bring_in(
        arriving=[
            members.Arriving(
                number=one.number, name=one.name, email=one.email, phone=one.phone, member_class=one.member_class,
                joined_on=one.joined_on, is_organisation=one.is_organisation, here=one.here,
            )
            for one in plan.members
        ],
        by=by, at=at,
    )  # fmt: skip
    _open_books(plan, arrived, by, at)
    counts = {"members": len(plan.members), "shares": len(plan.shares), "loans": len(plan.loans), "balances": len(plan.balances)}
    done = Arrival.objects.create(digest=digest, **counts, made_by=str(by), made_at=at)
    Draft.objects.all().delete()
    audit.record(by=by, at=at, action="arrivals.bring_in", subject=f"arrival:{done.pk}", detail={"digest": digest})
    return done


def _open_books(plan: checking.Plan, arrived: Mapping[int, Membership], by: Principal, at: datetime) -> None:
    unit = queries.currency()
    legs = [
        ledger.Leg(one.code, Money(one.minor, unit), holder=arrived[one.number].holder if one.number else "")
        for one in plan.balances
        if one.code not in checking.SUMS
    ]
    capital: Counter[str] = Counter()
    unpaid: Counter[str] = Counter()
    for held in plan.shares:
        capital[arrived[held.number].holder] += held.nominal
        unpaid[arrived[held.number].holder] += held.nominal - held.paid
    legs += [ledger.credit("3000", Money(minor, unit), holder=holder) for holder, minor in sorted(capital.items())]
    legs += [ledger.debit("1300", Money(minor, unit), holder=holder) for holder, minor in sorted(unpaid.items()) if minor]
    for loan in plan.loans:
        parts = ((checking.PRINCIPAL, loan.principal), (checking.INTEREST, loan.owed))
        holder = arrived[loan.number].holder
        legs += [ledger.credit(code, Money(minor, unit), holder=holder) for code, minor in parts if minor]
    if not legs:
        return
    lines = [
        shares.Brought(
            membership=arrived[one.number], share_class=one.share_class, shares=one.shares, nominal_minor=one.nominal,
            unpaid_minor=one.nominal - one.paid, on=one.on,
        )
        for one in plan.shares
    ]  # fmt: skip
    left = {arrived[one.number].pk: -one.minor for one in plan.balances if one.code == checking.RETAINED and one.number}
    surplus.bring_in(left=left, by=by, at=at)
    lending.bring_in(
        loans=[
            lending.Brought(
                membership=arrived[one.number], principal_minor=one.principal, owed_minor=one.owed, interest=one.interest,
                months=one.months_from(timezone.localdate(at)), ends_on=one.ends_on,
            )
            for one in plan.loans
        ],
        by=by, at=at,
    )  # fmt: skip
    shares.bring_in(lines=lines, postings=legs, key="arrival", narration=_("Opening balances"), subject="arrival", by=by, at=at)


def draft(*, files: Files, by: Principal, at: datetime) -> Draft:
    """Keep files for a day, to be looked at and then taken over.

    :raises BooksHaveBegun:
    """
    by.must(BRING_IN)
    if not queries.is_before_the_books():
        raise BooksHaveBegun
    small = {name: files.get(name, b"")[: reading.LARGEST + 1] for name in (sheet.name for sheet in reading.SHEETS)}
    return Draft.objects.create(**small, digest=queries.digest_of(small), made_by=by.person_id or 0, made_at=at)


def take_over(*, draft: Draft, by: Principal, at: datetime) -> Arrival:
    """Take over the files of a draft, as `bring_in`."""
    by.must(BRING_IN, draft)
    return bring_in(files=queries.files_of(draft), by=by, at=at)


def drop_old(*, by: Principal, at: datetime) -> int:
    """Throw away what nobody took over within a day: it names people who are no members."""
    by.must(TIDY)
    count, _rows = Draft.objects.filter(made_at__lt=at - KEPT).delete()
    return count
