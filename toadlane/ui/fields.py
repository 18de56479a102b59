"""How a form's fields are drawn: which kind of control, and what browsers and readers aloud are told about it."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.forms.widgets import Input
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from toadlane.ui.sheets import drawing
from toadlane.ui.sheets.fields import SheetField, SheetWidget

# A field with one of these names asks for something that a browser can fill in by itself (WCAG 1.3.5).
_AUTOCOMPLETE = {
    "email": "email", "phone": "tel", "tel": "tel", "given_name": "given-name", "family_name": "family-name",
    "full_name": "name", "your_name": "name", "postal_code": "postal-code", "postcode": "postal-code",
    "street": "address-line1", "city": "address-level2", "password": "current-password", "code": "one-time-code",
    "new_password": "new-password", "organization": "organization", "organisation": "organization", "iban": "off",
}  # fmt: skip
_ISO = {"date": "%Y-%m-%d", "time": "%H:%M", "datetime-local": "%Y-%m-%dT%H:%M"}


@dataclass(frozen=True)
class Fault:
    """One line of the error summary: what is wrong, and the control that puts it right."""

    text: str
    target: str


@dataclass(frozen=True)
class Fold:
    """Boxes to tick that belong together, of so many that they are folded away under a name."""

    label: str
    options: list[BoundWidget]

    @property
    def chosen(self) -> int:
        return sum(option.data["selected"] for option in self.options)


def folds(bound: BoundField) -> list[Fold]:
    """Return the groups of a field whose choices are grouped, each with its boxes."""
    options = iter(bound.subwidgets)
    groups = [(label, within) for label, within in bound.field.choices if isinstance(within, list | tuple)]  # type: ignore[attr-defined]
    return [Fold(str(label), list(islice(options, len(within)))) for label, within in groups]


def kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple) and folds(bound):
        return "folds"
    for name, types in (
        ("sheet", SheetWidget),
        ("hidden", forms.HiddenInput),
        ("checkboxes", forms.CheckboxSelectMultiple),
        ("radio", forms.RadioSelect),
        ("checkbox", forms.CheckboxInput),
        ("group", forms.MultiWidget),
        ("textarea", forms.Textarea),
        ("select", forms.Select),
        ("file", forms.FileInput),
    ):
        if isinstance(widget, types):
            return name
    return "input"


def _as_calendar(widget: forms.Widget) -> None:
    """Let browsers offer their own calendar and clock: they send ISO dates whatever the language."""
    for types, name in ((forms.DateTimeInput, "datetime-local"), (forms.DateInput, "date"), (forms.TimeInput, "time")):
        if isinstance(widget, types):
            widget.input_type, widget.format = name, _ISO[name]
            widget.supports_microseconds = False
            return


def _attributes(bound: BoundField) -> dict[str, Any]:
    field, widget = bound.field, bound.field.widget
    given, found = widget.attrs, {}
    name = bound.name.rsplit("-", 1)[-1]
    if "autocomplete" not in given and name in _AUTOCOMPLETE and isinstance(widget, Input):
        found["autocomplete"] = _AUTOCOMPLETE[name]
    elif "autocomplete" not in given and isinstance(field, forms.EmailField):
        found["autocomplete"] = "email"
    if "inputmode" not in given:
        if isinstance(field, forms.DecimalField | forms.FloatField):
            found["inputmode"] = "decimal"
        elif isinstance(field, forms.IntegerField) or name == "code":
            found["inputmode"] = "numeric"
    if "dir" not in given and (isinstance(widget, forms.Textarea) or getattr(widget, "input_type", "") in ("text", "search")):
        found["dir"] = "auto"  # An English address on an Arabic page stands as it was written, and so does the other way round.
    if isinstance(field, forms.DecimalField) and "step" not in given:
        found["step"] = "any"
    return found


def control(bound: BoundField, *, describedby: str = "", extra: str = "") -> SafeString:
    """Return the control with its class, its state and what describes it.

    :param describedby: ids of hint and error, separated by spaces
    :param extra: more classes
    """
    widget = bound.field.widget
    _as_calendar(widget)
    attributes = _attributes(bound)
    if kind(bound) not in ("checkbox", "radio", "checkboxes", "hidden"):
        css = ["control", *extra.split(), *str(widget.attrs.get("class", "")).split()]
        attributes["class"] = " ".join(dict.fromkeys(css))
    if widget.attrs.get("rows") == "10":  # Django's own default, which is a page of empty paper.
        attributes["rows"] = "4"
    if describedby.strip():
        attributes["aria-describedby"] = describedby.strip()
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return bound.as_widget(attrs=attributes)


def _target(bound: BoundField) -> str:
    """Return the id of the control that a link in the summary should reach: the first one of a group."""
    base = bound.id_for_label or bound.auto_id or bound.html_name
    return f"{bound.auto_id}_0" if kind(bound) in ("radio", "checkboxes", "group") else str(base)


def faults(form: forms.BaseForm | forms.BaseFormSet[Any]) -> list[Fault]:
    """Return what has to be put right, in the order of the form, each with the control it is about."""
    if isinstance(form, forms.BaseFormSet):
        own = [Fault(str(error), "main") for error in form.non_form_errors()] if form.is_bound else []
        return own + [fault for part in form.forms for fault in faults(part)]
    if not form.is_bound:
        return []
    first = next((bound for bound in form if not bound.is_hidden), None)
    found = [Fault(str(error), _target(first) if first else "main") for error in form.non_field_errors()]
    return found + [fault for bound in form for fault in _faults_of(bound)]


def _faults_of(bound: BoundField) -> list[Fault]:
    if isinstance(bound.field, SheetField) and bound.field.cell_faults:
        # Each at its own cell, by the name of its row.
        said = _("%(field)s: %(error)s")
        found = drawing.targets(bound.field.drawn(bound))
        return [Fault(said % {"field": where, "error": what} if where else what, at) for where, what, at in found]
    return [Fault(_named(bound, str(error)), _target(bound)) for error in bound.errors]


def _named(bound: forms.BoundField, error: str) -> str:
    """Say where, unless the sentence does: a list of “choose one” helps nobody."""
    if not bound.label or bound.is_hidden or str(bound.label) in error:
        return error
    return _("%(field)s: %(error)s") % {"field": bound.label, "error": error}
