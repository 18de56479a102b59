"""What can be set about a method: typed, with defaults, said in the bylaws or on the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import rate
from toadlane.ui import formats


class UnknownParameter(Expected):
    words = lazy("This method of counting has no such setting.")
    status = 422
    field = "params"


class BadParameter(Expected):
    words = lazy("This cannot be set so.")
    status = 422
    field = "params"


@dataclass(frozen=True, kw_only=True)
class Param:
    """One setting. `type`: number, choice, rate, flag, option, options, costs; `nullable`: None is an answer too."""

    name: str
    type: str
    label: Any
    default: Any = None
    nullable: bool = False
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()

    def read(self, value: Any, options: Sequence[str]) -> Any:
        """Return the value as the count uses it.

        :raises BadParameter: when it cannot be meant
        """
        if value is None:
            if self.nullable:
                return None
            raise BadParameter(hint=_("Say %(name)s.") % {"name": self.name})
        if (read := READERS[self.type](self, value, options)) is None:
            raise BadParameter(hint=f"{self.name}: {self.expected()}")
        return read

    def expected(self) -> str:
        """Say what can be set."""
        if self.choices:
            return formats.listed(self.choices)
        if self.least is not None and self.most is not None:
            return _("a whole number from %(least)d to %(most)d") % {"least": self.least, "most": self.most}
        if self.least is not None:
            return _("a whole number, at least %(least)d") % {"least": self.least}
        return str(EXPECTED[self.type])

    def parse(self, text: str) -> Any:
        """Turn what was typed on a command line into what `read` takes."""
        if self.nullable and text.lower() in ("none", "any", ""):
            return None
        if self.type == "number":
            return int(text) if text.lstrip("-").isdecimal() else text
        if self.type == "flag":
            return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(text.lower(), text)
        if self.type == "options":
            return [name.strip() for name in text.split(",") if name.strip()]
        if self.type == "costs":
            pairs = (pair.rpartition(":") for pair in text.split(",") if pair.strip())
            return {name.strip(): int(cost) if cost.strip().isdecimal() else cost for name, _colon, cost in pairs}
        return text


def _number(param: Param, value: Any, _options: Sequence[str]) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    fits = (param.least is None or value >= param.least) and (param.most is None or value <= param.most)
    return value if fits else None


def _choice(param: Param, value: Any, _options: Sequence[str]) -> str | None:
    return value if value in param.choices else None


def _rate(_param: Param, value: Any, _options: Sequence[str]) -> Fraction | None:
    try:
        exact = rate(value)
    except (ValueError, TypeError, Expected):
        return None
    return exact if 0 <= exact <= 1 else None


def _flag(_param: Param, value: Any, _options: Sequence[str]) -> bool | None:
    return value if isinstance(value, bool) else None


def _option(_param: Param, value: Any, options: Sequence[str]) -> str | None:
    return value if value in options else None


def _options(_param: Param, value: Any, options: Sequence[str]) -> list[str] | None:
    return list(value) if isinstance(value, list | tuple) and all(name in options for name in value) else None


def _costs(_param: Param, value: Any, options: Sequence[str]) -> dict[str, int] | None:
    if not isinstance(value, Mapping) or set(value) - set(options):
        return None
    return dict(value) if all(type(cost) is int and cost >= 0 for cost in value.values()) else None


READERS = {
    "number": _number, "choice": _choice, "rate": _rate, "flag": _flag, "option": _option, "options": _options,
    "costs": _costs,
}  # fmt: skip
EXPECTED = {
    "number": "a whole number", "rate": "an exact rate from 0 to 1, such as 0.7 or 2/3", "flag": "yes or no",
    "option": "an option of the ballot", "options": "options of the ballot", "costs": "a whole cost for options of the ballot",
}  # fmt: skip


def settled(params: Sequence[Param], said: Mapping[str, Any], options: Sequence[str]) -> dict[str, Any]:
    """Return every setting, read; defaults where nothing is said.

    :raises UnknownParameter: when something is said that no setting is about
    :raises BadParameter: when a value cannot be meant, or is missing where there is no default
    """
    known = {param.name for param in params}
    if strangers := sorted(set(said) - known):
        hint = _("There is no %(stranger)s; there are: %(known)s.")
        raise UnknownParameter(hint=hint % {"stranger": formats.listed(strangers), "known": formats.listed(sorted(known)) or "-"})
    return {param.name: param.read(said.get(param.name, param.default), options) for param in params}
