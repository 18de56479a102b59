from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# Where a line may end and nothing is seen: the name of an event is longer than a phone is wide.
BREAK = "\u200b"


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
        self.fields["events"].choices = [(name, name.replace(".", f".{BREAK}")) for name in names]  # type: ignore[attr-defined]
