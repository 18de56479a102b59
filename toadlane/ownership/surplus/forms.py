from django import forms
from django.utils.translation import gettext_lazy as _


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
    amount = forms.DecimalField(label=_("Hours or points"), min_value=0, max_digits=10, decimal_places=2)
    done_on = forms.DateField(label=_("On which day"), widget=forms.DateInput(attrs={"type": "date"}))
