"""A way of deciding as people read it: what it is called, how it goes in a sentence or two, and its terms row by row."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from toadlane.kernel import canonical
from toadlane.kernel.rates import rate
from toadlane.society.bylaws.rules import articles, majority
from toadlane.society.bylaws.rules.articles import Line
from toadlane.ui import formats

KINDS: dict[str, Any] = {
    "majority": lazy("Votes are counted"), "consent": lazy("Nobody objects"), "lazy": lazy("Nobody speaks up in time"),
    "advice": lazy("One person decides, after asking for advice"), "selection": lazy("People are chosen without candidates"),
    "election": lazy("People are elected"), "sortition": lazy("People are drawn by lot"),
}  # fmt: skip
SECRECY: dict[str, Any] = {
    "open": lazy("Members see who voted what"), "named": lazy("Votes stand in the minutes by name"),
    "secret": lazy("Nobody can find out who voted what"),
}  # fmt: skip
TIES: dict[str, Any] = {
    "status_quo": lazy("Everything stays as it is"), "chair": lazy("The chair decides"), "lot": lazy("A lot decides"),
    "runoff": lazy("There is a second vote"),
}  # fmt: skip
PLACES: dict[str, Any] = {
    "members": lazy("All members"), "meeting": lazy("Those who have come to the general meeting"), "board": lazy("The board"),
    "office:board": lazy("The board"), "coordinators": lazy("The coordinators"), "assembly": lazy("All members"),
    "appeals": lazy("The appeals committee"), "guardian": lazy("The guardians"),
}  # fmt: skip
CHAMBERS: dict[str, Any] = {
    "proportional": lazy("Each group has a fixed part, divided as its members voted"),
    "winner_takes_college": lazy("Each group has a fixed part, which goes where most of it went"),
    "double_majority": lazy("Each group has to agree by itself"),
}  # fmt: skip
# In the order in which they are read. What stands in the sentence is not said again.
ROWS: tuple[tuple[str, Any], ...] = (
    ("kind", lazy("How it is decided")), ("roll", lazy("Who decides")), ("circle", lazy("Who decides")),
    ("propose", lazy("Who may propose")), ("support", lazy("Support that opens it")),
    ("discussion_days", lazy("Days to talk")), ("notice_days", lazy("Days of notice")), ("min_days", lazy("Days to vote")),
    ("delay_days", lazy("Days until it takes effect")), ("appeal_days", lazy("Days to appeal")),
    ("secrecy", lazy("How people vote")), ("results", lazy("When results are shown")),
    ("replaceable", lazy("Votes can be changed until the close")),
    ("early_close", lazy("Ends when the rest can change nothing")),
    ("elsewhere", lazy("Secret ballots in a system of their own")), ("late_quorum_hours", lazy("Hours after a late quorum")),
    ("second_call", lazy("Second call")), ("chambers", lazy("Groups")), ("precedence", lazy("Whose vote counts first")),
    ("delegation", lazy("Votes one member may carry for others")), ("proxies", lazy("Proxies one member may hold")),
    ("plural", lazy("Most votes of one member")), ("min_electorate", lazy("A secret ballot hides little below")),
    ("method", lazy("How it is counted")), ("seats", lazy("Seats")), ("params", lazy("Settings of the count")),
    ("rounds", lazy("Rounds")), ("escalations", lazy("Members who take it to a full decision")),
    ("answer_days", lazy("Days to answer")), ("fallback", lazy("If nothing comes of it")),
)  # fmt: skip


def label(name: str, table: Mapping[str, Any], language: str) -> str:
    """Return what people call a way of deciding, in their language where the bylaws say it."""
    known = {
        "coordinators": _("By the coordinators"), "simple": _("An ordinary vote"), "special": _("A vote on important rules"),
        "overwhelming": _("A vote nearly all agree to"),
    }  # fmt: skip
    names = table.get("names", {})
    return str(names.get(language) or known.get(name) or names.get("en") or next(iter(names.values()), name.replace("_", " ")))


def sentence(way: Mapping[str, Any]) -> str:
    """Return how a way goes, as the law lifts it: by how many, of whom, with how many taking part.

    :param way: as `ways.entry` has it
    """
    table = way["value"]
    if not isinstance(table, Mapping):
        return ""
    table = majority.raised({"it": table}, way["law"], rank=majority.RANK)["it"]
    if table["kind"] in articles.TALKING:
        words = {
            "lazy": ngettext(
                "It is decided when nobody objects within %(hours)s hour.",
                "It is decided when nobody objects within %(hours)s hours.",
                int(table.get("hours", 0)),
            ),
            "consent": _("It is decided when nobody objects, with reasons."),
            "advice": _("One person decides, after asking everybody concerned for advice."),
        }
        return words.get(table["kind"], str(KINDS[table["kind"]])) % {"hours": table.get("hours", 0)}
    return articles.guard(table, way["rules"])


def lines(way: Mapping[str, Any], language: str) -> list[Line]:
    """Return the terms of a way row by row, and how strict it is."""
    table = way["value"]
    if not isinstance(table, Mapping):
        return []
    found = [Line(str(name), text) for key, name in ROWS if (text := _told(key, table, way))]
    peers = [
        label(name, one, language)
        for name, one in way["procedures"].items()
        if one.get("rank") == table.get("rank") and one is not table and one != table
    ]
    if peers:
        found.append(Line(_("As strict as"), formats.listed(peers)))
    return found


def _told(key: str, table: Mapping[str, Any], way: Mapping[str, Any]) -> str:
    if key not in table:
        return ""
    value, words = table[key], _WORDS.get(key)
    if words is not None:
        return str(words.get(value, value)) if isinstance(value, str) else canonical.text(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if key in _TOLD:
        return _TOLD[key](value, way)
    return formats.listed(map(str, value)) if isinstance(value, list) else _plain(value)


def _plain(value: Any) -> str:
    return formats.number(value) if isinstance(value, int) else value if isinstance(value, str) else canonical.text(value)


def _whose(value: Any, _way: Mapping[str, Any]) -> str:
    if isinstance(value, str):
        place, _colon, name = value.partition(":")
        return str(PLACES.get(value) or (_("The circle “%(name)s”") % {"name": name} if place == "circle" else value))
    if not isinstance(value, Mapping):
        return canonical.text(value)
    return " ".join([_whose(value.get("who", "members"), _way), *(f"({words})" for words in _but_only(value))])


def _but_only(value: Mapping[str, Any]) -> Iterator[str]:
    if value.get("classes"):
        yield _("only of these classes: %(classes)s") % {"classes": formats.listed(map(str, value["classes"]))}
    if value.get("min_months"):
        yield ngettext("members for %(n)s month", "members for %(n)s months", value["min_months"]) % {"n": value["min_months"]}
    if value.get("arrears_block"):
        yield _("who owe the co-op nothing")


def _support(value: Any, _way: Mapping[str, Any]) -> str:
    if not isinstance(value, Mapping):
        return _plain(value)
    share = value.get("fraction")
    return _part(share) if share is not None else _plain(value.get("number"))


def _part(share: Any) -> str:
    try:
        return formats.percent(rate(share))
    except (ValueError, TypeError, ZeroDivisionError):
        return str(share)


def _groups(value: Any, _way: Mapping[str, Any]) -> str:
    if not isinstance(value, Mapping):
        return canonical.text(value)
    mode = str(CHAMBERS.get(str(value.get("mode")), value.get("mode")))
    weights = value.get("weights")
    parts = [f"{name} {weights[name]}" for name in sorted(weights)] if isinstance(weights, Mapping) else []
    return f"{mode}: {formats.listed(parts)}" if parts else mode


def _carried(value: Any, _way: Mapping[str, Any]) -> str:
    cap = value.get("cap") if isinstance(value, Mapping) else None
    return _("As many as are given") if cap is None else formats.number(cap)


def _fallback(value: Any, way: Mapping[str, Any]) -> str:
    return label(str(value), way["procedures"].get(value, {}), "")


_WORDS: dict[str, Mapping[str, Any]] = {
    "kind": KINDS, "secrecy": SECRECY,
    "results": {"live": lazy("All the time"), "after_vote": lazy("To whoever has voted"), "after_close": lazy("After the close")},
}  # fmt: skip
_TOLD: dict[str, Callable[[Any, Mapping[str, Any]], str]] = {
    "roll": _whose, "support": _support, "chambers": _groups, "delegation": _carried, "fallback": _fallback,
    "circle": lambda value, way: _whose(f"circle:{value}", way),
}  # fmt: skip
