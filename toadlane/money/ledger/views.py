"""The books: a balance, down to entries, down to the order or decision behind each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries
from toadlane.money.ledger.permissions import SEE_ENTRIES, SEE_TOTALS
from toadlane.money.ledger.policies.chart import CHART
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import RuleFailed
from toadlane.ui import formats
from toadlane.ui.shapes import Chart, Column, Crumb, Decided

MONTHS_SHOWN = 12


def books(request: CoopRequest) -> HttpResponse:
    """What we own and what we owe. Members may go down from each line to its entries."""
    if not request.by.may(SEE_TOTALS):
        # That there are books is no secret; what is in them is.
        return render(request, "ledger/closed.html", status=403)
    log = queries.log_state()
    sheets = queries.sheets()
    is_member = bool(request.by.may(SEE_ENTRIES))
    newest = [row.entry for row in queries.by_day().order_by("-posted_at", "-pk")[:8]] if is_member else []
    return render(request, "ledger/books.html", {
        "sheets": sheets, "log": log, "is_member": is_member, "is_balanced": all(sheet.is_balanced for sheet in sheets),
        "charts": [chart for sheet in sheets if (chart := _paid_by_month(request, sheet.currency))],
        "newest": _described(newest, request.by),
    })  # fmt: skip


def _paid_by_month(request: CoopRequest, currency: str) -> tuple[str, Chart] | None:
    today = timezone.localtime(request.now).date()
    first = date(today.year - 1, today.month, 1)
    since = timezone.localtime(request.now).replace(year=first.year, month=first.month, day=1, hour=0, minute=0)
    paid = {row.month: row for row in queries.earned_by_month(currency, since=since)}
    if len(paid) < 2:
        return None
    columns, total = [], Money.zero(currency)
    for n in range(1, MONTHS_SHOWN + 1):
        month = _months_after(first, n)
        amount = paid[month].amount if month in paid else Money.zero(currency)
        total += amount
        label = formats.day(month, "month")
        is_part, tick = month == today.replace(day=1), formats.day(month, "of_year")
        columns.append(Column(label, amount.minor, formats.money(amount), is_part=is_part, tick=tick))
    summary = _("Customers paid %(total)s in twelve months. The hatched month is not over.") % {"total": formats.money(total)}
    return currency, Chart(columns=columns, summary=summary, unit=_("Paid by customers"))


def _months_after(first: date, n: int) -> date:
    return date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)


def account(request: CoopRequest, code: str, currency: str) -> HttpResponse:
    """One account: its entries by month and holder, the newest first."""
    request.by.must(SEE_ENTRIES)
    found = queries.account(code, currency)
    if found is None or code not in CHART:
        raise Http404
    months = queries.months(found)
    month = next((one for one in months if f"{one:%Y-%m}" == request.GET.get("month")), None)
    parts = [part for part in queries.holders(code, currency) if part.holder]
    names = queries.names.holders([part.holder for part in parts])
    holder = request.GET.get("holder") if request.GET.get("holder") in names else None
    rows = page(
        queries.postings(found, month=month, holder=holder), cursor=request.GET.get("cursor"), order=("-posted_at", "-pk")
    )
    shown = next((part for part in parts if part.holder == holder), None)
    balance = shown or queries.Balance(code, currency, queries.balance(code, currency).minor)
    subjects = queries.names.subjects([row.entry.subject for row in rows.items if row.entry.subject], request.by)
    return render(request, "ledger/account.html", {
        "chart_account": CHART[code], "currency": currency, "balance": balance, "page": rows, "months": months, "month": month,
        "parts": sorted(((names[part.holder].label, part) for part in parts if part.minor or part.holder == holder),
                        key=lambda pair: pair[0].casefold()),
        "holder": holder, "crumbs": [Crumb(_("The books"), reverse("ledger:books")), Crumb(_(CHART[code].name))],
        "lines": [(row, subjects.get(row.entry.subject), _usual(row, CHART[code].kind)) for row in rows.items],
    })  # fmt: skip


def _usual(row: Any, kind: str) -> Money:
    """Return an amount as people say it: what makes the account larger is positive."""
    return Money(row.minor, row.account.currency) if kind in ("asset", "expense") else Money(-row.minor, row.account.currency)


def entry(request: CoopRequest, pk: UUID) -> HttpResponse:
    """One entry, opened: its sides, the rule behind each, what it is about, and the proof that it is sealed."""
    request.by.must(SEE_ENTRIES)
    found = queries.entry(pk)
    if found is None:
        raise Http404
    postings = list(found.postings.select_related("account"))
    names = queries.names.holders([row.holder for row in postings if row.holder])
    proof = queries.proof(found.pk)
    others = [one for one in queries.about(found.subject) if one.pk != found.pk] if found.subject else []
    versions = {row.rule_version for row in postings if row.rule_version}
    return render(request, "ledger/entry.html", {
        "entry": found, "sides": [_side(row, names) for row in postings], "totals": _totals(postings),
        "about": queries.names.subject(found.subject, request.by) if found.subject else None,
        "others": _described(others, request.by), "proof": proof, "proof_holds": proof is not None and queries.proof_holds(proof),
        "version": max(versions, default=None), "crumbs": [Crumb(_("The books"), reverse("ledger:books")), Crumb(_("One entry"))],
    })  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One posting as a reader sees it."""

    code: str
    currency: str
    name: str
    holder: str
    purpose: str
    amount: Money
    comes_in: bool
    decided: Decided | None


def _side(row: Any, names: Mapping[str, queries.Named]) -> Side:
    code, currency = row.account.code, row.account.currency
    return Side(
        code=code, currency=currency, name=CHART[code].name, holder=names[row.holder].label if row.holder else "",
        purpose=row.purpose, amount=abs(row.amount), comes_in=row.minor > 0, decided=_decided(row),
    )  # fmt: skip


def _totals(postings: Sequence[Any]) -> list[Money]:
    """Return what moved, once for each currency: both columns sum to it."""
    sums: dict[str, int] = {}
    for row in postings:
        if row.minor > 0:
            sums[row.account.currency] = sums.get(row.account.currency, 0) + row.minor
    return [Money(minor, currency) for currency, minor in sorted(sums.items())]


def _decided(row: Any) -> Decided | None:
    if not row.rule or not row.rule_version:
        return None
    try:
        made = bylaws.book(version=row.rule_version).decided(row.rule)
    except RuleFailed:
        return Decided(label=f"{row.rule}, v{row.rule_version}")
    label = _("version %(n)s") % {"n": row.rule_version} if made.is_decided else made.label
    return Decided(label=label, title=made.title, detail=made.detail, url=made.url, is_decided=made.is_decided)


def _described(entries: Iterable[Any], by: Principal) -> list[tuple[Any, queries.Named | None]]:
    rows = list(entries)
    subjects = queries.names.subjects([one.subject for one in rows if one.subject], by)
    return [(one, subjects.get(one.subject)) for one in rows]
