from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toadlane.ownership.shares.policies.classes import ShareClass


def _method(methods: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("How will you pay?"), choices=list(methods), widget=forms.RadioSelect)


class CountForm(forms.Form):
    """How many shares, and how they are paid."""

    shares = forms.IntegerField(label=_("How many"), min_value=1, max_value=1_000_000)

    def __init__(
        self, *args: Any, methods: Sequence[tuple[str, Any]] = (), share_class: ShareClass | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if share_class and share_class.paid_at_once < 1:
            choices = [("1", _("All of it")), (str(share_class.paid_at_once), _("The least, and the rest later"))]
            self.fields["paid_rate"] = forms.ChoiceField(label=_("How much now"), choices=choices, widget=forms.RadioSelect)
        if methods:
            self.fields["method"] = _method(methods)


class MethodForm(forms.Form):
    def __init__(self, *args: Any, methods: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"] = _method(methods)


class PassOnForm(forms.Form):
    shares = forms.IntegerField(label=_("How many"), min_value=1, max_value=1_000_000)
    to = forms.IntegerField(label=_("To whom"), help_text=_("The member’s number in the register."), min_value=1)


class DeathForm(forms.Form):
    number = forms.IntegerField(label=_("Who"), help_text=_("The member’s number in the register."), min_value=1)
    died_on = forms.DateField(label=_("Died on"), widget=forms.DateInput(attrs={"type": "date"}))


class BequestForm(forms.Form):
    """Which shares of an estate pass to whom, and what says so."""

    heir = forms.IntegerField(label=_("To whom"), help_text=_("The member’s number in the register."), min_value=1)
    source = forms.ChoiceField(label=_("Which shares"))
    shares = forms.IntegerField(label=_("How many"), min_value=1, max_value=1_000_000)
    proof = forms.CharField(
        label=_("What says so"), help_text=_("Such as a certificate of inheritance with its number."), max_length=200
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = list(choices)  # type: ignore[attr-defined]
