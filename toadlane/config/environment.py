"""Every setting of the operator, in one table: what it is, what it may be, and what to do when it is something else."""

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

PREFIX = "TOADLANE_"
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")
Kind = Literal["text", "flag", "number", "origin", "database", "mail", "address", "hosts", "secret"]


@dataclass(frozen=True)
class Setting:
    """One environment variable, without its prefix.

    :param of: who it is for; the operators' guide lists those of operators
    """

    name: str
    kind: Kind
    meaning: str
    of: Literal["operators", "tests"] = "operators"


# Read as paper: no room may be imported before there are settings.
PROVIDERS = Path(__file__).parents[1] / "money" / "payments" / "services" / "providers"


def of_providers() -> Iterator[Setting]:
    """Yield what payment providers ask of the operator, each in its own folder."""
    for paper in sorted(PROVIDERS.glob("*/provider.toml")):
        for name, said in tomllib.loads(paper.read_text()).get("settings", {}).items():
            yield Setting(name, said["kind"], said["meaning"])


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting("DATA", "text", "The folder of all embedded state: database, photos, search index, keys. `var/` by default."),
        Setting("DATABASE_URL", "database", "A PostgreSQL database. Without it, SQLite in the data folder."),
        Setting(
            "POOLER",
            "flag",
            "A pooler before PostgreSQL changes connections between transactions: statements are then not prepared, and "
            "`random_page_cost`, 1.1 on connections of our own, is the database’s.",
        ),
        Setting("ORIGIN", "origin", "The address people type. Links in letters begin with it."),
        Setting("HOSTS", "hosts", "Further host names this server answers to, with commas between them."),
        Setting("BEHIND_PROXY", "flag", "A proxy in front speaks HTTPS and says so in X-Forwarded-Proto."),
        Setting("SECRET_KEY", "secret", "The server's secret. Without it one is made and kept in the data folder."),
        Setting("NAME", "text", "What the server is called."),
        Setting("SANDBOX", "flag", "No real money, and letters land on a page that anyone can read. For trying out."),
        Setting("DEBUG", "flag", "Show errors with their inside. Never where strangers come."),
        Setting("EMAIL_URL", "mail", "How letters leave: smtp://user:password@host:587 (with STARTTLS), or smtps://host:465."),
        Setting("EMAIL_FROM", "text", "Whom letters come from: Name <address>."),
        Setting("SMS_URL", "address", "Where text messages are posted to."),
        Setting("COUNTRY", "text", "Phone numbers without a country code are read as of this country: IE, MA."),
        Setting("CACHE_URL", "text", "Redis, where several machines count failed sign-ins together: redis://host:6379/0."),
        Setting("TILES", "address", "Map tiles: https://tiles.example/{z}/{x}/{y}.png. Without it maps are drawn plain."),
        Setting("GEOCODER", "address", "A Nominatim-like search for places. Without it places are set by pin or coordinates."),
        Setting(
            "SOURCE_URL",
            "address",
            "Where the code of this server can be had; linked at the foot of every page. Without it the server hands out what it "
            "runs, at /source/. Empty: no link.",
        ),
        Setting(
            "SEARCH",
            "text",
            "Where to search: embedded, postgresql or opensearch://host:9200/prefix. By default, as the database.",
        ),
        *of_providers(),
        Setting("WORKERS", "number", "How many web processes. As many as there are cores by default."),
        Setting(
            "UPLOAD_MB", "number", "Most megabytes of what is sent at once with its files, and of any one file. 30 by default."
        ),
        Setting("TEST_DB", "text", "The name of the database tests make.", of="tests"),
        Setting("GOLDEN", "text", "Another folder of golden vectors to run.", of="tests"),
        Setting("REWRITE", "flag", "Write golden files anew.", of="tests"),
    )
}


class Misset(Exception):
    """A setting that cannot be meant. The server does not start with it."""

    def __init__(self, name: str, problem: str, hint: str) -> None:
        super().__init__(f"{PREFIX}{name} {problem} {hint}")
        self.name, self.problem, self.hint = f"{PREFIX}{name}", problem, hint


def text(name: str, default: str = "") -> str:
    """Return a declared setting as it was written."""
    assert name in SETTINGS, f"declare {name} first"
    return os.environ.get(PREFIX + name, default)


def flag(name: str) -> bool:
    """Return whether a setting is switched on.

    :raises Misset: when it says neither yes nor no
    """
    value = text(name).strip().lower()
    if value not in (*YES, *NO):
        raise Misset(name, f"is “{value}”, which is neither yes nor no.", "Say 1 or 0.")
    return value in YES


def check() -> None:
    """Stop at the first setting that cannot be meant.

    :raises Misset: with what is wrong and what to do
    """
    for fault in faults(os.environ):
        raise fault


def faults(environment: Mapping[str, str]) -> Iterator[Misset]:
    """Yield everything that is wrong with the settings of an environment."""
    for variable, value in environment.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX)
        if name not in SETTINGS:
            # A word of somebody else's is let be; a slip of the pen would pass in silence for the default.
            if meant := difflib.get_close_matches(name, SETTINGS, n=1, cutoff=0.8):
                yield Misset(name, "is no setting.", f"Did you mean {PREFIX}{meant[0]}?")
        elif value.strip():
            yield from _faults_of(SETTINGS[name], value.strip())


def _faults_of(setting: Setting, value: str) -> Iterator[Misset]:
    parts = urlsplit(value)
    match setting.kind:
        case "flag" if value.lower() not in (*YES, *NO):
            yield Misset(setting.name, f"is “{value}”, which is neither yes nor no.", "Say 1 or 0.")
        case "number" if not value.isdecimal() or int(value) < 1:
            yield Misset(setting.name, f"is “{value}”.", "Give a whole number from 1.")
        case "origin" if (
            parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query
        ):
            yield Misset(setting.name, f"is “{value}”.", "Give scheme and host alone, such as https://coops.example.")
        case "database" if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
            hint = "Give postgresql://user:password@host:5432/database, or leave it out for SQLite."
            yield Misset(setting.name, "does not name a PostgreSQL database.", hint)
        case "mail" if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            yield Misset(setting.name, "does not name a mail server.", "Give smtp://user:password@host:587 or smtps://.")
        case "address" if parts.scheme not in ("http", "https") or not parts.hostname:
            yield Misset(setting.name, f"is “{value}”.", "Give a whole address that begins with https://.")
        case "hosts" if "://" in value or "/" in value:
            yield Misset(setting.name, f"is “{value}”.", "Give host names alone, with commas between them.")
        case "secret" if len(value) < 32:
            yield Misset(setting.name, "is too short to be a secret.", "Give 32 signs or more, or leave it out.")
