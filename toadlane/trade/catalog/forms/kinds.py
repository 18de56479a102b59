"""The board's own kinds of listing, as forms."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toadlane.trade.catalog.policies.kinds import PLACES, PROCESSES, UNITS

PROCESS_LABELS = {
    "booking": gettext_lazy("Booked for a time"),
    "purchase": gettext_lazy("Bought"),
    "inquiry": gettext_lazy("Asked about"),
    "visit": gettext_lazy("A visit by the rate card"),
}
UNIT_LABELS = {
    "hour": gettext_lazy("an hour"),
    "day": gettext_lazy("a day"),
    "night": gettext_lazy("a night"),
    "item": gettext_lazy("a piece"),
    "none": gettext_lazy("no price"),
}
PLACE_LABELS = {
    "required": gettext_lazy("has to be said"),
    "optional": gettext_lazy("may be said"),
    "none": gettext_lazy("not asked"),
}
TYPE_LABELS = {
    "text": gettext_lazy("A line of text"),
    "long": gettext_lazy("A longer text"),
    "int": gettext_lazy("A whole number"),
    "decimal": gettext_lazy("A number"),
    "enum": gettext_lazy("One from a list"),
    "multi_enum": gettext_lazy("Several from a list"),
    "flag": gettext_lazy("Yes or no"),
    "date": gettext_lazy("A day"),
}
PRIVACY_LABELS = {
    "public": gettext_lazy("Everybody"),
    "member": gettext_lazy("Members"),
    "transaction": gettext_lazy("The two sides of an order"),
}


def _names_fields(form: forms.Form, names: dict[str, str], main: str) -> None:
    """Ask for a name in the co-op's language first, and offer the others."""
    codes = [main, *(code for code, _label in settings.LANGUAGES if code != main)]
    known = dict(settings.LANGUAGES)
    for code in codes:
        label = _("Name in %(language)s") % {"language": known.get(code, code)}
        form.fields[f"name_{code}"] = forms.CharField(
            label=label, max_length=80, required=code == main, initial=names.get(code, "")
        )


def _named(form: forms.Form) -> dict[str, str]:
    return {name.removeprefix("name_"): text for name, text in form.cleaned_data.items() if name.startswith("name_") and text}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class KindForm(forms.Form):
    process = forms.ChoiceField(
        label=gettext_lazy("How is it ordered?"),
        choices=[(name, PROCESS_LABELS[name]) for name in PROCESSES[:3]],
        widget=forms.RadioSelect,
        initial="purchase",
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("The price is for"), choices=[(name, UNIT_LABELS[name]) for name in UNITS], initial="item"
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Its place"), choices=[(name, PLACE_LABELS[name]) for name in PLACES], initial="optional"
    )
    variants = forms.CharField(
        label=gettext_lazy("Versions to choose from"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One on each line, such as licenses or sizes. Each has a price of its own. Only for pieces."),
    )
    stock = forms.BooleanField(label=gettext_lazy("Pieces are counted"), required=False)
    deposit = forms.BooleanField(label=gettext_lazy("A deposit may be asked"), required=False)

    def __init__(self, *args: Any, names: dict[str, str], main: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _names_fields(self, names, main)

    def said(self) -> dict[str, Any]:
        own = {name: self.cleaned_data[name] for name in ("process", "unit", "place", "stock", "deposit")}
        return own | {"names": _named(self)}

    def said_names(self) -> dict[str, str]:
        return _named(self)

    @property
    def lines(self) -> list[str]:
        return _lines(self.cleaned_data.get("variants", ""))


class FieldForm(forms.Form):
    type = forms.ChoiceField(label=gettext_lazy("What is the answer?"), choices=list(TYPE_LABELS.items()))
    options = forms.CharField(
        label=gettext_lazy("The list to choose from"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One on each line. Only for lists."),
    )
    privacy = forms.ChoiceField(
        label=gettext_lazy("Who reads it?"), choices=list(PRIVACY_LABELS.items()), widget=forms.RadioSelect, initial="public"
    )
    required = forms.BooleanField(label=gettext_lazy("It has to be answered"), required=False)
    filterable = forms.BooleanField(
        label=gettext_lazy("People may filter by it"), required=False, help_text=gettext_lazy("Lists and yes-or-no only.")
    )

    def __init__(self, *args: Any, names: dict[str, str], main: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _names_fields(self, names, main)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("options", "").strip() and said.get("type") in set(TYPE_LABELS) - {"enum", "multi_enum"}:
            self.add_error("options", _("Only a list is chosen from. Choose one above, or empty these lines."))
        return said

    def said(self) -> dict[str, Any]:
        own = {name: self.cleaned_data[name] for name in ("type", "privacy", "required", "filterable")}
        return own | {"names": _named(self)}

    @property
    def lines(self) -> list[str]:
        return _lines(self.cleaned_data["options"])
