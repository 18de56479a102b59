from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.ownership.surplus.models import Claim
from toadlane.society.bylaws import rules
from toadlane.ui.amounts import AmountField, InCurrency

# Places of a rate after the point, as they are kept.
PLACES = 8


def in_percent(text: str) -> str:
    """Read "3,25" as the part of one that it is, "0.0325".

    :raises ValidationError:
    """
    wrong = forms.ValidationError(_("Write the rate in digits: 3.25."))
    try:
        found = Decimal(rules.values.read("rate", text, ""))
    except (Expected, ArithmeticError) as error:
        raise wrong from error
    if not 0 <= found <= 1 or -int(found.as_tuple().exponent) > PLACES:
        raise wrong
    return f"{found:f}"


class YearForm(InCurrency):
    """Which year to work out, and the tax on it."""

    name = forms.SlugField(label=_("Name"), max_length=20, help_text=_("Like 2027."))
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    tax_minor = AmountField(
        label=_("Tax on the result"), required=False, least=0, too_little=_("A tax is not below nothing."),
        help_text=_("Your accountant knows it. Leave it empty where there is none."),
    )  # fmt: skip

    interest = forms.CharField(
        label=_("Interest on shares, in per cent"), max_length=12, required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("Leave it empty for what the bylaws say. A year may bring less, for instance where the law allows less."),
    )  # fmt: skip

    def clean_interest(self) -> str | None:
        return in_percent(self.cleaned_data["interest"]) if self.cleaned_data["interest"].strip() else None

    def clean_tax_minor(self) -> int:
        return self.minor("tax_minor")


class RateForm(forms.Form):
    """Which rate was published for a year. It stands on one page with other forms, under an id of its own."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="rate_%s")

    year = forms.IntegerField(label=_("For the year"), min_value=1900, max_value=9999)
    rate = forms.CharField(label=_("Rate, in per cent"), max_length=12, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    source = forms.CharField(
        label=_("Where it was published"), max_length=300, help_text=_("Such as an official gazette with its number.")
    )
    published_on = forms.DateField(label=_("On which day"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean_rate(self) -> Decimal:
        return Decimal(in_percent(self.cleaned_data["rate"]))


class ClaimForm(forms.Form):
    activity = forms.CharField(label=_("What you did"), max_length=200)
    amount = forms.DecimalField(label=_("How much"), min_value=0, max_digits=10, decimal_places=2)
    unit = forms.ChoiceField(label=_("In what"), choices=Claim.Unit.choices, required=False)
    done_on = forms.DateField(label=_("On which day"), widget=forms.DateInput(attrs={"type": "date"}))


class CoverForm(InCurrency):
    """How much of a loss the reserve covers. It stands on one page with the amount that goes back, under an id of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, auto_id="cover_%s")

    amount_minor = AmountField(label=_("How much"))

    def clean_amount_minor(self) -> int:
        return self.minor("amount_minor")


class RepaymentForm(InCurrency):
    """How much of the oldest year's part of the capital accounts goes back."""

    name = forms.SlugField(max_length=20, widget=forms.HiddenInput)
    amount_minor = AmountField(label=_("How much"))

    def clean_amount_minor(self) -> int:
        return self.minor("amount_minor")
