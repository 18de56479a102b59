"""The rules over REST, for anybody: they are public, and so is who decided them."""

from typing import Any

from django.http import Http404
from django.utils.translation import get_language
from ninja import Router

from toadlane.plumbing.access.lists import each, paged
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries, schemas
from toadlane.society.bylaws.rules import RuleFailed, undecided
from toadlane.society.coops import queries as coops

router = Router(tags=["rules"], auth=None)


def _book(number: int | None) -> queries.Book:
    try:
        return queries.book(version=number)
    except RuleFailed as error:
        raise Http404 from error


def _rule(request: CoopRequest, book: queries.Book, rule_id: str) -> dict[str, Any]:
    rule, article = book.rule(rule_id), queries.article(book, rule_id, get_language() or "en")
    decided = book.decided(rule_id)
    page, of = decided.page
    url = coops.address(request.coop, page, *([of] if of else []))
    return {
        **{key: rule[key] for key in ("type", "value", "unit", "tier", "procedure", "delay_days", "applies_from", "text")},
        "id": rule_id, "floor": rule.get("floor"), "cap": rule.get("cap"), "only": rule.get("only"),
        "reads": decided.reads, "guard": article.guard,
        "decided": {
            "version": decided.version, "decision": decided.decision, "decided_on": decided.decided_on, "url": url,
        },
        "is_decided": decided.is_decided,
        "adoption": None if decided.is_decided else undecided.adoption(book.document, rule_id),
    }  # fmt: skip


def _whole(request: CoopRequest, book: queries.Book) -> dict[str, Any]:
    return {
        "version": book.number, "hash": book.hash, "pack": book.pack, "enacted_at": book.enacted_at,
        "rules": [_rule(request, book, rule_id) for rule_id in sorted(book.rules)],
        "undecided": [_rule(request, book, rule_id) for rule_id in sorted(book.undecided)],
        "procedures": book.document["procedures"], "organs": book.document["organs"],
    }  # fmt: skip


def _version(row: Any) -> dict[str, Any]:
    names = ("number", "decision", "enacted_at", "changed", "previous_hash", "hash")
    return {name: getattr(row, name) for name in names}


@router.get("", response=schemas.BylawsOut, summary="The bylaws in force, or as they stood in a version")
def rules(request: CoopRequest, version: int | None = None) -> Any:
    return _whole(request, _book(version))


@router.get("/versions", response=list[schemas.VersionOut], summary="All versions, the newest first")
@paged("-number", tell=each(_version))
def versions(request: CoopRequest) -> Any:
    return queries.versions().defer("document")


@router.get("/chain", response=schemas.ChainOut, summary="Check the chain of versions")
def chain(request: CoopRequest) -> Any:
    return {"versions": queries.versions().count(), "first_broken_link": queries.first_broken_link()}


@router.get("/founding", response=schemas.FoundingOut, summary="The founding act and who signed it")
def founding(request: CoopRequest) -> Any:
    signed = [{"name": one.person.name, "signed_at": one.signed_at} for one in queries.signatures()]
    return {"version": _version(queries.version(1)), "signatures": signed}


@router.get("/{rule}", response=schemas.RuleOut, summary="One rule, and who decided it")
def rule(request: CoopRequest, rule: str, version: int | None = None) -> Any:
    book = _book(version)
    if book.find(rule) is None:
        raise Http404
    return _rule(request, book, rule)
