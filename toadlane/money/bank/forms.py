from django import forms
from django.utils.translation import gettext_lazy as _


class DetailsForm(forms.Form):
    name = forms.CharField(label=_("Name of the account’s owner"), max_length=70, help_text=_("As the bank knows it."))
    iban = forms.CharField(label=_("Account number (IBAN)"), max_length=42)


class StatementForm(forms.Form):
    file = forms.FileField(label=_("Statement"), help_text=_("As your bank gives it out: camt.053, an XML file."))


class BatchForm(forms.Form):
    pays_on = forms.DateField(label=_("Pay on"), widget=forms.DateInput(attrs={"type": "date"}))
