from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.money.bank.models import Wish
from toadlane.money.bank.policies.statements import MOST_BYTES
from toadlane.ui.amounts import AmountField, InCurrency
from toadlane.ui.uploads import UploadField


class DetailsForm(forms.Form):
    name = forms.CharField(label=_("Name of the account’s owner"), max_length=70, help_text=_("As the bank knows it."))
    iban = forms.CharField(label=_("Account number (IBAN)"), max_length=42)


class StatementForm(forms.Form):
    file = UploadField(
        most_bytes=MOST_BYTES, label=_("Statement"), help_text=_("As your bank gives it out: camt.053, an XML file.")
    )


class BatchForm(forms.Form):
    pays_on = forms.DateField(label=_("Pay on"), widget=forms.DateInput(attrs={"type": "date"}))


class CreditorForm(forms.Form):
    identifier = forms.CharField(
        label=_("Creditor identifier"), max_length=50, help_text=_("Your bank or central bank gave it to you; debits name it.")
    )


class CollectionForm(forms.Form):
    collects_on = forms.DateField(label=_("Collect on"), widget=forms.DateInput(attrs={"type": "date"}))


class WishForm(InCurrency):
    """How often a member wants to be paid, and from which amount on."""

    every = forms.ChoiceField(label=_("How often"), choices=Wish.Every.choices, widget=forms.RadioSelect)
    least_minor = AmountField(
        label=_("Only once it comes to"), required=False, least=0,
        help_text=_("Leave it empty where every amount is welcome."),
    )  # fmt: skip

    def said(self) -> dict[str, Any]:
        return {"every": self.cleaned_data["every"], "least_minor": self.minor("least_minor")}
