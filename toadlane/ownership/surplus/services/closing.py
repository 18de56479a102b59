"""Closing a year: worked out from the books, put to the members, booked by their decision."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop

from toadlane.democracy.proposals import services as proposals
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.kernel.rates import rate
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.ownership.shares import queries as shares
from toadlane.ownership.surplus import queries
from toadlane.ownership.surplus.models import Year
from toadlane.ownership.surplus.permissions import BOOK, WORK_OUT
from toadlane.ownership.surplus.policies.closing import Closed, close
from toadlane.ownership.surplus.services.capping import InterestAboveRules, must_be_allowed
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import queries as members
from toadlane.society.members.models import MEMBERS
from toadlane.society.messaging import services as messaging

State = Year.State
ALLOCATED = gettext_noop("Surplus allocated")
# Members in one entry: each has three postings at most, and an entry numbers its postings up to 32,767.
BATCH = 5000


class NotOver(Expected):
    words = lazy("This year is not over yet.")
    status = 422
    field = "ends_on"


class EndsTooEarly(Expected):
    words = lazy("A year ends after it begins.")
    status = 422
    field = "ends_on"


class WrongMoment(Expected):
    words = lazy("This is not in a state in which that can be done.")


class Changed(Expected):
    words = lazy("The year is no longer what the members decided on.")


class BadTax(Expected):
    words = lazy("Tax is an amount of nothing or more.")
    status = 422
    field = "tax_minor"


class MoreTaxThanSurplus(Expected):
    words = lazy(
        "There is less than this tax once the reserve and the funds have their parts. Enter the tax as a cost of the year."
    )
    status = 422
    field = "tax_minor"


class YearsOverlap(Expected):
    words = lazy("Some of these days belong to a year that was closed or put to the members already.")
    status = 422
    field = "starts_on"


class EarlierOpen(Expected):
    words = lazy("Something was earned or spent before this year and is in no closed year. Close the earlier year first.")
    hint = lazy("A loss of an earlier year is covered before anything is shared.")  # type: ignore[assignment]
    status = 422
    field = "starts_on"


@transaction.atomic
def work_out(
    *, name: str, starts_on: date, ends_on: date, by: Principal, at: datetime, tax_minor: int = 0, interest: str | None = None
) -> Year:
    """Work a year out from the books and the rules in force. It can be done again until it is put to the members.

    :param interest: on shares, where this year is to bring less than the bylaws allow: a part of one, such as "0.02"
    :raises NotOver, EndsTooEarly: before its last day has passed, or when that is not after its first
    :raises WrongMoment: when it has been put to the members
    :raises YearsOverlap, EarlierOpen: when it is not the year after the last one that was closed
    :raises MoreTaxThanSurplus: for a tax that would not be covered
    :raises InterestAboveRules, InterestAboveCap, RateMissing: for interest that bylaws or law do not allow
    """
    by.must(WORK_OUT)
    Tenant.lock_current()
    if ends_on >= timezone.localtime(at).date():
        raise NotOver
    if ends_on <= starts_on:
        raise EndsTooEarly
    if tax_minor < 0:
        raise BadTax
    known = queries.year(name)
    if known and known.state == State.PROPOSED and queries.is_refused(known):
        # The members did not want it so: it may be worked out and proposed again.
        Year.objects.filter(pk=known.pk).update(state=State.DRAFT, proposal=None)
        known.refresh_from_db()
    if known and known.state != State.DRAFT:
        raise WrongMoment
    _follows(name, starts_on, ends_on)
    if interest is not None and not 0 <= rate(interest) <= (bylaws.book().maybe("surplus.interest") or 0):
        raise InterestAboveRules
    found, said = queries.facts(starts_on, ends_on, tax=tax_minor), queries.terms(interest)
    year = known or Year(name=name)
    year.starts_on, year.ends_on, year.currency, year.tax_minor = starts_on, ends_on, shares.currency(), tax_minor
    year.facts, year.terms = queries.as_json(found), queries.as_json(said)
    # From what is kept, and not from what was gathered: anybody can do this step again.
    year.result = close(queries.read_facts(year.facts), queries.read_terms(year.terms)).as_json()
    if year.result["tax"] < tax_minor:
        raise MoreTaxThanSurplus
    must_be_allowed(year)
    year.bylaws_version, year.worked_out_at, year.worked_out_by = bylaws.book().number, at, str(by)
    year.hash = queries.digest(year)
    year.save()
    return year


def _follows(name: str, starts_on: date, ends_on: date) -> None:
    if any(starts_on <= other.ends_on and other.starts_on <= ends_on for other in queries.taken(but=name)):
        raise YearsOverlap
    if queries.is_open_before(starts_on, shares.currency()):
        raise EarlierOpen


@transaction.atomic
def put_to_members(*, year: Year, by: Principal, at: datetime) -> Year:
    """Propose the year to the members, as it was worked out. From here on it does not change."""
    by.must(WORK_OUT, year)
    Tenant.lock_current()
    year = Year.objects.select_for_update().get(pk=year.pk)
    if year.state != State.DRAFT:
        raise WrongMoment
    proposal = proposals.propose(
        title=_("The surplus of %(year)s") % {"year": year.name}, by=by, at=at,
        contents=[{"kind": "surplus", "payload": {"year": year.name, "hash": year.hash}}],
    )  # fmt: skip
    year.state, year.proposal = State.PROPOSED, proposal.number
    year.save(update_fields=["state", "proposal"])
    return year


@transaction.atomic
def book(*, name: str, digest: str, decision: str, by: Principal, at: datetime) -> Year:
    """Book what the members decided: the accounts of the year are closed, and the result goes where they said.

    :raises Changed: when the year is not what they decided on
    """
    by.must(BOOK)
    Tenant.lock_current()
    year = Year.objects.select_for_update().get(name=name)
    if year.state == State.BOOKED and year.decision == decision:
        return year
    if year.state == State.BOOKED or year.hash != digest or queries.digest(year) != digest:
        raise Changed
    if -sum(queries.accounts_to_close(year.starts_on, year.ends_on, year.currency).values()) != year.result["result"]:
        raise Changed(_("Something was entered for the year after it was worked out. Work it out and propose it again."))
    _follows(name, year.starts_on, year.ends_on)
    must_be_allowed(year)
    # From here on nothing is entered for it any more.
    ledger.close_books(until_on=year.ends_on, by=by, at=at)
    _close_accounts(year, by, at)
    _allocate(year, Closed(**year.result), by, at)
    year.state, year.decision, year.booked_at = State.BOOKED, decision, at
    year.save(update_fields=["state", "decision", "booked_at"])
    messaging.announce(
        key=f"{year.subject}:booked", subject=year.subject, template="surplus/booked", context={"year": year.name},
        link=("surplus:year", year.name), memberships=members.register().filter(standing__in=MEMBERS), by=by, at=at,
    )  # fmt: skip
    return year


def _close_accounts(year: Year, by: Principal, at: datetime) -> None:
    legs, unit = [], year.currency
    for code, minor in sorted(queries.accounts_to_close(year.starts_on, year.ends_on, unit).items()):
        legs.append(Leg(code, Money(-minor, unit)))
    total = -sum(leg.amount.minor for leg in legs)
    if total:
        legs.append(Leg("3900", Money(total, unit)))
    if legs:
        ledger.post(
            key=f"{year.subject}:close", narration=gettext_noop("Accounts of the year closed"), postings=legs,
            subject=year.subject, by=by, at=at,
        )  # fmt: skip


def _allocate(year: Year, closed: Closed, by: Principal, at: datetime) -> None:
    """Turn the result into reserve, fund, tax, interest, money and what is retained: an entry for the co-op's own, then one
    for each batch of members, with a posting for each."""
    unit, version = year.currency, year.bylaws_version

    def part(code: str, minor: int, rule: str = "", holder: str = "") -> list[Leg]:
        more: dict[str, Any] = {"rule": rule, "rule_version": version if rule else None, "holder": holder}
        return [Leg(code, Money(-minor, unit), **more)] if minor else []

    own = [
        *part("3100", closed.to_reserve, "surplus.legal_reserve"),
        *part("2150", closed.education, "surplus.education_fund"),
        *part("2350", closed.mutual, "surplus.mutual_fund"),
        *part("2340", closed.tax),
    ]
    _post(year, own, step="allocation", narration=ALLOCATED, against="3900", by=by, at=at)
    columns = (
        ("2420", closed.interest, "surplus.interest"), ("2410", closed.cash, "surplus.cash_share"),
        ("3200", closed.retained, "surplus.cash_share"),
    )  # fmt: skip
    for number, batch in enumerate(batches(dict.fromkeys((*closed.interest, *closed.members))), 1):
        legs = [
            leg for code, amounts, rule in columns for pk in batch if pk in amounts
            for leg in part(code, amounts[pk], rule, f"membership:{pk}")
        ]  # fmt: skip
        _post(year, legs, step=f"allocation:{number}", narration=ALLOCATED, against="3900", by=by, at=at)


def batches(names: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(names)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _post(
    year: Year, legs: Sequence[Leg], *, step: str, narration: str, against: str, by: Principal, at: datetime
) -> None:  # fmt: skip
    total = -sum(leg.amount.minor for leg in legs)
    if legs:
        ledger.post(
            key=f"{year.subject}:{step}", narration=narration, subject=year.subject, by=by, at=at,
            postings=[*([Leg(against, Money(total, year.currency))] if total else []), *legs],
        )  # fmt: skip
