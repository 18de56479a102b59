"""The page that asks about one part of a proposal: a rule's value, its words, its guard, its day, or what a kind asks."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.democracy.proposals.forms import DayForm, GuardForm, KindForm, ValueForm, WayForm, WordsForm, slug
from toadlane.democracy.proposals.queries import drafts, procedures, shown
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book
from toadlane.society.bylaws.rules import decisions, find, patches, sheets, texts, ways
from toadlane.society.members import queries as members
from toadlane.ui.shapes import Option
from toadlane.ui.sheets import SheetField, arrange, is_arranging

Part = Mapping[str, Any]


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def steps(part: Part) -> list[str]:
    """Return the questions about a part: of a rule its value, its words where they say the old number, and the day."""
    if part["kind"] != "patch":
        return ["what"]
    op = part["payload"]["ops"][0]
    if ways.is_way(op["rule"]):
        return ["what", "when"]
    words = ["words"] if _words_differ(op) else []
    if "adopt" in op:
        return ["what", *words, "guard", "when"]
    return (["what"] if "set" in op or "procedure" not in op else ["guard"]) + words + ["when"]


def _words_differ(op: Mapping[str, Any]) -> bool:
    rule = bylaws.book().find(op["rule"])
    if rule is None or "set" not in op:
        return False
    try:
        return bool(set(texts.faults({**rule, "value": op["set"]})) - set(texts.faults(rule)))
    except (Expected, ValueError, TypeError, ArithmeticError):
        return False


def answered(request: CoopRequest, part: Part, step: str, book: Book) -> HttpResponse | tuple[dict[str, Any], Any]:
    """Return the part with what was answered, and the form; with faults in the form where it cannot be."""
    if part["kind"] != "patch":
        return _kind(request, part)
    op = dict(part["payload"]["ops"][0])
    rule = patches.rule_of(book.completed, op["rule"], op.get("set"))
    if rule is None or (step in ("guard", "words") and ways.is_way(op["rule"])):
        raise Http404
    form = _form(request, op, rule, step, book)
    if request.method == "POST" and form.is_valid():
        if isinstance(form, WayForm):
            _take_way(op, form, book)
        else:
            _take(op, rule, step, form.cleaned_data)
        part = {**part, "payload": {**part["payload"], "ops": [op]}}
        if step in ("what", "guard"):
            field = next((name for name in ("value", "procedure") if name in form.fields), None)
            for fault in procedures.faults([part], book, request.now):
                form.add_error(field, fault.words)
    return dict(part), form


def _take_way(op: dict[str, Any], form: WayForm, book: Book) -> None:
    op["set"] = form.written
    if not ways.name_of(op["rule"]):  # A new one gets its name from what people call it.
        op["rule"] = ways.id_of(slug(form.cleaned_data["title"], book.document["procedures"]))


def _way_form(request: CoopRequest, op: Mapping[str, Any], book: Book) -> WayForm:
    classes = [(one.id, one.college, one.name(_language())) for one in members.member_classes().values() if "vote" in one.rights]
    return WayForm(
        request.POST or None, name=ways.name_of(op["rule"]), document=book.completed, table=op.get("set", op["expect"]),
        language=_language(), classes=classes,
    )  # fmt: skip


def _form(request: CoopRequest, op: dict[str, Any], rule: Mapping[str, Any], step: str, book: Book) -> Any:
    data = request.POST or None
    if step == "what" and ways.is_way(op["rule"]):
        return _way_form(request, op, book)
    if step == "words":
        return WordsForm(data, initial={"text": op.get("text", rule["text"]).get(_language(), "")})
    if step == "guard":
        guards = [(name, Option(drafts.procedure_label(name), words)) for name, words in drafts.all_procedures(book)]
        return GuardForm(data, guards=guards, initial={"procedure": op.get("procedure", rule["procedure"])})
    if step == "when":
        return DayForm(data, initial={"effective": op.get("effective", "")})
    declared = find(op["rule"])
    options = list(declared.options.items()) if declared else [(one, one) for one in rule.get("options", [])]
    value = op.get("set", rule["value"])
    sheet = sheets.sheet_of(op["rule"])
    if sheet is None:
        return ValueForm(data, rule=rule, options=options, initial={"value": ValueForm.initial_of(rule, value)})
    field = SheetField(
        sheet=sheet, context=sheets.context_of(book.completed["rules"]), before=value, label=_("From then on"),
        help_text=_("The whole list: what you take out is gone."),
    )  # fmt: skip
    form = ValueForm(None if is_arranging(request.POST) else data, rule=rule, sheet=field)
    if is_arranging(request.POST):
        arrange(form, request.POST)
    return form


def _take(op: dict[str, Any], rule: Mapping[str, Any], step: str, answers: Mapping[str, Any]) -> None:
    if step == "what":
        op["set"] = answers["value"]
    elif step == "words":
        op["text"] = {**rule["text"], _language(): answers["text"].strip()}
    elif step == "guard":
        op["procedure"] = answers["procedure"]
    elif answers["effective"]:
        op["effective"] = answers["effective"].isoformat()
    else:
        op.pop("effective", None)


def _kind(request: CoopRequest, part: Part) -> tuple[dict[str, Any], forms.Form]:
    kind = decisions.kind(part["kind"])
    if kind is None:
        raise Http404
    form = KindForm(
        None if is_arranging(request.POST) else request.POST or None, kind=kind, currency=request.coop.currency,
        people=drafts.people(), context=sheets.context_of(bylaws.book().completed["rules"]), payload=part["payload"],
    )  # fmt: skip
    if is_arranging(request.POST):
        arrange(form, request.POST)
    if form.is_bound and form.is_valid():
        part = {"kind": kind.name, "payload": form.payload()}
        for fault in procedures.faults([part], bylaws.book(), request.now):
            form.add_error(fault.field if fault.field in form.fields else None, fault.words)
    return dict(part), form


def frame(request: CoopRequest, part: Part, step: str, form: Any, **more: Any) -> dict[str, Any]:
    """Return what the page shows beside the question: the rule as it reads, its bounds in law, and its guard."""
    found: dict[str, Any] = {"form": form, "step": step, "kind": decisions.kind(part["kind"]), **more}
    if part["kind"] != "patch":
        return found
    book = bylaws.book()
    op = part["payload"]["ops"][0]
    declared, rule = find(op["rule"]), patches.rule_of(book.completed, op["rule"], op.get("set"))
    assert rule is not None, op["rule"]  # Asked for in `answered`.
    return found | {
        "rule": bylaws.article(book, op["rule"], _language(), rule), "why": declared.why if declared else "",
        "guard": shown.in_words(procedures.named(rule["procedure"], book), book), "delay_days": rule["delay_days"],
        "affix": drafts.affix(rule), "is_table": rule["type"] not in drafts.SIMPLE, "book": book,
        "effective": shown.course([part], procedures.named(rule["procedure"], book), book, request.now),
    }  # fmt: skip
