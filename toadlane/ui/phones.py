"""Phone numbers as everybody writes them: +353861234567."""

from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def e164(value: str, country: str = "") -> str:
    """Return a phone number in the form that works from anywhere.

    :param country: where a number without its country code is from; the server's own country otherwise
    :raises ValidationError: when it is none
    """
    try:
        number = phonenumbers.parse(value, country or settings.TOADLANE_COUNTRY)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValidationError(_("Type the number with its country code, like +353 86 123 4567."), code="phone")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


class PhoneField(forms.CharField):
    """:param country: whose numbers may be typed without the country code"""

    def __init__(self, *, country: str = "", **kwargs: Any) -> None:
        self.country = country
        kwargs.setdefault("label", _("Phone number"))
        kwargs.setdefault("help_text", _("With the country code, like +353 86 123 4567."))
        super().__init__(
            max_length=40, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}), **kwargs
        )  # fmt: skip

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        return e164(value, self.country) if value else ""
