"""The kinds of decision that this room has itself: words, a choice among several, and a longer pause."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.proposals import services
from toadlane.democracy.proposals.queries import pauses
from toadlane.kernel import digits
from toadlane.kernel.money import Money
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws.rules.decisions import Fault, Field, InForce, Kind, Payload, weakest
from toadlane.society.bylaws.services import LONGEST_HALT
from toadlane.society.coops import queries as coops
from toadlane.ui import formats

LONGEST = 4000


def check_resolution(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    text = payload.get("text")
    if not isinstance(text, str) or not text.strip():
        return [Fault("empty", _("Write what the members would decide."), "text")]
    if len(text) > LONGEST:
        return [Fault("too_long", _("%(most)s characters fit.") % {"most": LONGEST}, "text")]
    return []


def describe_resolution(payload: Payload, language: str) -> list[str]:
    return [str(payload.get("text", ""))]


def resolve(*, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    """Nothing else happens: the words themselves are what was decided."""


def _holding(payload: Payload, at: datetime) -> pauses.Told | None:
    """Return the pause that a payload is about, while it holds and no decision has made it longer."""
    pk = digits.number(str(payload.get("pause", "")))
    row = pauses.find(pk) if pk is not None else None
    found = pauses.told([row], at)[0] if row else None
    return found if found is not None and found.holds and not found.extended_by else None


def check_longer(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    if _holding(payload, at) is None:
        return [Fault("not_halted", _("No such pause holds now, or it was made longer already."), "pause")]
    days = payload.get("days")
    if isinstance(days, bool) or not isinstance(days, int) or not 3 < days <= LONGEST_HALT // 24:
        return [Fault("beyond_maximum", _("More than three days, and 14 at the most, counted from when it began."), "days")]
    return []


def describe_longer(payload: Payload, language: str) -> list[str]:
    found = pauses.find(int(payload["pause"]))
    if found is None:
        return []
    words = _("The guardians’ pause (%(what)s) lasts %(days)s days instead of three: %(reasons)s")
    return [words % {"what": pauses.label(found.action), "days": payload["days"], "reasons": found.reasons}]


def enact_longer(*, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    services.extend_pause(pause=int(payload["pause"]), days=int(payload["days"]), decision=decision, by=by, at=at)


LONGER = Kind(
    name="longer_pause", label=gettext_lazy("Make a guardians’ pause longer"),
    about=gettext_lazy("Up to 14 days in all. It is voted on at once, for a day, since a pause ends after three."),
    fields=(
        Field(name="pause", label=gettext_lazy("Which pause"), type="choice", options=pauses.to_choose),
        Field(name="days", label=gettext_lazy("How many days in all"), type="int"),
    ),
    procedure=lambda payload, book: weakest(book, 2), check=check_longer, describe=describe_longer, enact=enact_longer,
    urgent=True,
)  # fmt: skip

RESOLUTION = Kind(
    name="resolution", label=gettext_lazy("A resolution"),
    about=gettext_lazy("Anything else, in your own words. The software does nothing by itself; people do."),
    fields=(Field(name="text", label=gettext_lazy("What the members decide"), type="long"),),
    procedure=lambda payload, book: weakest(book, 2), check=check_resolution, describe=describe_resolution, enact=resolve,
)  # fmt: skip


# ------------------------------------------------------------------------------------------------------ among several

WAYS = ("approval", "irv", "schulze", "ranked-pairs", "stv", "score", "dot", "quadratic", "knapsack", "equal-shares")
LONGEST_NAME, MOST_TO_CHOOSE = 120, 100


def ways() -> list[tuple[str, Any]]:
    return [(name, METHODS[name].label) for name in WAYS]


def check_choice(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    """Say what is wrong with a choice: its words, what can be chosen, and the way to count. A budget needs what each costs."""
    found = check_resolution(payload, book, at)
    method = METHODS.get(payload["method"]) if payload.get("method") in WAYS else None
    if method is None:
        return [*found, Fault("method", _("Say how the votes are counted."), "method")]
    rows, spends = payload.get("options"), method.kind == "budget"
    if wrong := _wrong_with_options(rows):
        return [*found, Fault("options", wrong, "options")]
    return [*found, *(_wrong_with_budget(payload) if spends else _wrong_with_seats(payload, method.several))]


def _wrong_with_options(rows: Any) -> str:
    if not isinstance(rows, list) or not 2 <= len(rows) <= MOST_TO_CHOOSE or not all(isinstance(row, Mapping) for row in rows):
        return _("Write from 2 to %(most)d of them, one a line.") % {"most": MOST_TO_CHOOSE}
    if [row.get("id") for row in rows] != [str(n) for n in range(1, len(rows) + 1)]:
        return _("They are numbered 1, 2, 3 and so on.")
    names = [row.get("name") for row in rows]
    if not all(isinstance(name, str) and 0 < len(name.strip()) <= LONGEST_NAME for name in names):
        return _("Each needs a name, of %(most)d letters at most.") % {"most": LONGEST_NAME}
    if len({name.strip().casefold() for name in names}) < len(rows):
        return _("Two of them bear the same name.")
    return ""


def _wrong_with_budget(payload: Payload) -> list[Fault]:
    found = []
    if not _is_whole(payload.get("budget"), 1, 10**15):
        found.append(Fault("budget", _("Say what there is to spend."), "budget"))
    elif dear := [row["name"] for row in payload["options"] if not _is_whole(row.get("cost"), 1, payload["budget"])]:
        words = _("Behind a colon stands what each costs, and none costs more than there is to spend: %(names)s.")
        found.append(Fault("options", words % {"names": formats.listed(dear)}, "options"))
    if payload.get("seats") is not None:
        found.append(Fault("seats", _("With a budget the money says how many are chosen: leave this empty."), "seats"))
    return found


def _wrong_with_seats(payload: Payload, several: bool) -> list[Fault]:
    found, most = [], len(payload["options"]) - 1 if several else 1
    if payload.get("budget") is not None or any("cost" in row for row in payload["options"]):
        words = _("Only “Equal shares” and “Most votes first” share out a budget: choose one of them, or leave this empty.")
        found.append(Fault("budget", words, "budget"))
    if not _is_whole(payload.get("seats", 1), 1, most):
        words = _("Choose fewer than there are: from 1 to %(most)d.") if several else _("This way of counting chooses one.")
        found.append(Fault("seats", words % {"most": most} if several else words, "seats"))
    return found


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def describe_choice(payload: Payload, language: str) -> list[str]:
    method, rows = METHODS[payload["method"]], payload["options"]
    with translation.override(language):
        told = [str(payload["text"])]
        if "budget" in payload:
            currency = coops.of_scope(current_coop_id()).currency
            told.append(_("There is %(budget)s to spend.") % {"budget": formats.money(Money(payload["budget"], currency))})
            told += [f"{row['id']}. {row['name']}: {formats.money(Money(row['cost'], currency))}" for row in rows]
        else:
            seats = payload.get("seats", 1)
            told.append(ngettext("%(n)s of these is chosen:", "%(n)s of these are chosen:", seats) % {"n": seats})
            told += [f"{row['id']}. {row['name']}" for row in rows]
        told.append(f"{method.label}: {method.about}")
        return told


CHOICE = Kind(
    name="choose", label=gettext_lazy("Choose among several"),
    about=gettext_lazy("Names, days, plans, or projects that share a budget. The software does nothing by itself; people do."),
    fields=(
        Field(name="text", label=gettext_lazy("What is chosen, and what follows from it"), type="long"),
        Field(name="options", label=gettext_lazy("What can be chosen"), type="options",
              help=gettext_lazy("One a line. With a budget, what each costs stands behind a colon: “New oven: 1200”.")),
        Field(name="method", label=gettext_lazy("How the votes are counted"), type="choice", options=ways),
        Field(name="seats", label=gettext_lazy("How many are chosen"), type="int", required=False,
              help=gettext_lazy("One, where nothing is said. Not for a budget.")),
        Field(name="budget", label=gettext_lazy("What there is to spend"), type="money", required=False,
              help=gettext_lazy("For “Equal shares” and “Most votes first” alone.")),
    ),
    procedure=lambda payload, book: weakest(book, 2), check=check_choice, describe=describe_choice, enact=resolve,
)  # fmt: skip
