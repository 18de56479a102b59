"""A quote: written, sent, confirmed by the client under their name, or not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from toadlane.kernel.rates import half_up
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing import services as invoices
from toadlane.money.invoicing.policies.documents import Party, category
from toadlane.money.invoicing.rules import EXEMPT, SMALL
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.trade.assignments import queries
from toadlane.trade.assignments.events import AssignmentConfirmed
from toadlane.trade.assignments.models import Activity, Assignment, Remark, Revision
from toadlane.trade.assignments.permissions import ANSWER, MANAGE
from toadlane.trade.assignments.policies import europe, pay
from toadlane.trade.assignments.services import letters
from toadlane.trade.assignments.services.activities import lock
from toadlane.trade.assignments.services.errors import (
    DaysOutOfOrder,
    JustSent,
    ManagerIsNoMember,
    NameNeeded,
    NoLines,
    NoSuchTrade,
    NotACountry,
    NotAVatNumber,
    NotEmploying,
    OverBudget,
    TextChanged,
    TooManyOpen,
    WrongMoment,
)

MOST_LINES, MOST_MINOR, MOST_OPEN = 50, 10**11, 200
AGAIN_AFTER = timedelta(hours=1)
STATE = Assignment.State
COUNTRY, VAT_NUMBER = re.compile(r"[A-Z]{2}"), re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,13}")


@dataclass(frozen=True, kw_only=True)
class Client:
    name: str
    email: str
    country: str
    street: str = ""
    postcode: str = ""
    city: str = ""
    vat_number: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Line:
    text: str
    minor: int


@transaction.atomic
def write_quote(
    *, activity: Activity, title: str, trade: str, first_day: date, last_day: date, lines: Sequence[Line], client: Client,
    by: Principal, at: datetime, note: str = "", untaxed: bool = False,
) -> Assignment:  # fmt: skip
    """Write a quote in the name of the co-op, which sells and employs. Nobody has seen it yet.

    :param lines: what is to be paid for, each before tax
    :param untaxed: whether this work bears no tax, for the reason that the bylaws give
    :raises ManagerIsNoMember: new money enters an activity only while its manager is a member
    :raises ParticularsNeeded: when the co-op has not said what stands on its invoices
    :raises TooManyOpen: while two hundred quotes of the activity are open
    :raises NoLines, DaysOutOfOrder, NotACountry, NotAVatNumber, NoSuchTrade, NotEmploying:
    """
    by.must(MANAGE, activity)
    if activity.assignments.filter(state__in=(STATE.DRAFT, STATE.SENT)).count() >= MOST_OPEN:
        raise TooManyOpen
    said = _said(
        activity, title=title, trade=trade, first_day=first_day, last_day=last_day, lines=lines, client=client, note=note,
        untaxed=untaxed,
    )  # fmt: skip
    Tenant.lock_current()
    return Assignment.objects.create(
        activity=activity, number=(Assignment.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        currency=activity.currency, made_at=at, made_by=str(by), **said,
    )  # fmt: skip


@transaction.atomic
def revise(
    *, assignment: Assignment, title: str, trade: str, first_day: date, last_day: date, lines: Sequence[Line], client: Client,
    by: Principal, at: datetime, note: str = "", untaxed: bool = False,
) -> Assignment:  # fmt: skip
    """Change a quote that nobody has confirmed. What its client was sent is kept, and the new one has to be sent again.

    The address that the client has says from then on that there is a newer quote.

    :raises WrongMoment: when it was answered or invoiced
    :raises OverBudget: when less would be left for labor than contracts for it cost
    :raises NoLines, and the others of `write_quote`
    """
    by.must(MANAGE, assignment.activity)
    said = _said(
        assignment.activity, title=title, trade=trade, first_day=first_day, last_day=last_day, lines=lines, client=client,
        note=note, untaxed=untaxed,
    )  # fmt: skip
    lock(assignment.activity)
    assignment = Assignment.objects.select_for_update(of=("self",)).select_related("activity").get(pk=assignment.pk)
    if not assignment.is_open:
        raise WrongMoment
    if queries.contracted(assignment) > said["net_minor"] - said["fee_minor"]:
        raise OverBudget
    if assignment.state == STATE.SENT:
        Revision.objects.create(
            assignment=assignment, version=assignment.version, text=queries.text_of(assignment),
            client_email=assignment.client_email, replaced_at=at, replaced_by=str(by),
        )  # fmt: skip
        said["version"] = assignment.version + 1
    _to(assignment, STATE.DRAFT, STATE.DRAFT, STATE.SENT, **said)
    return assignment


def _said(
    activity: Activity, *, title: str, trade: str, first_day: date, last_day: date, lines: Sequence[Line], client: Client,
    note: str, untaxed: bool,
) -> dict[str, Any]:  # fmt: skip
    """Return what a quote says, in whole and sound; refuse what cannot stand in one."""
    if not queries.terms.employs():
        raise NotEmploying
    if not queries.manager_is_member(activity):
        raise ManagerIsNoMember
    client = _sound(client)
    net = sum(line.minor for line in lines)
    if not 0 < len(lines) <= MOST_LINES or any(not line.text.strip() or line.minor <= 0 for line in lines) or net > MOST_MINOR:
        raise NoLines
    if last_day < first_day:
        raise DaysOutOfOrder
    if trade not in dict(queries.terms.trades()):
        raise NoSuchTrade
    rate, kind, reason = _taxed(client, untaxed=untaxed)
    return {
        "title": title.strip()[:160], "trade": trade, "first_day": first_day, "last_day": last_day,
        "note": note.strip()[:1000], "lines": [{"text": line.text.strip()[:300], "minor": line.minor} for line in lines],
        "net_minor": net, "vat_minor": half_up(net * rate), "vat_rate": str(rate), "vat_category": kind,
        "vat_reason": reason[:300], "fee_minor": net - pay.labor(net, queries.terms.fee()),
        "rule_version": bylaws.book().number, "language": client.language, **_named(client),
    }  # fmt: skip


def _named(client: Client) -> dict[str, Any]:
    names = ("name", "email", "country", "street", "postcode", "city", "vat_number")
    return {f"client_{name}": getattr(client, name) for name in names}


def _sound(client: Client) -> Client:
    country, number = client.country.strip().upper(), client.vat_number.replace(" ", "").upper()
    if not COUNTRY.fullmatch(country):
        raise NotACountry
    if number and not VAT_NUMBER.fullmatch(number):
        raise NotAVatNumber
    return Client(
        name=client.name.strip()[:160], email=client.email.strip(), country=country, street=client.street.strip()[:160],
        postcode=client.postcode.strip()[:20], city=client.city.strip()[:80], vat_number=number, language=client.language[:10],
    )  # fmt: skip


def _taxed(client: Client, *, untaxed: bool) -> tuple[Fraction, str, str]:
    """Return at which rate a supply to this client is taxed, its category, and the reason where it is not."""
    own, book = invoicing.particulars_of(None), bylaws.book()
    if own is None:
        raise invoices.ParticularsNeeded(_("The co-op has not said yet what stands on its invoices."))
    seller = invoicing.party(own)
    buyer = Party(name=client.name, country=client.country, vat_number=client.vat_number)
    reversed_ = europe.is_reverse_charged(seller.vat_number, buyer.vat_number)
    rate = Fraction(0) if untaxed or own.is_small or reversed_ else Fraction(book.maybe("trade.vat_rate") or 0)
    small, exempt = book.maybe("invoicing.small_business") or SMALL, book.maybe("invoicing.exempt") or EXEMPT
    if reversed_ and not own.is_small:
        return rate, "AE", "Reverse charge"
    kind, reason = category(
        rate=rate, seller=seller, buyer=Party(name=client.name), is_small=own.is_small, small_note=small, exempt_note=exempt
    )
    return rate, kind, reason


def send(*, assignment: Assignment, by: Principal, at: datetime) -> Assignment:
    """Send the quote to the client, with an address at which they say yes or no without an account. Again, if need be.

    :raises WrongMoment: when it was answered or invoiced; JustSent: within an hour
    """
    by.must(MANAGE, assignment.activity)
    if assignment.state == Assignment.State.SENT and assignment.sent_at and at - assignment.sent_at < AGAIN_AFTER:
        raise JustSent
    with transaction.atomic():
        _to(assignment, Assignment.State.SENT, Assignment.State.DRAFT, Assignment.State.SENT, sent_at=at)
        letters.to_client(assignment, "quote", by=by, at=at)
    return assignment


@transaction.atomic
def confirm(*, assignment: Assignment, name: str, digest: str, by: Principal, at: datetime) -> Assignment:
    """Say yes, as the client, to the text one has read. Kept: when, under which name, to which text.

    :param digest: of the text that was read
    :raises NameNeeded, TextChanged, WrongMoment:
    """
    by.must(ANSWER, assignment)
    if not name.strip():
        raise NameNeeded
    if assignment.state == Assignment.State.CONFIRMED and assignment.confirmed_digest == digest:
        return assignment
    if digest != queries.digest(assignment):
        raise TextChanged
    said = {"confirmed_at": at, "confirmed_name": name.strip()[:120], "confirmed_digest": digest}
    # An invoice may have gone out before the client got round to it: then it stays invoiced, and is confirmed now.
    if assignment.state == Assignment.State.INVOICED and not assignment.is_confirmed:
        _to(assignment, Assignment.State.INVOICED, Assignment.State.INVOICED, **said)
    else:
        _to(assignment, Assignment.State.CONFIRMED, Assignment.State.SENT, **said)
    events.publish(AssignmentConfirmed(assignment_id=assignment.pk, activity_id=assignment.activity_id, digest=digest))
    letters.to_manager(assignment, "confirmed", by=by, at=at)
    return assignment


@transaction.atomic
def decline(*, assignment: Assignment, by: Principal, at: datetime, reason: str = "") -> Assignment:
    """Say no, as the client, and why if one likes."""
    by.must(ANSWER, assignment)
    _to(assignment, Assignment.State.DECLINED, Assignment.State.SENT)
    if reason.strip():
        Remark.objects.create(assignment=assignment, text=reason.strip()[:1000], is_clients=True, made_at=at, made_by=str(by))
    letters.to_manager(assignment, "declined", by=by, at=at, reason=reason.strip()[:1000])
    return assignment


@transaction.atomic
def drop(*, assignment: Assignment, by: Principal, at: datetime) -> Assignment:
    """Let go of an order that was not invoiced; its planned contracts go with it. A client who has seen it is told."""
    by.must(MANAGE, assignment.activity)
    _to(assignment, STATE.DROPPED, STATE.DRAFT, STATE.SENT, STATE.CONFIRMED)
    assignment.contracts.filter(state="planned").update(state="cancelled")
    if assignment.sent_at:
        letters.to_client(assignment, "withdrawn", by=by, at=at)
    return assignment


def _to(assignment: Assignment, state: Assignment.State, *before: Assignment.State, **said: Any) -> None:
    """Move an order on, if it is where it can be moved from: of two who do it at once, one is told so."""
    if not Assignment.objects.filter(pk=assignment.pk, state__in=before).update(state=state, **said):
        raise WrongMoment
    for field, value in {"state": state, **said}.items():
        setattr(assignment, field, value)
