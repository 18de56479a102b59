import json
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language

from toadlane.kernel import canonical
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries
from toadlane.society.bylaws.forms import CompareForm
from toadlane.society.bylaws.rules import lent, packs
from toadlane.society.bylaws.rules.provenance import FOUNDING
from toadlane.society.bylaws.rules.values import RuleFailed
from toadlane.ui import nav


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def rules(request: CoopRequest) -> HttpResponse:
    """How we run: the bylaws in force, article by article."""
    book = queries.book()
    return _bylaws(request, book)


def version(request: CoopRequest, number: int) -> HttpResponse:
    """The bylaws as they stood."""
    return _bylaws(request, _book(number))


def _bylaws(request: CoopRequest, book: queries.Book) -> HttpResponse:
    is_current = book.number == queries.book().number
    undecided = queries.undecided(book, _language()) if is_current else []
    search = request.GET.get("q", "").strip()[:80]
    articles = queries.with_words(queries.articles(book, _language()), search)
    return render(request, "bylaws/rules.html", {
        "book": book, "articles": articles, "guards": queries.guards(book), "search": search,
        "many": sum(len(found) for _heading, found in articles), "unfolded": bool(search) or "unfolded" in request.GET,
        "deciding": queries.deciding(book, _language()),
        "is_current": is_current, "undecided": [] if search else undecided, "pack": _pack(book), **_lent(request),
    })  # fmt: skip


def _lent(request: CoopRequest) -> dict[str, Any]:
    """Return what democracy lends to these pages: what is under way, and where members propose a change."""
    is_member = "member" in request.by.roles
    propose, add_way = (lent.propose(), lent.add_way()) if is_member else ("", "")
    return {"under_way": lent.under_way(request.by), "propose": propose, "propose_way": add_way}


def _book(number: int) -> queries.Book:
    try:
        return queries.book(version=number)
    except RuleFailed as error:
        raise Http404 from error


def _pack(book: queries.Book) -> dict[str, Any]:
    pack = packs.load(book.pack)
    return {"name": pack.names.get(_language(), pack.names["en"]), "law": pack.law, "notes": pack.notes, "id": pack.name}


def rule(request: CoopRequest, rule: str) -> HttpResponse:
    """One rule: its words, its guard, the law's bounds, and how it came to be."""
    book = queries.book()
    if book.find(rule) is None:
        raise Http404
    return render(request, "bylaws/rule.html", {
        "one": queries.article(book, rule, _language()), "book": book, "history": queries.history(rule, _language()),
        **_lent(request),
    })  # fmt: skip


def versions(request: CoopRequest) -> HttpResponse:
    rows: list[Any] = list(queries.versions())
    told = lent.told({row.decision for row in rows} - {FOUNDING})
    for row in rows:
        row.told = told.get(row.decision)
    return render(request, "bylaws/versions.html", {"versions": rows, "broken": queries.first_broken_link()})


def compare(request: CoopRequest) -> HttpResponse:
    """What differs between any two versions."""
    known = [row.number for row in queries.versions()]
    form = CompareForm({"from": known[-1], "to": known[0]} | request.GET.dict(), known=known)
    found = None
    if form.is_valid():
        before, after = (_book(form.cleaned_data[name]) for name in ("from", "to"))
        found = queries.differences(before, after, _language())
    return render(request, "bylaws/compare.html", {"form": form, "differences": found}, status=200 if form.is_valid() else 404)


def document(request: CoopRequest, number: int) -> HttpResponse:
    """A version as it is hashed, so that anybody can check the chain by themselves."""
    row = queries.version(number)
    if row is None:
        raise Http404
    contents = row.contents()
    assert canonical.digest(contents) == row.hash, "the chain is broken; the page of versions says so"
    body = {"hash": row.hash, "hashed": contents}
    return JsonResponse(body, json_dumps_params={"indent": 2, "ensure_ascii": False}, encoder=json.JSONEncoder)


def founding_act(request: CoopRequest) -> HttpResponse:
    """Who founded this co-op, on which day, with which words."""
    first = queries.version(1)
    if first is None:
        raise Http404
    return render(request, "bylaws/founding_act.html", {
        "version": first, "signatures": queries.signatures(), "pack": _pack(queries.book(version=1)),
        "rules": len(first.document["rules"]), "desk": nav.address("members:desk", request) if request.by.memberships else None,
    })  # fmt: skip
