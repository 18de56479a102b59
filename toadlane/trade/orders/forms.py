from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.files.services import MOST_BYTES
from toadlane.trade.orders import services as orders
from toadlane.ui import formats
from toadlane.ui.amounts import AmountField, InCurrency
from toadlane.ui.phones import PhoneField
from toadlane.ui.uploads import UploadField


class ContactForm(forms.Form):
    """Who orders, and how we reach them."""

    full_name = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    company = forms.CharField(
        label=_("Name of the business"), max_length=160, required=False, help_text=_("The invoice is made out to it.")
    )
    vat_number = forms.CharField(
        label=_("Its VAT number"), max_length=20, required=False, help_text=_(
            "Such as IE1234567FA. Sellers in other states of the European Union then charge no VAT: the business owes it."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, country: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].country = country  # type: ignore[attr-defined]

    def clean_vat_number(self) -> str:
        try:
            return orders.vat_number(self.cleaned_data["vat_number"])
        except orders.NotAVatNumber as error:
            raise forms.ValidationError(f"{error} {error.hint}") from error

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("email") and not said.get("phone") and not {"email", "phone"} & set(self.errors):
            self.add_error("email", _("Leave an e-mail address or a phone number, so that we can reach you."))
        return said


class DoorForm(ContactForm):
    """Where to, and how to get in."""

    street = forms.CharField(label=_("Address"), max_length=200)
    area = forms.CharField(
        label=_("Part of town"),
        max_length=80,
        required=False,
        help_text=_("Members see this before they take the job on; the address only after."),
    )
    notes = forms.CharField(
        label=_("The door, the key, the dog"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    field_order = ("street", "area", "notes", "full_name", "email", "phone", "company", "vat_number")


class ExtrasForm(InCurrency):
    """How many of what comes on top of a visit, and a tip. What cannot be read is asked about, and never left out."""

    tip = AmountField(
        label=_("A tip for who comes"), required=False, least=0, too_little=_("A tip is nothing or more."),
        help_text=_("All of it goes to them, outside every fee."),
    )  # fmt: skip

    def __init__(self, *args: Any, addons: Sequence[tuple[str, str, int]], currency: str, **kwargs: Any) -> None:
        """:param addons: (id, name, the most of it) of what there is"""
        super().__init__(*args, currency=currency, **{"auto_id": "%s", **kwargs})
        for name, label, most in addons:
            self.fields[f"addon_{name}"] = forms.IntegerField(label=label, min_value=0, max_value=most, required=False)

    def clean_tip(self) -> int:
        return self.minor("tip")

    def counts(self) -> dict[str, int]:
        """Return how many of each; none of what could not be read."""
        return {name[6:]: self.cleaned_data.get(name) or 0 for name in self.fields if name.startswith("addon_")}


class PayForm(forms.Form):
    """The last look. The nonce is the intent: sent twice, it orders once."""

    nonce = forms.UUIDField(widget=forms.HiddenInput)
    method = forms.ChoiceField(label=_("How would you like to pay?"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, methods: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["method"]
        field.choices = methods  # type: ignore[attr-defined]
        field.initial = methods[0][0] if methods else ""


class BasketForm(PayForm):
    """The same for a basket, with what it came to when the page was made: no more than that is ordered."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)


class SpanForm(forms.Form):
    """From when to when."""

    starts = forms.DateTimeField(label=_("From"))
    ends = forms.DateTimeField(label=_("Until"))


class NightsForm(forms.Form):
    first = forms.DateField(label=_("Arrive"))
    last = forms.DateField(label=_("Leave"))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("first") and said.get("last") and said["last"] <= said["first"]:
            self.add_error("last", _("Leaving comes after arriving."))
        return said


class DaysForm(forms.Form):
    """Whole days, the last one included."""

    first = forms.DateField(label=_("First day"))
    last = forms.DateField(label=_("Last day"))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("first") and said.get("last") and said["last"] < said["first"]:
            self.add_error("last", _("The last day comes after the first."))
        return said


class QuantityForm(forms.Form):
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=999, initial=1)

    def __init__(self, *args: Any, variants: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if variants:
            first = variants[0][0]
            self.fields["variant"] = forms.ChoiceField(
                label=_("Choose"), choices=variants, initial=first, widget=forms.RadioSelect
            )


class MessageForm(forms.Form):
    text = forms.CharField(label=_("Your message"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))


class TalkForm(forms.Form):
    text = forms.CharField(label=_("Your message"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    file = UploadField(
        most_bytes=MOST_BYTES, label=_("A file"), required=False,
        help_text=_("A photo, a PDF or a plain text, ten megabytes at most."),
        widget=forms.FileInput,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not said.get("text", "").strip() and not said.get("file"):
            self.add_error("text", _("Write something first."))
        return said


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("In a word, why"), required=False, max_length=300)


class MoveForm(forms.Form):
    starts_at = forms.DateTimeField(label=_("New day and time"))


class ShiftForm(forms.Form):
    """One visit of several that come again, and when it is to be instead."""

    visit_on = forms.TypedChoiceField(label=_("Which visit"), coerce=date.fromisoformat)
    starts_at = forms.DateTimeField(label=_("New day and time"))

    def __init__(self, given: Any = None, *, days: Sequence[date]) -> None:
        super().__init__(given, auto_id="shift_%s")
        field = self.fields["visit_on"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(day.isoformat(), formats.day(day, "weekday")) for day in days]


class SettleForm(InCurrency):
    refund = AmountField(label=_("How much goes back to the customer"), least=0)
    reason = forms.CharField(label=_("Why"), max_length=300)


class RefundForm(InCurrency):
    nonce = forms.UUIDField(widget=forms.HiddenInput)
    amount = AmountField(label=_("How much goes back"))
    reason = forms.CharField(label=_("In a word, why"), max_length=300)


class WorkerForm(forms.Form):
    worker = forms.ChoiceField(label=_("Who goes"))

    def __init__(self, *args: Any, workers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].choices = workers  # type: ignore[attr-defined]
