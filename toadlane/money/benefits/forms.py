from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toadlane.money.benefits import queries
from toadlane.money.benefits.models import Draw, Plan, Rhythm, Way
from toadlane.money.benefits.policies import CODES_AT_ONCE, MOST_COUNT
from toadlane.ui.amounts import AmountField
from toadlane.ui.phones import PhoneField
from toadlane.ui.shapes import Option

DEBIT = Plan.Method.DEBIT.value


def name_field() -> forms.CharField:
    return forms.CharField(
        label=pgettext_lazy("of a person", "Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class InviteForm(forms.Form):
    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = PhoneField(country=country)


class ClaimForm(forms.Form):
    """A name and a number: nothing else is asked."""

    name = name_field()

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = PhoneField(country=country)


class GiveForm(forms.Form):
    rhythm = forms.ChoiceField(label=_("How often?"), widget=forms.RadioSelect)
    method = forms.ChoiceField(label=_("How do you pay?"), widget=forms.RadioSelect, required=False)
    name = forms.CharField(
        label=_("Name of the account’s owner"), max_length=70, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    iban = forms.CharField(label=_("Account number (IBAN)"), max_length=42, required=False)

    def __init__(
        self, *args: Any, terms: queries.Terms, methods: Sequence[str], suggested: str, has_mandate: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if has_mandate or DEBIT not in methods:
            del self.fields["name"], self.fields["iban"]
        self.plans = [one for one in ("card", DEBIT) if one in methods]
        self.fields["amount"] = AmountField(
            currency=terms.minimum.currency, label=_("How much?"),
            help_text=_("On top of the price, never out of it. We suggest %(amount)s for each visit.") % {"amount": suggested},
        )  # fmt: skip
        often = [
            (Rhythm.MONTH, Option(str(_("Every month")), self._said(
                _("Your card is charged now, and on this day of every month."),
                _("A card is charged now, and on this day of every month. A direct debit is announced to you each time."),
            ))),
            (Rhythm.VISIT, Option(str(_("After each visit")), self._said(
                _("Your card is charged now, and after each visit."),
                _("A card is charged now, and after each visit. A direct debit is announced to you each time."),
            ))),
        ]  # fmt: skip
        once = [("once", Option(str(_("Once")), ""))]
        self.fields["rhythm"].choices = (often if self.plans else []) + once  # type: ignore[attr-defined]
        names = {
            "card": _("By card"),
            DEBIT: Option(str(_("By direct debit")), str(_("Every month or after each visit, from your account."))),
            "transfer": _("By bank transfer"), "cash": _("In cash"),
        }  # fmt: skip
        self.fields["method"].choices = [(one, names[one]) for one in methods if one in names]  # type: ignore[attr-defined]
        self.order_fields(["amount", "rhythm", "method", "name", "iban"])

    def _said(self, by_card: Any, both: Any) -> str:
        """Return what is said beside a rhythm: of cards alone, of both ways, or nothing where there are debits alone."""
        return str(both if DEBIT in self.plans and "card" in self.plans else by_card if "card" in self.plans else "")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        is_plan = given.get("rhythm") in (Rhythm.MONTH, Rhythm.VISIT)
        if is_plan and given.get("method") not in ("", None, *self.plans):
            by_card = _("A plan is paid by card. To pay otherwise, give once.")
            both = _("A plan is paid by card or by direct debit. To pay otherwise, give once.")
            self.add_error("method", both if DEBIT in self.plans else by_card)
        if given.get("rhythm") == "once" and given.get("method") == DEBIT:
            self.add_error("method", _("What is given once is not debited. Choose another way."))
        return given


class TakeForm(forms.Form):
    what = forms.ChoiceField(label=_("What would you like?"), widget=forms.RadioSelect)
    count = forms.IntegerField(label=_("How many?"), min_value=1, max_value=MOST_COUNT, initial=1)
    note = forms.CharField(label=_("Which day, or which insurance?"), max_length=160, required=False)
    way = forms.ChoiceField(label=_("How do we send it?"), choices=Way.choices, widget=forms.RadioSelect)
    account = forms.CharField(
        label=_("Where to?"), max_length=160, required=False,
        help_text=_("An account number (IBAN), or the address for the card. Not needed for cash."),
    )  # fmt: skip

    def __init__(self, *args: Any, state: queries.State, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = state.units
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (Draw.What.HALF_DAY, Option(str(_("Half a day off")), str(_("%(n)s credits") % {"n": units.half_day}))),
            (Draw.What.DAY, Option(str(_("A day off")), str(_("%(n)s credits") % {"n": units.day}))),
            (Draw.What.INSURANCE, Option(str(_("An insurance premium")), str(_("Say the amount below.")))),
            (Draw.What.CARRY, Option(str(_("To my wallet at another co-op")), str(_("Say the amount, and the reference.")))),
        ]
        self.fields["amount"] = AmountField(
            currency=state.wallet.currency, label=_("Amount"), required=False,
            help_text=_("Only for insurance, and to another co-op."),
        )  # fmt: skip
        self.order_fields(["what", "count", "amount", "note", "way", "account"])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("what") in (Draw.What.HALF_DAY, Draw.What.DAY):
            given["amount"] = None
        elif given.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Say an amount above nothing."))
        return given


class BringForm(forms.Form):
    note = forms.CharField(label=_("From which co-op?"), max_length=120)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = AmountField(currency=currency, label=_("How much?"))
        self.order_fields(["amount", "note"])


class ChangeForm(forms.Form):
    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = AmountField(currency=currency, label=_("Another amount"))


class HelpForm(forms.Form):
    code = forms.CharField(
        label=_("Your code"), max_length=30, help_text=_("Ten signs, as you were given them. It works once."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "num"}),
    )  # fmt: skip
    name = name_field()
    need = forms.CharField(
        label=_("What happened?"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few words. We ask for no papers."),
    )  # fmt: skip
    way = forms.ChoiceField(label=_("How do we send it?"), choices=Way.choices, widget=forms.RadioSelect)
    account = forms.CharField(
        label=_("Where to?"), max_length=160, required=False,
        help_text=_("An account number (IBAN), or the address for the card. Not needed for cash."),
    )  # fmt: skip
    true = forms.BooleanField(label=_("What I say is true, and I need this help."), required=False)

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = PhoneField(country=country)
        self.order_fields(["code", "name", "phone", "need", "way", "account", "true"])


class CodesForm(forms.Form):
    count = forms.IntegerField(label=_("How many codes?"), min_value=1, max_value=CODES_AT_ONCE, initial=10)


class BackForm(forms.Form):
    reason = forms.CharField(label=_("Why?"), max_length=400)
    field_order = ("amount", "reason")

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = AmountField(label=_("How much goes back"), currency=currency)
        self.order_fields(self.field_order)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why?"), max_length=400)


class PledgeForm(forms.Form):
    name = forms.CharField(
        label=_("Who are you?"), max_length=120, help_text=_("Your name, or that of your company, as it is shown.")
    )
    website = forms.URLField(label=_("Website"), max_length=200, required=False, assume_scheme="https")

    def __init__(self, *args: Any, values: Sequence[queries.Value], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for value in values:
            self.fields[f"value_{value.id}"] = forms.CharField(
                label=value.name, max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )

    def actions(self) -> dict[str, str]:
        return {name[6:]: text for name, text in self.cleaned_data.items() if name.startswith("value_")}

    def value_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("value_")]
