"""The page that asks about one rule."""

from dataclasses import replace
from typing import Any

from django.forms import CharField, Textarea
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from toadlane.blueprints.founding import policies, queries, services
from toadlane.blueprints.founding.forms import RuleForm
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws.rules import Rule
from toadlane.society.bylaws.rules.articles import bound
from toadlane.society.bylaws.rules.documents import Document
from toadlane.society.bylaws.rules.sheets import context_of, sheet_of
from toadlane.society.bylaws.rules.values import BARE, shown
from toadlane.ui import formats, sheets
from toadlane.ui.shapes import Option

AS_CHOICES = ("flag", "enum")
# The button that puts back what the blueprint suggests.
ANEW = "anew"


def show(request: CoopRequest, draft: Any, frame: dict[str, Any]) -> HttpResponse:
    rule = policies.answerable()[frame["step"]]
    if request.POST.get("deed") == "later":
        return redirect("founding:step", frame["after"])
    suggested = _entry(draft, rule, keep=False)
    current = _entry(draft, rule, keep=True)
    language = (get_language() or "en").split("-")[0]
    choices = [] if sheet_of(rule.id) else _choices(rule, suggested, language)
    found = queries.document(draft)
    form = _form(request, draft, rule, found, choices=choices, suggested=suggested, current=current)
    if request.method == "POST" and form.is_valid():
        try:
            kept = {
                "values": {rule.id: _value(rule, form.cleaned_data, suggested)}, "guards": {rule.id: form.cleaned_data["guard"]},
            }  # fmt: skip
            if request.POST.get("deed") == "preview":
                found = queries.document(draft, values=kept["values"])
            else:
                services.answer(draft=draft, answers=kept, by=request.by)
                return redirect("founding:step", frame["after"])
        except Expected as error:
            form.add_error("own" if "own" in form.fields else "choice", _in_words(error, suggested, language))
    return render(request, "founding/rule.html", {
        **frame, "form": form, "rule": rule, "reads": queries.in_words(found, rule.id, language),
        "lines": queries.lines(found, rule.id, language), "is_sheet": sheet_of(rule.id) is not None,
        "is_suggested": current["value"] == suggested["value"],
        "floor": bound(suggested, "floor", language), "cap": bound(suggested, "cap", language),
        "dots": _dots(rule, suggested, language), "affix": _affix(rule, suggested),
        "tips": _suggestion(draft, rule, suggested, language),
    }, status=422 if form.is_bound and form.errors else 200)  # fmt: skip


def _form(
    request: CoopRequest, draft: Any, rule: Rule, found: Document, *, choices: Any, suggested: Any, current: Any
) -> RuleForm:  # fmt: skip
    """Return the form of a rule. Whoever works on the rows of a list has not answered yet: nothing is checked."""
    sheet, is_arranging = sheet_of(rule.id), sheets.is_arranging(request.POST)
    initial, field = _initial(rule, current, suggested, choices), None
    if sheet is not None:
        starts_anew = request.POST.get(sheets.DEED) == ANEW
        context = replace(context_of(found["rules"]), kinds=queries.kinds(draft))
        field = sheets.SheetField(
            sheet=sheet, context=context, before=suggested["value"] if starts_anew else current["value"], label=_("Your answer")
        )
        initial = {"guard": current["procedure"]}
    form = RuleForm(
        None if is_arranging else request.POST or None, choices=choices, guards=_guards(found, rule.id), sheet=field,
        has_own=rule.type not in AS_CHOICES, initial=initial,
    )  # fmt: skip
    if rule.type == "text" and field is None:
        words = form.fields["own"].label
        form.fields["own"] = CharField(label=words, max_length=400, required=False, widget=Textarea(attrs={"rows": 3}))
    if is_arranging and request.POST.get(sheets.DEED) != ANEW:
        sheets.arrange(form, request.POST)
    return form


def _entry(draft: Any, rule: Rule, *, keep: bool) -> dict[str, Any]:
    """Return the rule as it would stand: as answered so far, or as the blueprint suggests it."""
    answered = dict(draft.answers)
    if not keep:
        values = {key: value for key, value in answered.get("values", {}).items() if key != rule.id}
        draft.answers = {**answered, "values": values}
    try:
        return dict(queries.document(draft)["rules"][rule.id])
    finally:
        draft.answers = answered


def _choices(rule: Rule, suggested: dict[str, Any], language: str) -> list[tuple[str, Option]]:
    allowed = suggested["only"]["values"] if "only" in suggested else None
    if rule.type == "flag":
        answers = ((True, "yes", _("Yes")), (False, "no", _("No")))
        return [(key, Option(label)) for value, key, label in answers if allowed is None or value in allowed]
    if rule.type == "enum":
        return [(key, Option(str(label))) for key, label in rule.options.items() if allowed is None or key in allowed]
    found = [("suggested", Option(_("What the blueprint suggests"), price=_measured(suggested, suggested["value"], language)))]
    floor, cap = bound(suggested, "floor", language), bound(suggested, "cap", language)
    if floor and suggested["floor"]["min"] != suggested["value"]:
        least = _measured(suggested, suggested["floor"]["min"], language)
        found.append(("floor", Option(_("The law’s floor"), more=floor[1], price=least)))
    if cap and suggested["cap"]["max"] != suggested["value"]:
        most = _measured(suggested, suggested["cap"]["max"], language)
        found.append(("cap", Option(_("The law’s cap"), more=cap[1], price=most)))
    return [*found, ("own", Option(_("Another value"), more=_("You name it on the next line.")))]


