from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.society.bylaws import rules
from toadlane.ui.amounts import AmountField, InCurrency

WAYS = [("transfer", _("By bank transfer")), ("cash", _("In cash"))]


class OfferForm(InCurrency):
    amount = AmountField(label=_("How much"))
    interest = forms.CharField(
        label=_("Interest a year, in per cent"), max_length=12, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("Write 0 for a loan without interest."),
    )  # fmt: skip
    months = forms.IntegerField(label=_("For how many months"), min_value=1, max_value=1200)

    def clean_amount(self) -> int:
        return self.minor("amount")

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
