"""What is asked when something is brought forward, and when it is talked about."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from toadlane.society.bylaws.rules.decisions import Field, Kind
from toadlane.society.bylaws.rules.values import BARE, NotAValue, read, typed
from toadlane.ui.sheets import Context, Rows, SheetField

LONG = forms.Textarea(attrs={"rows": 6})


class ValueForm(forms.Form):
    """What a rule shall say: a number, one of some words, yes or no, or a whole list.

    :param sheet: of a list, what it is made of, with the value it begins with
    """

    value = forms.CharField(label=_("From then on"))

    def __init__(
        self, *args: Any, rule: Mapping[str, Any], options: Sequence[tuple[str, Any]] = (), sheet: SheetField | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.rule, self.kind = rule, rule["type"]
        if self.kind in ("flag", "enum"):
            choices = [("yes", _("Yes")), ("no", _("No"))] if self.kind == "flag" else list(options)
            self.fields["value"] = forms.ChoiceField(label=_("From then on"), choices=choices, widget=forms.RadioSelect)
        elif self.kind == "text":
            self.fields["value"].widget = forms.Textarea(attrs={"rows": 4})
        elif sheet is not None:
            self.fields["value"] = sheet

    @classmethod
    def initial_of(cls, rule: Mapping[str, Any], value: Any) -> Any:
        if rule["type"] == "flag":
            return "yes" if value else "no"
        return typed(rule["type"], value, str(rule.get("unit") or "EUR")) if rule["type"] in BARE else value

    def clean_value(self) -> Any:
        value = self.cleaned_data["value"]
        if self.kind == "flag":
            return value == "yes"
        if self.kind in BARE:
            try:
                return read(self.kind, value, str(self.rule.get("unit") or "EUR"))
            except NotAValue as error:
                raise forms.ValidationError(str(error)) from error
        return value


class WordsForm(forms.Form):
    """New words for a rule whose old ones say a number."""

    text = forms.CharField(label=_("How it shall read"), widget=forms.Textarea(attrs={"rows": 4}))


class DayForm(forms.Form):
    effective = forms.DateField(
        label=_("Not before"), required=False, help_text=_("Leave it empty for the earliest day there is.")
    )


class GuardForm(forms.Form):
    procedure = forms.ChoiceField(label=_("Who may change it later?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, guards: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["procedure"].choices = guards  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    title = forms.CharField(
        label=_("In one line"), max_length=160, help_text=_("What would happen: “Raise the fee from 5 % to 6 %”.")
    )
    summary = forms.CharField(label=_("What for"), max_length=400, required=False, help_text=_("One sentence, under the title."))
    text = forms.CharField(
        label=_("Your reasons"), required=False, max_length=20_000, widget=LONG,
        help_text=_("Markdown, if you know it. Plain words do."),
    )  # fmt: skip


class ReviewForm(forms.Form):
    """How it is brought forward: the way of deciding, and whether as a petition."""

    procedure = forms.ChoiceField(label=_("How it is decided"), widget=forms.RadioSelect)
    is_petition = forms.BooleanField(
        label=_("As a petition: signatures alone open it, and its words are fixed"), required=False,
    )  # fmt: skip

    def __init__(
        self, *args: Any, procedures: Sequence[tuple[str, Any]], asks: bool = True, must_petition: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["procedure"].choices = procedures  # type: ignore[attr-defined]
        # Whoever writes on a proposal that is there already does not choose how it is decided.
        if len(procedures) < 2 or not asks:
            self.fields["procedure"].widget = forms.HiddenInput()
        if must_petition:
            self.fields["is_petition"] = forms.BooleanField(widget=forms.HiddenInput(), initial=True)


class KindForm(forms.Form):
    """The questions that a kind of decision asks."""

    def __init__(
        self, *args: Any, kind: Kind, currency: str, people: Sequence[tuple[str, Any]] = (), context: Context | None = None,
        payload: Mapping[str, Any] | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        """:param context: what lists are filled in with; :param payload: what was answered before"""
        super().__init__(*args, **kwargs)
        self.kind, self.currency, payload = kind, currency, payload or {}
        for one in kind.fields:
            if one.sheet is not None:
                # What is read from the sheet is all that there is: its own help is written for programs.
                nothing: Any = [] if isinstance(one.sheet, Rows) and not one.sheet.is_pairs else {}
                there, before = context or Context(currency=currency), payload.get(one.name, nothing)
                self.fields[one.name] = SheetField(sheet=one.sheet, context=there, before=before, label=one.label)
                continue
            self.fields[one.name] = _field(one, people)
            if one.name in payload:
                self.initial[one.name] = _typed(one, payload[one.name], currency)

    def payload(self) -> dict[str, Any]:
        """Return the answers as they are stored."""
        found = {}
        for one in self.kind.fields:
            value = self.cleaned_data.get(one.name)
            if one.sheet is not None:
                found[one.name] = value
                continue
            if value in (None, "") and not one.required:
                continue
            found[one.name] = _stored(one, value)
        return found

    def clean(self) -> dict[str, Any]:
        for one in self.kind.fields:
            if one.type == "money" and self.cleaned_data.get(one.name):
                try:
                    self.cleaned_data[one.name] = read("money", self.cleaned_data[one.name], self.currency)
                except NotAValue as error:
                    self.add_error(one.name, str(error))
        for one in self.kind.fields:
            if one.type == "options" and one.name in self.cleaned_data:
                self.cleaned_data[one.name] = self._options(one.name)
        return self.cleaned_data

    def _options(self, name: str) -> list[dict[str, Any]]:
        """Read what can be chosen, one a line; where there is a budget, with what each costs behind a colon."""
        found: list[dict[str, Any]] = []
        for line in filter(None, map(str.strip, self.cleaned_data[name].splitlines())):
            what, colon, cost = line.rpartition(":")
            row: dict[str, Any] = {"id": str(len(found) + 1), "name": line}
            if self.cleaned_data.get("budget") and colon:
                try:
                    row |= {"name": what.strip(), "cost": read("money", cost, self.currency)}
                except NotAValue:
                    self.add_error(name, now_("This is not an amount: “%(line)s”.") % {"line": line[:80]})
                    break
            found.append(row)
        return found


def _typed(one: Field, value: Any, currency: str) -> Any:
    """Return an answer that is stored as somebody would type it."""
    if one.type == "money" and isinstance(value, int):
        return typed("money", value, currency)
    if one.type == "options" and isinstance(value, list):
        priced = [f": {typed('money', row['cost'], currency)}" if "cost" in row else "" for row in value]
        return "\n".join(f"{row['name']}{price}" for row, price in zip(value, priced, strict=True))
    return value


def _field(one: Field, people: Sequence[tuple[str, Any]]) -> forms.Field:
    common: dict[str, Any] = {"label": one.label, "help_text": one.help, "required": one.required}
    if one.type in ("member", "person"):
        return forms.ChoiceField(choices=[("", "–"), *people], **common)
    if one.type in ("members", "people"):
        return forms.MultipleChoiceField(choices=people, widget=forms.CheckboxSelectMultiple, **common)
    if one.type == "choice" or one.options:
        return forms.ChoiceField(choices=list(one.options() if one.options else []), widget=forms.RadioSelect, **common)
    simple: dict[str, Any] = {"int": forms.IntegerField, "date": forms.DateField, "json": forms.JSONField}
    if one.type in simple:
        return simple[one.type](**common)
    if one.type == "flag":
        return forms.BooleanField(**{**common, "required": False})
    return forms.CharField(
        widget=forms.Textarea(attrs={"rows": 6}) if one.type in ("long", "options") else forms.TextInput, **common
    )


def _stored(one: Field, value: Any) -> Any:
    if one.type in ("member", "person"):
        return int(value) if value else None
    if one.type in ("members", "people"):
        return [int(pk) for pk in value]
    return value.isoformat() if one.type == "date" and value else value


class SayForm(forms.Form):
    side = forms.ChoiceField(
        label=_("You speak"), widget=forms.RadioSelect, initial="plain",
        choices=[("for", _("For it")), ("against", _("Against it")), ("question", _("To ask")), ("plain", _("To say something"))],
    )  # fmt: skip
    text = forms.CharField(label=_("Your words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class ReplyForm(forms.Form):
    text = forms.CharField(label=_("Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    """One box of words: a summary, a reason, an appeal."""

    text = forms.CharField(label=_("Your reasons"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label


class AmendForm(WhyForm):
    why = forms.CharField(label=_("Why it would be better so"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class PauseForm(forms.Form):
    action = forms.ChoiceField(label=_("What shall wait"), widget=forms.RadioSelect)
    cause = forms.ChoiceField(label=_("Because of"), required=False)
    other_cause = forms.CharField(label=_("or something else"), max_length=80, required=False)
    reasons = forms.CharField(label=_("Your reasons"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, actions: Sequence[tuple[str, Any]], causes: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = actions  # type: ignore[attr-defined]
        self.fields["cause"].choices = [("", "–"), *causes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data.get("cause") and not data.get("other_cause", "").strip():
            self.add_error("cause", now_("Say what it is about."))
        return data
