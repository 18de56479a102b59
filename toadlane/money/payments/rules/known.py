"""The providers that this server knows by their papers: `provider.toml` in the folder of each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "services" / "providers"


@dataclass(frozen=True)
class Asked:
    """A setting that a provider asks of the operator.

    :param begins: what each of its values begins with, if that is known
    """

    name: str
    required: bool
    hint: str
    begins: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """
    :param takes_cards: whether a co-op may choose it to take cards
    :param tells_balance: whether it says how much it holds, so that the books are compared with it
    :param method: the way of paying that it alone is for, other than by card
    """

    name: str
    title: str
    takes_cards: bool
    tells_balance: bool
    method: str = ""
    settings: tuple[Asked, ...] = field(default=())

    def value(self, values: Mapping[str, str], setting: str, slug: str) -> str:
        """Return a setting as it is for one co-op: `value` for all, or `slug=value, slug=value`."""
        whole = values.get(setting, "").strip()
        named = dict(part.strip().split("=", 1) for part in whole.split(",") if "=" in part)
        return named.get(slug, "").strip() if named else whole

    def missing(self, values: Mapping[str, str], slug: str) -> list[Asked]:
        """Return what is not set, or cannot be meant, for one co-op."""
        return [one for one in self.settings if one.required and not self._is_meant(one, self.value(values, one.name, slug))]

    @staticmethod
    def _is_meant(asked: Asked, value: str) -> bool:
        return all(part.startswith(asked.begins) for part in value.split()) if value and asked.begins else bool(value)

    def is_begun(self, values: Mapping[str, str]) -> bool:
        """Whether the operator has set anything of it."""
        return any(values.get(one.name, "").strip() for one in self.settings if one.required)


@cache
def providers() -> dict[str, Known]:
    found = {}
    for paper in sorted(FOLDER.glob("*/provider.toml")):
        said = tomllib.loads(paper.read_text())
        asked = tuple(
            Asked(name, one["required"], one["hint"], tuple(one["begins"])) for name, one in said.get("settings", {}).items()
        )
        found[paper.parent.name] = Known(
            paper.parent.name, said["title"], said["cards"], said.get("balance", False), said.get("method", ""), asked
        )
    return found
