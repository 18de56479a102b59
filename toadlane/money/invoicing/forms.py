from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.money.invoicing.models import Particulars
from toadlane.money.invoicing.policies.xml import LARGEST
from toadlane.ui.uploads import UploadField

NAMES = (
    "name",
    "street",
    "postcode",
    "city",
    "country",
    "vat_number",
    "tax_number",
    "registration",
    "born_on",
    "is_small",
    "excluded_as",
    "agrees",
)


class ParticularsForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=160, help_text=_("As the tax office knows you."))
    street = forms.CharField(label=_("Street and number"), max_length=160)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("Town"), max_length=80)
    country = forms.CharField(label=_("Country"), max_length=2, help_text=_("Two letters, such as IE."))
    vat_number = forms.CharField(label=_("VAT number"), max_length=20, required=False, help_text=_("Such as IE1234567FA."))
    tax_number = forms.CharField(
        label=_("Tax number"), max_length=40, required=False, help_text=_("Needed where there is no VAT number.")
    )
    registration = forms.CharField(label=_("Number in the register of companies"), max_length=60, required=False)
    is_small = forms.BooleanField(
        label=_("A small business that charges no VAT"), required=False, help_text=_("The invoices then say so.")
    )


class MembersForm(ParticularsForm):
    """What a member says, who is a seller too."""

    born_on = forms.DateField(
        label=_("Date of birth"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("For a person: the yearly report on sellers asks for it."),
    )  # fmt: skip
    excluded_as = forms.ChoiceField(
        label=_("For an organisation: is it one of these?"), required=False,
        choices=[("", _("Neither")), *Particulars.Excluded.choices], help_text=_("The yearly report on sellers leaves them out."),
    )  # fmt: skip
    agrees = forms.BooleanField(
        label=_("The co-op issues invoices to customers in my name"), required=False,
        help_text=_("You get each of them here. Without this you write your own."),
    )  # fmt: skip


class FileForm(forms.Form):
    file = UploadField(most_bytes=LARGEST, label=_("Invoice"), help_text=_("An XML file, in UBL or CII, as the seller sent it."))


def initial(known: Particulars | None) -> dict[str, Any]:
    return {name: getattr(known, name) for name in NAMES} if known else {}
