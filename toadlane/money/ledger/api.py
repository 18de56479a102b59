"""The books over REST. Reading only: value is moved by what people do in other rooms."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Router

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries, schemas
from toadlane.money.ledger.permissions import SEE_ENTRIES, SEE_TOTALS
from toadlane.money.ledger.policies.chart import CHART
from toadlane.plumbing.access.lists import bounded, paged
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.ui import formats

router = Router(tags=["ledger"])


def _money(amount: Money) -> dict[str, Any]:
    return {"minor": amount.minor, "currency": amount.currency, "text": formats.money(amount)}


def _line(entry: Any) -> dict[str, Any]:
    sealed = getattr(entry, "sealed", None)
    return {
        "id": entry.pk, "number": sealed.number if sealed else None, "at": entry.posted_at, "narration": _(entry.narration),
        "subject": entry.subject, "digest": entry.digest,
    }  # fmt: skip


@router.get("/accounts", auth=None, response=list[schemas.AccountOut], summary="Every account with its balance")
@bounded("the chart of accounts, in each currency")
def accounts(request: CoopRequest) -> Any:
    request.by.must(SEE_TOTALS)
    return [
        {
            "code": row.code, "name": _(row.account.name), "kind": row.account.kind,
            "is_restricted": row.account.is_restricted, "balance": _money(row.amount),
        }
        for row in queries.balances()
    ]  # fmt: skip


def _held(_request: CoopRequest, rows: list[queries.HolderBalance]) -> list[dict[str, Any]]:
    names = queries.names.holders([row.holder for row in rows])
    return [{"holder": row.holder, "name": names[row.holder].label, "balance": _money(row.amount)} for row in rows]


@router.get("/accounts/{code}/{currency}/holders", response=list[schemas.HolderOut], summary="Whose parts an account is made of")
@paged("holder", tell=_held)
def holders(request: CoopRequest, code: str, currency: str) -> Any:
    request.by.must(SEE_ENTRIES)
    if code not in CHART or queries.account(code, currency) is None:
        raise Http404
    return queries.holders(code, currency)


@router.get("/entries", response=schemas.EntriesOut, summary="Entries, the newest first")
def entries(request: CoopRequest, subject: str = "", cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(SEE_ENTRIES)
    found = page(queries.by_day(subject=subject), cursor=cursor, limit=limit, order=("-posted_at", "-pk"))
    return {"items": [_line(one.entry) for one in found.items], "next": found.next}


@router.get("/entries/{uuid:entry_id}", response=schemas.EntryOut, summary="One entry, with the proof that it is sealed")
def entry(request: CoopRequest, entry_id: UUID) -> Any:
    request.by.must(SEE_ENTRIES)
    found = queries.entry(entry_id)
    if found is None:
        raise Http404
    proof = queries.proof(found.pk)
    postings = [
        {
            "account": row.account.code, "name": _(CHART[row.account.code].name), "amount": _money(row.amount),
            "holder": row.holder, "purpose": row.purpose, "rule": row.rule, "rule_version": row.rule_version,
        }
        for row in found.postings.select_related("account")
    ]  # fmt: skip
    return _line(found) | {"postings": postings, "proof": asdict(proof) if proof else None}


@router.get("/seals", auth=None, response=schemas.SealsOut, summary="The signed seals over the books, the newest first")
def seals(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(SEE_TOTALS)
    found = page(queries.seals(), cursor=cursor, limit=limit, order=("-number",))
    return {"items": found.items, "next": found.next}
