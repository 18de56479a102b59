"""Amounts as people type them. Every form reads money here, so that "1.234,50" is the same sum on every page."""

import re
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from toadlane.kernel.currencies import exponent
from toadlane.kernel.money import Money, NotAnAmount
from toadlane.ui import figures, formats

_DIRECTIONS = re.compile(f"[{figures.DIRECTIONS}]")


class TwoReadings(NotAnAmount):
    def __init__(self, text: str, currency: str) -> None:
        example = figures.write(Money(123456, "EUR").amount if exponent(currency) else 1234)
        said = _("“%(text)s” can be read in two ways. Write it with nothing between the thousands, such as %(example)s.")
        super().__init__(said % {"text": text.strip(), "example": example})


def read(text: str, currency: str, language: str | None = None) -> Money:
    """Read an amount in the form of a person's own language, with the sign or the code of its currency beside it or not.

    One point or comma before three digits groups them where the language groups with it: "1.500" is fifteen hundred in Spanish.
    Where it does not, or where the currency has thousandths itself, nobody guesses.

    :raises NotAnAmount: `TwoReadings` where it can be read as one and as a thousand times as much
    """
    bare = _bare(text, currency)
    plain = figures.read(bare, language)
    is_open = figures.could_group(bare)
    if is_open and exponent(currency) > 2 and "." not in plain:
        raise TwoReadings(text, currency)
    try:
        return Money.parse(plain, currency)
    except NotAnAmount as error:
        raise (TwoReadings(text, currency) if is_open else error) from error


def _bare(text: str, currency: str) -> str:
    """Take off the sign or the code of a currency on either side of a number. Within it they stay: "12€50" is no number."""
    begins, ends = _beside(currency, formats.symbol(currency))
    return ends.sub("", begins.sub(r"\1", _DIRECTIONS.sub("", text)))


@lru_cache(maxsize=512)
def _beside(currency: str, symbol: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    said = "|".join(re.escape(one) for one in (currency, _DIRECTIONS.sub("", symbol)) if one)
    return re.compile(rf"^\s*([+\-\u2212]?)\s*(?:{said})"), re.compile(rf"(?:(?:{said})\s*)+$")


def from_file(text: str, currency: str) -> Money:
    """Read an amount from a file, whose language nobody knows: with either sign, where only one reading is possible.

    :raises NotAnAmount: `TwoReadings` where it can be read as one and as a thousand times as much
    """
    if exponent(currency) > 2 and figures.could_group(text) and "," in text:
        raise TwoReadings(text, currency)
    return read(text, currency, figures.NO_GROUPS)


def _example(currency: str) -> str:
    """Return an amount as a reader would type it in a currency, with what parts the smaller unit where it has one."""
    return figures.write(Money(14642, currency).amount if exponent(currency) else 146)


def typed(amount: Money) -> str:
    """Return an amount as its reader would type it."""
    return figures.write(amount.amount)


class AmountField(forms.CharField):
    """One amount. Its cleaned value is `Money`, or nothing where nothing was said.

    :param currency: may be left out where the form is `InCurrency`
    :param least: the least that is taken, in the currency's smallest unit; nothing for every amount, those below zero too
    """

    def __init__(self, *, currency: str = "", least: int | None = 1, too_little: str | Promise = "", **kwargs: Any) -> None:
        self.currency, self.least, self.too_little = currency, least, too_little
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**{"max_length": 30, **kwargs})

    def clean(self, value: Any) -> Money | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = read(text, self.currency)
        except TwoReadings as error:
            raise forms.ValidationError(str(error)) from error
        except NotAnAmount as error:
            raise forms.ValidationError(
                _("Write the amount in digits, such as %(example)s.") % {"example": _example(self.currency)}
            ) from error
        if self.least is not None and amount.minor < self.least:
            said = _("Say an amount above nothing.") if self.least else _("Say nothing or more, and not less.")
            raise forms.ValidationError(str(self.too_little) or said)
        return amount

    def prepare_value(self, value: Any) -> Any:
        return typed(value) if isinstance(value, Money) else value


class InCurrency(forms.Form):
    """A form whose amounts are all in one currency."""

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        for field in self.fields.values():
            if isinstance(field, AmountField):
                field.currency = currency

    def minor(self, name: str) -> int:
        """Return what was said in a field, in the smallest unit; nothing said is nothing."""
        amount: Money | None = self.cleaned_data.get(name)
        return amount.minor if amount else 0
