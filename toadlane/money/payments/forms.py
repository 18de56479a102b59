import re
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.money.payments.services import Card
from toadlane.ui import formats
from toadlane.ui.amounts import AmountField


class CardForm(forms.Form):
    """A card as it is typed. Nothing of it is kept."""

    number = forms.CharField(
        label=_("Card number"), max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "cc-number", "class": "num", "dir": "ltr"}),
    )  # fmt: skip
    expiry = forms.CharField(
        label=_("Good until"), max_length=7, help_text=_("Month and year, as on the card: 04/29."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "cc-exp", "class": "num", "dir": "ltr"}),
    )  # fmt: skip
    cvc = forms.CharField(
        label=_("Security code"), max_length=4, help_text=_("Three or four digits, on the back."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "cc-csc", "class": "num", "dir": "ltr"}),
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_number(self) -> str:
        number = "".join(self.cleaned_data["number"].split()).replace("-", "")
        if not re.fullmatch(r"[0-9]{12,19}", number):
            raise forms.ValidationError(_("A card number has 12 to 19 digits. Type it as it stands on the card."))
        return number

    def clean_expiry(self) -> str:
        match = re.fullmatch(r"\s*(0?[1-9]|1[0-2])\s*/\s*(?:20)?([0-9]{2})\s*", self.cleaned_data["expiry"])
        if not match:
            raise forms.ValidationError(_("Write month and year with a slash between: 04/29."))
        if (2000 + int(match[2]), int(match[1])) < (self.today.year, self.today.month):
            raise forms.ValidationError(_("This card is no longer good. Use another one."))
        return f"{int(match[1]):02}/{match[2]}"

    def clean_cvc(self) -> str:
        if not re.fullmatch(r"[0-9]{3,4}", self.cleaned_data["cvc"]):
            raise forms.ValidationError(_("The security code has three or four digits."))
        return str(self.cleaned_data["cvc"])

    def card(self) -> Card:
        given = self.cleaned_data
        return Card(given["number"], given["expiry"], given["cvc"])


class CarryForm(forms.Form):
    """Money that is to be sent on from a company to the co-op's bank."""

    place = forms.ChoiceField(label=_("From where"))
    amount = AmountField(label=_("How much"))

    def __init__(self, *args: Any, places: Sequence[tuple[str, str, Money]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(value, f"{title}: {formats.money(free)}") for value, title, free in places]
        cast(forms.ChoiceField, self.fields["place"]).choices = choices
        # The place says in which currency: one of those on offer, or else the choice itself is refused.
        currencies = {value: free.currency for value, _title, free in places}
        if currencies:
            said = currencies.get(self.data.get("place", ""), next(iter(currencies.values())))
            cast(AmountField, self.fields["amount"]).currency = said
        else:
            del self.fields["amount"]

    def provider(self) -> str:
        return str(self.cleaned_data["place"]).rpartition(":")[0]

    def money(self) -> Money:
        return cast(Money, self.cleaned_data["amount"])


class LeaveForm(forms.Form):
    """Credit that a member leaves to the co-op. The nonce is the intent: sent twice, it is given once."""

    nonce = forms.UUIDField(widget=forms.HiddenInput)
    amount = AmountField(label=_("How much"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(AmountField, self.fields["amount"]).currency = currency


class ClosingForm(forms.Form):
    """Whose account of credit is brought to nothing, and why."""

    member = forms.TypedChoiceField(label=_("Whose account"), coerce=int)
    reason = forms.CharField(label=_("Why, or which decision says so"), max_length=300)

    def __init__(self, *args: Any, members: Sequence[tuple[int, str, Money]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(pk, f"{name}: {formats.money(amount)}") for pk, name, amount in members]
        cast(forms.ChoiceField, self.fields["member"]).choices = choices