def _guards(found: Document, rule_id: str) -> list[tuple[str, Option]]:
    """Return who may change a rule: the first sentence is the answer, what else there is to it stands below."""
    told = [(name, words.partition(". ")) for name, words in queries.guards(found, rule_id)]
    return [(name, Option(first, more=more)) for name, (first, _dot, more) in told]


def _initial(rule: Rule, current: dict[str, Any], suggested: dict[str, Any], choices: list[Any]) -> dict[str, Any]:
    value = current["value"]
    if rule.type == "flag":
        choice = "yes" if value else "no"
    elif rule.type == "enum":
        choice = value
    elif value == suggested["value"]:
        choice = "suggested"
    else:
        own = value if rule.type == "text" else policies.typed(rule.type, value, current["unit"])
        return {"choice": "own", "own": own, "guard": current["procedure"]}
    return {"choice": choice, "guard": current["procedure"]}


def _value(rule: Rule, data: dict[str, Any], suggested: dict[str, Any]) -> Any:
    choice = data.get("choice")
    if rule.type == "flag":
        return choice == "yes"
    if rule.type == "enum":
        return choice
    if "choice" not in data or rule.type == "text":
        return suggested["value"] if data.get("choice") == "suggested" else data["own"]
    known = {
        "suggested": lambda: suggested["value"], "floor": lambda: suggested["floor"]["min"],
        "cap": lambda: suggested["cap"]["max"],
    }  # fmt: skip
    return known[choice]() if choice in known else policies.read(rule.type, data["own"], suggested["unit"])


def _in_words(error: Expected, suggested: dict[str, Any], language: str) -> str:
    """Say which bound is broken, in the reader's words."""
    text = str(error)
    for code, end, sentence in (
        ("below_legal_floor", "floor", _("The law’s floor is %(value)s (%(law)s). No vote can go below it.")),
        ("above_legal_cap", "cap", _("The law’s cap is %(value)s (%(law)s). No vote can go above it.")),
    ):
        if code in text and (limit := bound(suggested, end, language)):
            return sentence % {"value": limit[0], "law": limit[1]}
    for code, end, sentence in (
        ("beyond_minimum", "minimum", _("At least %(value)s.")), ("beyond_maximum", "maximum", _("At most %(value)s.")),
    ):  # fmt: skip
        if code in text:
            return sentence % {"value": shown({**suggested, "value": suggested[end]}, language)}
    return text


def _measured(entry: dict[str, Any], value: Any, language: str) -> str:
    """Return a value with its unit as the language counts it: 1 day, 30 days, and in Arabic another form for 3 than for 30."""
    words = shown({**entry, "value": value}, language)
    said = {
        "minutes": ngettext("%(n)s minute", "%(n)s minutes", value), "hours": ngettext("%(n)s hour", "%(n)s hours", value),
        "days": ngettext("%(n)s day", "%(n)s days", value), "weeks": ngettext("%(n)s week", "%(n)s weeks", value),
        "months": ngettext("%(n)s month", "%(n)s months", value), "years": ngettext("%(n)s year", "%(n)s years", value),
        "working days": ngettext("%(n)s working day", "%(n)s working days", value),
    } if entry["type"] in ("int", "duration") else {}  # fmt: skip
    return said.get(entry["unit"], "%(n)s") % {"n": words}


def _unit_word(entry: dict[str, Any]) -> str:
    words = {
        "days": _("days"), "hours": _("hours"), "minutes": _("minutes"), "weeks": _("weeks"), "months": _("months"),
        "years": _("years"), "working days": _("working days"),
    }  # fmt: skip
    return words.get(entry["unit"], "") if entry["type"] in ("int", "duration") else ""


def _affix(rule: Rule, entry: dict[str, Any]) -> dict[str, str]:
    if rule.type == "money":
        return formats.affix(entry["unit"])
    return {"prefix": "", "suffix": "%" if rule.type == "rate" else _unit_word(entry)}


def _dots(rule: Rule, entry: dict[str, Any], language: str) -> policies.Dots | None:
    if rule.type not in BARE:
        return None  # Only a number has a place on a line.
    values = queries.chosen(rule.id, entry["unit"])
    words = {value: shown({**entry, "value": value}, language) for value in values}
    return policies.dots(rule.type, values, least=entry.get("floor", {}).get("min"), shown=words)


def _suggestion(draft: Any, rule: Rule, entry: dict[str, Any], language: str) -> str:
    """Return what we heard is usual there, marked as hearsay: never law."""
    heard = queries.law(draft).suggestions.get(rule.id)
    if not heard:
        return ""
    value = shown({**entry, "value": heard["value"]}, language)
    return _("We heard that %(value)s is usual there, and could not confirm it. Ask for advice.") % {"value": value}
