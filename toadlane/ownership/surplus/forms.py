from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.ownership.surplus.models import Claim


class YearForm(forms.Form):
    """Which year to work out, and the tax on it."""

    name = forms.SlugField(label=_("Name"), max_length=20, help_text=_("Like 2027."))
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    tax_minor = forms.IntegerField(
        label=_("Tax on the result, in the smallest unit"), min_value=0, initial=0, required=False,
        help_text=_("In cents. Your accountant knows it; leave it at 0 where there is none."),
    )  # fmt: skip


class ClaimForm(forms.Form):
    activity = forms.CharField(label=_("What you did"), max_length=200)
    amount = forms.DecimalField(label=_("How much"), min_value=0, max_digits=10, decimal_places=2)
    unit = forms.ChoiceField(label=_("In what"), choices=Claim.Unit.choices, required=False)
    done_on = forms.DateField(label=_("On which day"), widget=forms.DateInput(attrs={"type": "date"}))


class RepaymentForm(forms.Form):
    """How much of the oldest year's part of the capital accounts goes back."""

    name = forms.SlugField(max_length=20, widget=forms.HiddenInput)
    amount_minor = forms.CharField(label=_("How much"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_amount_minor(self) -> int:
        text = self.cleaned_data["amount_minor"].replace(" ", "").replace("\u00a0", "").replace(",", ".")
        try:
            return Money.parse(text, self.currency).minor
        except Expected as error:
            raise forms.ValidationError(_("Write the amount in digits: 146.42.")) from error
