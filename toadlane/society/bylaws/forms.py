from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CompareForm(forms.Form):
    """Which two versions of the bylaws to lay side by side. Asked by an address that people pass on, and mistype."""

    def __init__(self, *args: Any, known: Sequence[int], **kwargs: Any) -> None:
        """:param known: the numbers there are, the newest first"""
        super().__init__(*args, **kwargs)
        choices, wrong = [(str(n), str(n)) for n in known], _("There is no version “%(value)s”. Choose one of those there are.")
        for name, label, usual in (("from", _("From version"), str(known[-1])), ("to", _("To version"), str(known[0]))):
            self.fields[name] = forms.TypedChoiceField(
                label=label, choices=choices, coerce=int, required=False, empty_value=usual, initial=usual,
                error_messages={"invalid_choice": wrong},
            )  # fmt: skip
