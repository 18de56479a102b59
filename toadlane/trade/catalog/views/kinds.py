"""Kinds of listing and their fields, changed by the board on a page: nobody programs them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.search.port import fold
from toadlane.trade.catalog import queries, services
from toadlane.trade.catalog.forms import PRIVACY_LABELS, PROCESS_LABELS, TYPE_LABELS, FieldForm, KindForm
from toadlane.trade.catalog.permissions import KINDS
from toadlane.trade.catalog.policies import NotAKind, say
from toadlane.trade.catalog.views.common import crumbs_to
from toadlane.ui.shapes import Crumb

Row = dict[str, Any]


def index(request: CoopRequest) -> HttpResponse:
    request.by.must(KINDS)
    language = get_language() or "en"
    rows = [
        {"id": kind.id, "name": say(kind.names, language), "process": PROCESS_LABELS[kind.process], "fields": len(kind.fields)}
        for kind in queries.kinds(request.coop).values()
    ]
    return render(request, "catalog/kinds.html", {"rows": rows, "crumbs": crumbs_to(Crumb(_("Kinds of listing")))})


def new_kind(request: CoopRequest) -> HttpResponse:
    return _kind(request, None)


def change_kind(request: CoopRequest, kind: str) -> HttpResponse:
    return _kind(request, kind)


@require_POST
def remove_kind(request: CoopRequest, kind: str) -> HttpResponse:
    """Take a kind off the list. Listings of it stay as they are, ordered as before."""
    rows = _rows(request)
    _set(request, [row for row in rows if row is not _found(rows, kind)])
    messages.success(request, _("The kind is removed. Its listings stay as they are."))
    return redirect("catalog:kinds")


def new_field(request: CoopRequest, kind: str) -> HttpResponse:
    return _field(request, kind, None)


def change_field(request: CoopRequest, kind: str, field: str) -> HttpResponse:
    return _field(request, kind, field)


@require_POST
def remove_field(request: CoopRequest, kind: str, field: str) -> HttpResponse:
    """Ask for it no longer. What was answered is kept, should the field come back."""
    rows = _rows(request)
    row = _found(rows, kind)
    fields = row.get("fields", [])
    row["fields"] = [one for one in fields if one is not _found(fields, field)]
    _set(request, rows)
    messages.success(request, _("The field is removed. What was answered is kept."))
    return redirect("catalog:kind", kind)


def _kind(request: CoopRequest, kind: str | None) -> HttpResponse:
    rows = _rows(request)
    row: Row = _found(rows, kind) if kind else {"names": {}}
    main = request.coop.language
    listed = "\n".join(say(one["names"], main) for one in row.get("variants", ()))
    form = KindForm(request.POST or None, initial={**row, "variants": listed}, names=row["names"], main=main)
    if row.get("process") == "visit":
        del form.fields["process"], form.fields["unit"], form.fields["variants"]
    if request.method == "POST" and form.is_valid():
        said = form.said() if "process" in form.fields else {"names": form.said_names()}
        if kind is None:
            row = {"id": _identifier(said["names"], rows), "fields": []}
            rows.append(row)
        versions = _options(form.lines, row.pop("variants", []), main)
        row.update(said | ({"variants": versions} if versions else {}))
        if _try(request, form, rows):
            messages.success(request, _("The kind is set."))
            return redirect("catalog:kind", row["id"])
    language = get_language() or "en"
    fields = [
        {"id": one["id"], "name": say(one["names"], language), "type": TYPE_LABELS[one["type"]],
         "privacy": PRIVACY_LABELS[one.get("privacy", "public")]}
        for one in row.get("fields", ())
    ]  # fmt: skip
    name = say(row["names"], language) if kind else _("A new kind")
    shown = {"form": form, "kind": kind, "name": name, "fields": fields, "crumbs": _crumbs(Crumb(name))}
    return render(request, "catalog/kind.html", shown, status=422 if form.errors else 200)


def _field(request: CoopRequest, kind: str, field: str | None) -> HttpResponse:
    rows = _rows(request)
    row = _found(rows, kind)
    language, main = get_language() or "en", request.coop.language
    one: Row = _found(row.get("fields", []), field) if field else {"names": {}}
    listed = "\n".join(say(option["names"], main) for option in one.get("options", ()))
    form = FieldForm(request.POST or None, initial={**one, "options": listed}, names=one["names"], main=main)
    if request.method == "POST" and form.is_valid():
        said = form.said()
        if said["type"] in ("enum", "multi_enum"):
            said["options"] = _options(form.lines, one.get("options", []), main)
        fields = row.setdefault("fields", [])
        if field is None:
            one = {"id": _identifier(said["names"], fields)}
            fields.append(one)
        one.pop("options", None)
        one.update(said)
        if _try(request, form, rows):
            messages.success(request, _("The field is set."))
            return redirect("catalog:kind", kind)
    name = say(one["names"], language) if field else _("A new field")
    here = Crumb(say(row["names"], language), reverse("catalog:kind", kwargs={"kind": kind}))
    shown = {"form": form, "kind": kind, "field": field, "name": name, "crumbs": _crumbs(here, Crumb(name))}
    return render(request, "catalog/field.html", shown, status=422 if form.errors else 200)


def _rows(request: CoopRequest) -> list[Row]:
    """Return the kinds as data, to be changed: a copy, since a refused change must leave nothing behind."""
    request.by.must(KINDS)
    return queries.kinds_as_data(request.coop)


def _found(rows: list[Row], wanted: str) -> Row:
    row = next((one for one in rows if one["id"] == wanted), None)
    if row is None:
        raise Http404
    return row


def _set(request: CoopRequest, rows: list[Row]) -> None:
    services.set_kinds(kinds=rows, by=request.by)


def _try(request: CoopRequest, form: KindForm | FieldForm, rows: list[Row]) -> bool:
    try:
        _set(request, rows)
    except NotAKind as error:
        last = error.field.rsplit(".", 1)[-1]
        form.add_error(last if last in form.fields else None, str(error))
        return False
    return True


def _options(lines: list[str], known: list[Row], main: str) -> list[Row]:
    """Keep the short name and the translations of what was in the list already: listings hold that short name."""
    found: list[Row] = []
    for line in dict.fromkeys(lines):
        old = next((one for one in known if say(one["names"], main) == line), None)
        taken = [*found, *known]
        found.append(old or {"id": _identifier({main: line}, taken), "names": {main: line}})
    return found


def _identifier(names: dict[str, str], taken: list[Row]) -> str:
    """Make a short name out of a name, and another one where it is taken."""
    text = fold(names.get("en") or next(iter(names.values()), "")).replace(" ", "_")
    plain = "".join(letter for letter in text if letter.isascii())[:30].strip("_")
    base = plain if plain[:1].isalpha() else f"n{plain}"
    used, candidate, number = {one["id"] for one in taken}, base, 2
    while candidate in used:
        candidate, number = f"{base}_{number}", number + 1
    return candidate


def _crumbs(*more: Crumb) -> list[Crumb]:
    return crumbs_to(Crumb(_("Kinds of listing"), reverse("catalog:kinds")), *more)
