"""Reading tables that people wrote: every key is known, every value is of its kind, or a named error says which is not."""

import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import rate
from toadlane.ui import formats

_UNSET: Any = object()
# Short and plain: "1e999999999" is a number too, and would never be read to its end.
NUMBER = re.compile(r"^\d{1,15}(\.\d{1,15}|/\d{1,15})?$")
WORD = re.compile(r"^[a-z][a-z0-9_:.-]{0,79}$")


class BadProcedure(Expected):
    """The bylaws describe this way of deciding in a way that cannot be followed."""

    status = 422


class Written:
    """A table that is read key by key. What nobody asked for by the end is a mistake, and never overlooked.

    :param path: where the table stands, such as `simple.quorum`; every error names it as its `field`
    """

    def __init__(self, path: str, table: object) -> None:
        if not isinstance(table, Mapping):
            raise BadProcedure(_("“%(key)s” is not a table.") % {"key": path}, field=path)
        self.path = path
        self._left = dict(table)

    def has(self, *keys: str) -> bool:
        return any(key in self._left for key in keys)

    def refuse(self, key: str, why: object) -> BadProcedure:
        """Return the error that says what is wrong with a key."""
        path = f"{self.path}.{key}" if key else self.path
        return BadProcedure(f"“{path}”: {why}", field=path)

    def take(self, key: str, default: Any = _UNSET) -> Any:
        if key not in self._left:
            if default is _UNSET:
                raise self.refuse(key, _("it is missing."))
            return default
        return self._left.pop(key)

    def whole(self, key: str, default: Any = _UNSET, *, least: int = 0, most: int = 10**9) -> Any:
        value = self.take(key, default)
        if value is default and default is not _UNSET:
            return value
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.refuse(key, _("a whole number from %(least)s to %(most)s is needed.") % {"least": least, "most": most})
        return value

    def share(self, key: str, default: Any = _UNSET) -> Any:
        """Return an exact share from 0 to 1, written as a string such as "2/3" or "0.10"."""
        value = self.take(key, default)
        if value is default and default is not _UNSET:
            return value
        return self.as_share(key, value)

    def as_share(self, key: str, value: object) -> Fraction:
        found = self.as_fraction(key, value)
        if not 0 <= found <= 1:
            raise self.refuse(key, _("a share lies between 0 and 1."))
        return found

    def as_fraction(self, key: str, value: object) -> Fraction:
        try:
            if isinstance(value, bool) or not isinstance(value, str | int) or not NUMBER.match(str(value)):
                raise ValueError(value)
            return rate(value)
        except (ValueError, ZeroDivisionError) as error:
            raise self.refuse(key, _('an exact number is needed, written as "2/3" or "0.10".')) from error

    def one_of(self, key: str, among: Collection[str], default: Any = _UNSET) -> Any:
        value = self.take(key, default)
        if value is default and default is not _UNSET:
            return value
        if value not in among or not isinstance(value, str):
            raise self.refuse(key, _("it can be: %(choices)s.") % {"choices": formats.listed(among)})
        return value

    def flag(self, key: str, default: Any = _UNSET) -> Any:
        value = self.take(key, default)
        if not isinstance(value, bool):
            raise self.refuse(key, _("it is true or false."))
        return value

    def word(self, key: str, default: Any = _UNSET) -> Any:
        value = self.take(key, default)
        if value is default and default is not _UNSET:
            return value
        return self.as_word(key, value)

    def as_word(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not WORD.match(value):
            raise self.refuse(key, _("a name in small letters is needed."))
        return value

    def words(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list of names; a single name is a list of one."""
        value = self.take(key, None)
        if value is None:
            return default
        listed = value if isinstance(value, list | tuple) else [value]
        found = tuple(self.as_word(key, one) for one in listed)
        if not found or len(set(found)) < len(found):
            raise self.refuse(key, _("a list of different names is needed."))
        return found

    def table(self, key: str) -> "Written":
        return Written(f"{self.path}.{key}", self.take(key))

    def names(self) -> list[str]:
        """Return the keys that are still to be read."""
        return [self.as_word(str(key), key) for key in self._left]

    def done(self) -> None:
        """:raises BadProcedure: when a key is left that nobody knows"""
        if self._left:
            key = min(str(key) for key in self._left)
            raise self.refuse(key, _("nobody knows what this means."))
