"""What is wrong with what was filled in, in our own words: which field, and what to do.

Every form draws its errors through `Renderer`, the accounts library's as well. A sentence a form has of its own stands;
only the framework's are replaced.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from toadlane.kernel import errors, money, rounding
from toadlane.ui import formats

EMPTY: Final = (
    (forms.FileField, _("“%(field)s” is missing. Choose a file.")),
    (forms.MultipleChoiceField, _("Nothing is chosen under “%(field)s”. Choose at least one.")),
    (forms.ModelMultipleChoiceField, _("Nothing is chosen under “%(field)s”. Choose at least one.")),
    (forms.ChoiceField, _("Nothing is chosen under “%(field)s”. Choose one.")),
    (forms.ModelChoiceField, _("Nothing is chosen under “%(field)s”. Choose one.")),
    (forms.BooleanField, _("Tick “%(field)s” to go on.")),
    (forms.DateField, _("“%(field)s” is empty. Choose a day.")),
    (forms.TimeField, _("“%(field)s” is empty. Choose a time.")),
    (forms.DateTimeField, _("“%(field)s” is empty. Choose a day and a time.")),
    (forms.Field, _("“%(field)s” is empty. Fill it in.")),
)
UNREADABLE: Final = (
    (forms.FloatField, _("“%(field)s” has to be a number, such as 12.50.")),
    (forms.DecimalField, _("“%(field)s” has to be a number, such as 12.50.")),
    (forms.IntegerField, _("“%(field)s” has to be a whole number, such as 12.")),
    (forms.EmailField, _("“%(field)s” is not a whole e-mail address. It looks like ana@example.org.")),
    (forms.URLField, _("“%(field)s” is not a whole web address. It looks like https://example.org.")),
    (forms.DateField, _("“%(field)s” is not a day. Write year, month and day: 2026-11-29.")),
    (forms.TimeField, _("“%(field)s” is not a time. Write hours and minutes: 14:30.")),
    (forms.DateTimeField, _("“%(field)s” is not a day and a time. Write them so: 2026-11-29 14:30.")),
    (forms.DurationField, _("“%(field)s” is not a length of time. Write hours, minutes and seconds: 1:30:00.")),
    (forms.FileField, _("The file for “%(field)s” did not arrive. Choose it again.")),
    (forms.SlugField, _("“%(field)s” can have plain letters, figures, hyphens and underscores. Leave out the rest.")),
    (forms.Field, _("“%(field)s” cannot be read. Look at it again.")),
)
_NOT_ON_OFFER: Final = _("What was chosen under “%(field)s” is not on offer. Choose again from the list.")
_NOT_ALL_OF_IT: Final = _("“%(field)s” is not complete. Fill in every part of it.")
_ANOTHER_FILE: Final = _("The file for “%(field)s” has a name that is too long. Give it a shorter one.")
BY_CODE: Final[dict[str, Any]] = {
    "invalid_choice": _NOT_ON_OFFER,
    "invalid_list": _NOT_ON_OFFER,
    "invalid_pk_value": _NOT_ON_OFFER,
    "incomplete": _NOT_ALL_OF_IT,
    "invalid_date": UNREADABLE[5][1],
    "invalid_time": UNREADABLE[6][1],
    "missing": UNREADABLE[9][1],
    "empty": _("The file for “%(field)s” is empty. Choose another one."),
    "contradiction": _("Either choose a file for “%(field)s” or have it taken away, not both."),
    "invalid_image": _("The file for “%(field)s” is not a picture that can be shown. Choose a JPEG, PNG or WebP."),
    "invalid_extension": _("A file of this kind cannot be used for “%(field)s”. Choose another one."),
    "min_value": _("“%(field)s” is too low. It has to be at least %(limit)s."),
    "max_value": _("“%(field)s” is too high. It can be at most %(limit)s."),
    "step_size": _("“%(field)s” goes in steps of %(limit)s. Choose the nearest one."),
    "min_length": ngettext_lazy(
        "“%(field)s” is too short. It needs at least one sign.", "“%(field)s” is too short. It needs at least %(n)s signs.", "n"
    ),
    "max_length": ngettext_lazy(
        "“%(field)s” is too long. It can have one sign at most.", "“%(field)s” is too long. It can have %(n)s signs at most.", "n"
    ),
    "max_digits": _("“%(field)s” is too large a number. Write a smaller one."),
    "max_whole_digits": _("“%(field)s” is too large a number. Write a smaller one."),
    "max_decimal_places": ngettext_lazy(
        "“%(field)s” can have one figure after the point at most.",
        "“%(field)s” can have %(n)s figures after the point at most.",
        "n",
    ),
    "null_characters_not_allowed": _("There is a sign in “%(field)s” that no text can hold. Type it anew."),
    "overflow": _("“%(field)s” is too long a time. Write a shorter one."),
    "password_too_short": _("“%(field)s” is too short. Take ten characters or more: a short sentence is good."),
    "password_too_common": _("“%(field)s” is one that many people use. Take one of your own: a short sentence is good."),
    "password_too_similar": _("“%(field)s” is too much like your name or address. Take another one."),
    "password_entirely_numeric": _("“%(field)s” cannot be figures alone. Take a short sentence."),
}
_LIMITS: Final = ("limit_value", "max", "min")


def _of_the_framework() -> frozenset[int]:
    """Return which sentences are Django's own. By identity: comparing would translate each of them first."""
    kinds = [kind for kind in (*vars(forms).values(), *vars(validators).values()) if isinstance(kind, type)]
    sentences = [text for kind in kinds for text in vars(kind).get("default_error_messages", {}).values()]
    sentences += [vars(kind)["message"] for kind in kinds if "message" in vars(kind)]
    sentences += validators.DecimalValidator.messages.values()
    sentences += [one.message for one in vars(validators).values() if isinstance(one, validators.RegexValidator)]
    return frozenset(map(id, sentences))


