from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.society.bylaws import rules

WAYS = [("transfer", _("By bank transfer")), ("cash", _("In cash"))]


class OfferForm(forms.Form):
    amount = forms.CharField(label=_("How much"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    interest = forms.CharField(
        label=_("Interest a year, in per cent"), max_length=12, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("Write 0 for a loan without interest."),
    )  # fmt: skip
    months = forms.IntegerField(label=_("For how many months"), min_value=1, max_value=1200)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_amount(self) -> int:
        text = self.cleaned_data["amount"].replace(" ", "").replace("\u00a0", "").replace(",", ".")
        try:
            return Money.parse(text, self.currency).minor
        except (Expected, ValueError) as error:
            raise forms.ValidationError(_("Write an amount, such as 12 or 12.50.")) from error

    def clean_interest(self) -> Decimal:
        try:
            found = Decimal(rules.values.read("rate", self.cleaned_data["interest"], self.currency))
        except (Expected, ArithmeticError) as error:
            raise forms.ValidationError(_("Write the rate in digits: 3.25.")) from error
        if not 0 <= found <= 1 or -int(found.as_tuple().exponent) > 8:
            raise forms.ValidationError(_("Write the rate in digits: 3.25."))
        return found


class MethodForm(forms.Form):
    method = forms.ChoiceField(label=_("How will you bring it?"), choices=WAYS, widget=forms.RadioSelect, initial="transfer")


class DeclineForm(forms.Form):
    reason = forms.CharField(label=_("Why not"), max_length=300, help_text=_("Whoever offered it reads it."))
