from collections.abc import Sequence
from typing import Any

from babel import Locale, numbers
from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from toadlane.blueprints.founding import policies
from toadlane.kernel.currencies import exponent
from toadlane.ui.phones import PhoneField
from toadlane.ui.shapes import Option
from toadlane.ui.sheets import SheetField


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name of the co-op"), max_length=200)
    slug = forms.CharField(
        label=_("Short name, for its address"), max_length=60, required=False,
        help_text=_("Small letters, digits and hyphens. Leave it empty and we make one."),
    )  # fmt: skip
    tagline = forms.CharField(
        label=_("What it does, in one line"), max_length=160, required=False, help_text=_("It stands under the name.")
    )
    sandbox = forms.BooleanField(
        label=_("Only try it out: a sandbox, in which no money is real"), required=False,
        help_text=_("Everything works, and time can be moved forward. You can found the real one afterwards."),
    )  # fmt: skip

    def clean_slug(self) -> str:
        return policies.short_name(self.cleaned_data["slug"] or self.cleaned_data.get("name", ""))

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("name") and not self.cleaned_data.get("slug"):
            self.add_error("slug", now_("This name gives no short name. Write one in Latin letters."))
        return self.cleaned_data


# Unions, made-up ones for testing, and what is far from anywhere: the territories of the locale data that nobody trades in.
NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"})


def _countries() -> list[tuple[str, str]]:
    names = Locale.parse((get_language() or "en").split("-")[0]).territories
    known = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES]
    return [("", "–"), *sorted(known, key=lambda one: one[1])]


def _currencies() -> list[tuple[str, str]]:
    names = Locale.parse((get_language() or "en").split("-")[0]).currencies
    return sorted(((code, f"{names.get(code, code)} ({code})") for code in CURRENCIES), key=lambda one: one[1])


CURRENCIES = [
    "EUR", "GBP", "USD", "CAD", "AUD", "NZD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "JPY", "KRW", "INR", "BRL",
    "MXN", "ARS", "CLP", "COP", "ZAR", "KES", "NGN", "GHS", "MAD", "TND", "EGP", "JOD", "BHD", "KWD", "AED", "SAR", "TRY", "ILS",
    "PHP", "IDR", "THB", "VND",
]  # fmt: skip


class PlaceForm(forms.Form):
    place = forms.CharField(label=_("Town"), max_length=120)
    country = forms.ChoiceField(label=_("Country"))
    currency = forms.ChoiceField(label=_("Currency"), required=False, help_text=_("Empty: the country’s own."))
    language = forms.ChoiceField(label=_("Main language"), choices=settings.LANGUAGES)
    latitude = forms.DecimalField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90, max_digits=8, decimal_places=5,
        help_text=_("Only if the town is not found, or you want the pin elsewhere: 53.34980."),
    )  # fmt: skip
    longitude = forms.DecimalField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180, max_digits=8, decimal_places=5
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = _countries()  # type: ignore[attr-defined]
        self.fields["currency"].choices = [("", "–"), *_currencies()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("country") and not data.get("currency"):
            own = numbers.get_territory_currencies(data["country"]) or ["EUR"]
            data["currency"] = own[-1] if own[-1] in CURRENCIES else "EUR"
        if data.get("currency"):
            exponent(data["currency"])
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            self.add_error("longitude", now_("A pin needs both numbers, or neither."))
        return data


class LawForm(forms.Form):
    pack = forms.ChoiceField(label=_("Legal form"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, packs: Sequence[tuple[str, Option]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pack"].choices = packs  # type: ignore[attr-defined]


class RuleForm(forms.Form):
    """One rule: one of the values there are, or one's own; and who may change it later."""

    choice = forms.ChoiceField(label=_("Your answer"), widget=forms.RadioSelect)
    own = forms.CharField(label=_("Your own value"), max_length=30, required=False)
    guard = forms.ChoiceField(label=_("Who may change it later?"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, choices: Sequence[tuple[str, Option]], guards: Sequence[tuple[str, Option]], has_own: bool,
        sheet: SheetField | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        """:param sheet: of a rule that is a list, which is filled in and not chosen"""
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = choices  # type: ignore[attr-defined]
        self.fields["guard"].choices = guards  # type: ignore[attr-defined]
        if not has_own:
            del self.fields["own"]
        if not choices:
            del self.fields["choice"]
        if sheet is not None:
            self.fields["own"] = sheet
            self.order_fields(["own", "guard"])

    def clean(self) -> dict[str, Any]:
        if "choice" not in self.fields:
            return self.cleaned_data
        if self.cleaned_data.get("choice") == "own" and not self.cleaned_data.get("own", "").strip():
            self.add_error("own", now_("Write your own value, or choose one of the others."))
        typed = "own" in self.changed_data and self.cleaned_data.get("own", "").strip()
        if typed and self.cleaned_data.get("choice") not in (None, "own"):
            # What somebody typed is not thrown away without a word.
            self.add_error("choice", now_("You wrote a value of your own. Choose “Another value”, or empty the line below."))
        return self.cleaned_data


class CofounderForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(label=_("E-mail address"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    phone = PhoneField(label=_("or phone number"), required=False)

    def __init__(self, *args: Any, country: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].country = country  # type: ignore[attr-defined]
        self.fields["phone"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        reached = self.cleaned_data.get("email") or self.cleaned_data.get("phone")
        if not reached and not {"email", "phone"} & set(self.errors):
            self.add_error("email", now_("Write an e-mail address or a phone number, so that we can ask them."))
        return self.cleaned_data


class OfficersForm(forms.Form):
    """In which class the founders are members, and who holds which office first."""

    def __init__(
        self, *args: Any, classes: Sequence[tuple[str, str]], people: Sequence[tuple[str, str]],
        offices: Sequence[tuple[str, str]], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        if len(classes) > 1:
            self.fields["founder_class"] = forms.ChoiceField(
                label=_("The founders are members as"), choices=classes, widget=forms.RadioSelect
            )
        for office, label in offices:
            self.fields[office] = forms.MultipleChoiceField(
                label=label, choices=people, widget=forms.CheckboxSelectMultiple, required=office == "board"
            )