_FRAMEWORK: Final = _of_the_framework()


def sentence(bound: BoundField, error: ValidationError) -> str:
    """Return one error of a field: by its own words if the form has some, else by ours."""
    code, params = error.code or "", error.params or {}
    if not code.startswith("password_") and id(error.message) not in _FRAMEWORK:
        return str(next(iter(error.messages)))
    if code == "max_length" and isinstance(bound.field, forms.FileField):
        words: Any = _ANOTHER_FILE
    elif code in BY_CODE:
        words = BY_CODE[code]
    else:
        table = EMPTY if code == "required" else UNREADABLE
        words = next(text for kind, text in table if isinstance(bound.field, kind))
    limit = next((params[name] for name in _LIMITS if name in params), "")
    limit = limit() if callable(limit) else limit
    # A count chooses between one and many; ngettext wants it by this name.
    return str(words % {"field": bound.label or bound.name, "limit": _figure(limit), "n": limit})


def _figure(limit: object) -> str:
    return formats.number(limit) if isinstance(limit, int | float | Decimal) else str(limit)


class Bound(BoundField):
    """A field of a form that was sent, whose errors are sentences of ours."""

    @property
    def errors(self) -> Any:
        found = super().errors
        return type(found)([sentence(self, error) for error in found.as_data()], renderer=self.form.renderer) if found else found


class Renderer(DjangoTemplates):
    bound_field_class = Bound


# ------------------------------------------------------------------------------------------------------- sent to the API

IN_DOCUMENT: Final[dict[str, Any]] = {
    "missing": _("This is missing. Send it."),
    "extra_forbidden": _("Nothing of this name is known here. Leave it out."),
    "int_type": _("This has to be a whole number."),
    "int_parsing": _("This has to be a whole number."),
    "int_from_float": _("This has to be a whole number."),
    "float_type": _("This has to be a number."),
    "float_parsing": _("This has to be a number."),
    "decimal_type": _("This has to be a number."),
    "decimal_parsing": _("This has to be a number."),
    "bool_type": _("This has to be true or false."),
    "bool_parsing": _("This has to be true or false."),
    "string_type": _("This has to be text."),
    "list_type": _("This has to be a list."),
    "dict_type": _("This has to be an object with names and values."),
    "model_type": _("This has to be an object with names and values."),
    "model_attributes_type": _("This has to be an object with names and values."),
    "date_type": _("This has to be a day, such as 2026-11-29."),
    "date_parsing": _("This has to be a day, such as 2026-11-29."),
    "date_from_datetime_parsing": _("This has to be a day, such as 2026-11-29."),
    "time_type": _("This has to be a time, such as 14:30."),
    "time_parsing": _("This has to be a time, such as 14:30."),
    "datetime_type": _("This has to be an instant, such as 2026-11-29T14:30:00Z."),
    "datetime_parsing": _("This has to be an instant, such as 2026-11-29T14:30:00Z."),
    "datetime_from_date_parsing": _("This has to be an instant, such as 2026-11-29T14:30:00Z."),
    "timezone_aware": _("Say in which time zone this is: 2026-11-29T14:30:00Z."),
    "uuid_parsing": _("This is not an id."),
    "string_pattern_mismatch": _("This is not in the form that is asked for: %(pattern)s"),
    "string_too_short": _("This is too short. It needs %(min_length)s signs at least."),
    "string_too_long": _("This is too long. It can have %(max_length)s signs at most."),
    "too_short": _("These are too few. It takes %(min_length)s at least."),
    "too_long": _("These are too many. It can be %(max_length)s at most."),
    "greater_than": _("This has to be more than %(gt)s."),
    "greater_than_equal": _("This has to be at least %(ge)s."),
    "less_than": _("This has to be less than %(lt)s."),
    "less_than_equal": _("This can be at most %(le)s."),
    "literal_error": _("This is not on offer. Choose one of: %(expected)s"),
    "enum": _("This is not on offer. Choose one of: %(expected)s"),
    "json_invalid": _("This is not JSON."),
}


def in_document(error: Mapping[str, Any]) -> str:
    """Return what is wrong with one part of a document sent to the API, from what Pydantic says about it."""
    kind, about = error["type"], error.get("ctx") or {}
    if kind in ("value_error", "assertion_error") and "error" in about:
        return str(about["error"])
    words = IN_DOCUMENT.get(kind)
    return str(words % about) if words is not None else str(error["msg"])


# ---------------------------------------------------------------------------------------------------------- the kernel's

# The kernel is plain Python and knows one language; here its errors learn those of our readers.
errors.Expected.words = _("This is not possible as things stand. Go back, look at it once more, and try again.")
money.NotAnAmount.words = _("Write the amount in digits, with a point before the smaller unit: 146.42.")
rounding.NoBasis.words = _("There is something to share, and no one whose share is more than nothing.")
rounding.NegativeWeight.words = _("A share cannot be counted by less than nothing.")
rounding.NegativeCap.words = _("Nobody can be given at most less than nothing.")
