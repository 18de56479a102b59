from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.money.ledger.policies.chart import CHART
from toadlane.ownership.bookkeeping.models import Draft
from toadlane.ownership.bookkeeping.policies import sides
from toadlane.ui import formats
from toadlane.ui.amounts import AmountField, InCurrency

ROWS = 6


def _name(code: str, owed: Mapping[str, Money]) -> str:
    """Return the name of an account, with what is owed on it where that is to be paid over."""
    name = _t(CHART[code].name)
    return f"{name}: {formats.money(owed[code])}" if code in owed else name


class BillForm(InCurrency):
    """A bill, what was paid at once, a bill that was paid, money that came in, or a tax that was paid over."""

    kind = forms.ChoiceField(
        label=_("What it is"), choices=[one for one in Draft.Kind.choices if one[0] not in ("entry", "credit")],
        widget=forms.RadioSelect, initial="bill",
    )  # fmt: skip
    text = forms.CharField(label=_("From whom and for what"), max_length=200)
    reference = forms.CharField(label=_("Its number"), max_length=80, required=False)
    code = forms.ChoiceField(label=_("What it was for"), required=False)
    amount = AmountField(label=_("Amount before tax"), help_text=_("The whole amount where you get no tax back."))
    tax = AmountField(label=_("VAT on it"), required=False, least=0)
    member = forms.IntegerField(
        label=_("Bought of the member with this number"), required=False, min_value=1, max_value=10**9,
        help_text=_("Where the member agreed that the co-op writes their invoices: this one is written when it is booked."),
    )  # fmt: skip
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, currency: str, owed: Mapping[str, Money], **kwargs: Any) -> None:
        super().__init__(*args, currency=currency, **kwargs)
        named = {_("Costs"): sides.expenses(), _("Income"): sides.incomes(), _("Taxes and contributions"): sides.DUTIES}
        choices = [(label, [(code, _name(code, owed)) for code in codes]) for label, codes in named.items()]
        self.fields["code"].choices = [("", _("Choose one")), *choices]  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        names = ("kind", "text", "reference", "code", "member", "on")
        return {name: given[name] for name in names} | {"net_minor": self.minor("amount"), "tax_minor": self.minor("tax")}


class CreditForm(InCurrency):
    """How much of a bill was credited, before tax: the tax on it follows."""

    text = forms.CharField(label=_("Why it is credited"), max_length=200)
    amount = AmountField(
        label=_("Amount before tax"), help_text=_("The tax on it is worked out, so that all parts add up to the bill.")
    )
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean_amount(self) -> int:
        return self.minor("amount")


class EntryForm(InCurrency):
    """Sides of one's own."""

    text = forms.CharField(label=_("What it is"), max_length=200)
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, currency=currency, **kwargs)
        choices = [("", "–"), *((code, f"{code} {_t(CHART[code].name)}") for code in sides.by_hand())]
        for n in range(ROWS):
            self.fields[f"code{n}"] = forms.ChoiceField(label=_("Account"), choices=choices, required=False)
            for name, label in ((f"in{n}", _("In")), (f"out{n}", _("Out"))):
                self.fields[name] = AmountField(label=label, currency=currency, required=False, least=None)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        given["legs"] = []
        for n in range(ROWS):
            minor = self.minor(f"in{n}") - self.minor(f"out{n}")
            if given.get(f"code{n}") and minor:
                given["legs"].append((given[f"code{n}"], minor))
        return given

    @property
    def rows(self) -> list[list[Any]]:
        return [[self[f"code{n}"], self[f"in{n}"], self[f"out{n}"]] for n in range(ROWS)]


class CloseForm(forms.Form):
    until_on = forms.DateField(label=_("Last day to close"), widget=forms.DateInput(attrs={"type": "date"}))
