"""Spending, as members decide on it."""

from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toadlane.kernel.money import Money
from toadlane.money.funds import policies, queries, services
from toadlane.money.funds.rules import DECIDED_BY
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws.rules.decisions import Fault, Field, InForce, Kind, Payload, weakest
from toadlane.ui import formats


def procedure(payload: Payload, book: InForce) -> str:
    named = book.maybe(DECIDED_BY)
    return str(named) if named in book.document["procedures"] else weakest(book, 2)


def terms(payload: Payload) -> dict[str, Any]:
    """Read what is to be spent.

    :raises KeyError, TypeError, ValueError: when it cannot be read
    """
    minor, until, expense, member = payload["amount"], payload.get("until"), payload.get("expense"), payload.get("member")
    if isinstance(minor, bool) or not isinstance(minor, int):
        raise TypeError("an amount is a whole number of the smallest unit")
    if any(isinstance(one, bool) or not isinstance(one, int | None) for one in (expense, member)):
        raise TypeError("members and expenses have numbers")
    currency = payload.get("currency") or queries.currency()
    if not isinstance(currency, str) or not isinstance(payload["purpose"], str):
        raise TypeError("words")
    return {
        "amount": Money(minor, currency), "purpose": payload["purpose"].strip(), "source": str(payload["source"]),
        "payee": str(payload.get("payee") or "").strip(), "until": date.fromisoformat(until) if until else None,
        "expense": expense, "member": member,
    }  # fmt: skip


def check(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    try:
        wanted = terms(payload)
    except (KeyError, TypeError, ValueError) as error:
        return [Fault("unreadable", _("This is not spending as the server reads it: %(error)s.") % {"error": error})]
    amount: Money = wanted["amount"]
    found = []
    if not 0 < amount.minor <= policies.MOST_MINOR:
        found.append(Fault("not_an_amount", _("Say an amount above nothing."), "amount"))
    if amount.currency != queries.currency():
        found.append(Fault("other_currency", _("The co-op spends in its own currency."), "currency"))
    if not wanted["purpose"]:
        found.append(Fault("no_purpose", _("Say what it is for."), "purpose"))
    if wanted["source"] not in policies.SOURCES:
        found.append(Fault("no_such_source", _("Nothing can be spent from there."), "source"))
    elif (
        policies.SOURCES[wanted["source"]] and amount.minor > (left := queries.fund_left(wanted["source"], amount.currency)).minor
    ):
        words = _("The fund has %(left)s that no decision has claimed yet.") % {"left": formats.money(left)}
        found.append(Fault("fund_too_small", words, "amount"))
    if wanted["member"] is not None:
        found += _faults_of_grant(wanted, at)
    if wanted["until"] and wanted["until"] < at.date():
        found.append(Fault("over", _("This day is over already."), "until"))
    if wanted["expense"] is not None and queries.expense(wanted["expense"]) is None:
        found.append(Fault("no_such_expense", _("There is no expense of this number."), "expense"))
    return found


def _faults_of_grant(wanted: dict[str, Any], at: datetime) -> list[Fault]:
    """Say what is wrong with a grant to a member: it comes out of a fund, and once in a calendar year."""
    member = queries.grantee(wanted["member"])
    if member is None:
        return [Fault("no_such_member", _("There is no member of this number."), "member")]
    found = []
    if not policies.SOURCES.get(wanted["source"]):
        found.append(Fault("not_a_fund", _("A grant comes out of a fund."), "source"))
    if queries.grant_of(member, queries.year_of(at)):
        words = _("%(name)s has had a grant this year already.") % {"name": member.name}
        found.append(Fault("one_grant_a_year", words, "member"))
    return found


def describe(payload: Payload, language: str) -> list[str]:
    try:
        wanted = terms(payload)
    except (KeyError, TypeError, ValueError):
        return []
    with translation.override(language):
        source = _(policies.source(wanted["source"]).name) if wanted["source"] in policies.SOURCES else wanted["source"]
        about = {"amount": formats.money(wanted["amount"]), "purpose": wanted["purpose"], "source": source}
        told = [_("Up to %(amount)s may be spent on this: %(purpose)s.") % about, _("It is booked to: %(source)s.") % about]
        if wanted["payee"]:
            told.append(_("It is paid to %(payee)s.") % {"payee": wanted["payee"]})
        if wanted["member"] is not None and (member := queries.grantee(wanted["member"])):
            told.append(_("It is a grant to %(name)s, the only one in this year.") % {"name": member.name})
        if wanted["until"]:
            told.append(_("It may be spent until %(day)s.") % {"day": formats.day(wanted["until"])})
        if wanted["expense"]:
            told.append(_("Expense %(number)s waits for it.") % {"number": wanted["expense"]})
        return told


def enact(*, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    services.approve(terms=payload, decision=decision, by=by, at=at)


SPEND = Kind(
    name="spend",
    label=gettext_lazy("Spend money"),
    about=gettext_lazy("Something may be paid for, up to an amount. Nothing more, and nothing else."),
    fields=(
        Field(name="amount", label=gettext_lazy("How much at most"), type="money"),
        Field(name="purpose", label=gettext_lazy("What for")),
        Field(name="source", label=gettext_lazy("Out of what"), type="choice", options=queries.sources),
        Field(
            name="payee", label=gettext_lazy("Who is paid"), required=False,
            help=gettext_lazy("Leave it empty where whoever buys it is paid back."),
        ),
        Field(
            name="member", label=gettext_lazy("Number of the member it is a grant to"), type="int", required=False,
            help=gettext_lazy("Out of a fund. Each member can have one in a calendar year."),
        ),
        Field(name="until", label=gettext_lazy("Until when"), type="date", required=False),
        Field(
            name="expense", label=gettext_lazy("Number of the expense that waits for it"), type="int", required=False,
            help=gettext_lazy("Where somebody has asked for it already."),
        ),
    ),
    procedure=procedure,
    check=check,
    describe=describe,
    enact=enact,
)  # fmt: skip
