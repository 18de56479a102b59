from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.ui.amounts import AmountField


class ChooseForm(forms.Form):
    def __init__(self, *args: Any, currency: str, pk: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"id_%s_{pk}"  # Who speaks for several has one form for each.
        self.fields["amount"] = AmountField(label=_("What I pay each period"), currency=currency, least=0)


class PayForm(forms.Form):
    """How much, and by which way."""

    def __init__(self, *args: Any, currency: str, methods: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = AmountField(
            label=_("How much"), currency=currency, help_text=_("What is over pays the periods to come.")
        )
        self.fields["method"] = forms.ChoiceField(label=_("How will you pay?"), choices=list(methods), widget=forms.RadioSelect)


class WaiveForm(forms.Form):
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("The member reads it, and whoever looks after the dues.")
    )
    what_is_open = forms.BooleanField(label=_("Also waive what is open now"), required=False)
