from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from toadlane.blueprints.demo import policies
from toadlane.society.coops import queries as coops

# What the sandbox's card page does with which number.
CARDS = [
    ("4242 4242 4242 4242", _("goes through")),
    ("4000 0000 0000 0002", _("is declined")),
    ("4000 0025 0000 3155", _("asks for a code first")),
    ("4000 0000 0000 0119", _("goes through, but the answer is lost on the way")),
    ("4000 0000 0000 0077", _("goes through a while later")),
    ("4000 0000 0000 0259", _("goes through, and is charged back")),
]


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
