"""A sheet as one field of a form."""

from dataclasses import replace
from typing import Any

from django import forms

from toadlane.ui.sheets import drawing, typed
from toadlane.ui.sheets.reading import read
from toadlane.ui.sheets.schema import Context, Sheet

# The name of the buttons that add, take out and move rows: without a script each of them sends the form.
DEED = "arrange"


class SheetWidget(forms.Widget):
    """Takes what was sent back under the names of the cells. Drawn by the component `sheet`, not by Django."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.sheet = sheet

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        # A list that was not sent at all is not an empty one.
        return None if self.value_omitted_from_data(data, files, name) else typed.take(self.sheet, data, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: str) -> str:
        return ""


class SheetField(forms.Field):
    """A list or a price list to fill in.

    :param before: the value as it stands, which is also what is shown first
    """

    def __init__(self, *, sheet: Sheet, context: Context, before: Any, **kwargs: Any) -> None:
        self.sheet, self.context, self.before = sheet, context, before
        self.cell_faults: dict[str, str] = {}
        self.focus = ""
        super().__init__(widget=SheetWidget(sheet), required=False, **kwargs)
        self.initial = typed.write(sheet, before, context)

    def clean(self, value: Any) -> Any:
        if value is None:
            return self.before
        found = read(self.sheet, value, self.before, self._with(value))
        self.cell_faults = found.faults
        if found.faults:
            raise forms.ValidationError(list(dict.fromkeys(found.faults.values())))
        return found.value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(initial != data)

    def drawn(self, bound: forms.BoundField) -> list[drawing.Drawn]:
        value = self.or_as_it_is(bound.value())
        return drawing.draw(
            self.sheet, value, self._with(value), prefix=bound.html_name, faults=self.cell_faults, label=str(bound.label or ""),
            focus=self.focus,
        )  # fmt: skip

    def or_as_it_is(self, value: Any) -> Any:
        return typed.write(self.sheet, self.before, self.context) if value is None else value

    def _with(self, value: Any) -> Context:
        return replace(self.context, typed=value)


def is_arranging(data: Any) -> bool:
    """Say whether a button of a list was pressed: then nothing is checked yet, and nothing kept."""
    return DEED in data


def arrange(form: forms.BaseForm, data: Any) -> None:
    """Show a form again, unchecked, with everything that was typed, after the button of a list was pressed.

    :param form: one that is not bound
    """
    for name, field in form.fields.items():
        html_name = form.add_prefix(name)
        value = field.widget.value_from_datadict(data, None, html_name)
        if isinstance(field, SheetField):
            value, field.focus = typed.arranged(field.sheet, field.or_as_it_is(value), str(data[DEED]))
        form.initial[name] = value
