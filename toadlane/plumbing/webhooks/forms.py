from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SubscriptionForm(forms.Form):
    url = forms.CharField(
        label=_("Address"), max_length=500, help_text=_("Where events are posted to, such as https://example.org/hook."),
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )  # fmt: skip
    note = forms.CharField(label=_("What it is for"), max_length=120, required=False)
    events = forms.MultipleChoiceField(
        label=_("Events"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("Choose none to hear of everything.")
    )

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An event is named after where it happens: `ballots.BallotOpened`.
        grouped = groupby(sorted(names), key=lambda name: name.partition(".")[0])
        self.fields["events"].choices = [(place, [(name, name.partition(".")[2]) for name in of]) for place, of in grouped]  # type: ignore[attr-defined]
