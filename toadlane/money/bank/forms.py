from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.currencies import exponent
from toadlane.money.bank.models import Wish


class DetailsForm(forms.Form):
    name = forms.CharField(label=_("Name of the account’s owner"), max_length=70, help_text=_("As the bank knows it."))
    iban = forms.CharField(label=_("Account number (IBAN)"), max_length=42)


class StatementForm(forms.Form):
    file = forms.FileField(label=_("Statement"), help_text=_("As your bank gives it out: camt.053, an XML file."))


class BatchForm(forms.Form):
    pays_on = forms.DateField(label=_("Pay on"), widget=forms.DateInput(attrs={"type": "date"}))


class CreditorForm(forms.Form):
    identifier = forms.CharField(
        label=_("Creditor identifier"), max_length=50, help_text=_("Your bank or central bank gave it to you; debits name it.")
    )


class CollectionForm(forms.Form):
    collects_on = forms.DateField(label=_("Collect on"), widget=forms.DateInput(attrs={"type": "date"}))


class WishForm(forms.Form):
    """How often a member wants to be paid, and from which amount on."""

    every = forms.ChoiceField(label=_("How often"), choices=Wish.Every.choices, widget=forms.RadioSelect)
    least_minor = forms.DecimalField(
        label=_("Only once it comes to"), min_value=0, max_digits=12, required=False,
        help_text=_("Leave it empty where every amount is welcome."),
    )  # fmt: skip

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = exponent(currency)
        self.fields["least_minor"].decimal_places = self.places  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        least = self.cleaned_data["least_minor"]
        return {"every": self.cleaned_data["every"], "least_minor": int((least or 0) * 10**self.places)}
