from dataclasses import dataclass

from toadlane.blueprints.demo import policies
from toadlane.society.coops import queries as coops


@dataclass(frozen=True)
class Login:
    """Somebody to log in as."""

    coop: str
    name: str
    login: str
    password: str
    about: str


@dataclass(frozen=True)
class Shop:
    slug: str
    name: str
    blueprint: str
    logins: list[Login]


def shops() -> list[Shop]:
    """Return the demo's co-ops that are on this server, with who to log in as."""
    return [
        Shop(data["coop"]["slug"], data["coop"]["name"], data["coop"]["blueprint"], _logins(data))
        for data in policies.coops()
        if coops.at_slug(data["coop"]["slug"])
    ]


def _logins(data: dict[str, list[dict[str, str]]]) -> list[Login]:
    slug = data["coop"]["slug"]  # type: ignore[call-overload]
    with_account = [one | {"about": "Customer"} for one in data["customers"] if one.get("has_account")]
    return [
        Login(slug, one["name"], one.get("email") or one["phone"], policies.PASSWORD, one["about"])
        for one in [*data["people"], *with_account]
    ]
