"""A result as people read it: plain words, bars with a mark where the threshold lies, and the rounds of a count."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from toadlane.democracy.ballots.models import Ballot, Rounds
from toadlane.democracy.ballots.policies import papers, reading
from toadlane.democracy.ballots.policies.asked import judged_by
from toadlane.democracy.ballots.policies.recounting import figures
from toadlane.democracy.ballots.queries.ballots import SECRET_ASKED, is_talked
from toadlane.democracy.counting.policies import explanations, wording
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.counting.policies.procedures import Outcome, judge, settle
from toadlane.democracy.counting.policies.tallies import Roll, Tally, exact
from toadlane.kernel.money import Money
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.society.people import queries as people
from toadlane.ui import formats

__all__ = ["Bar", "bars", "explained", "figures", "lines", "names_of_colleges", "option_labels", "outcome_of", "words_of"]

Result = Mapping[str, Any]
SCALE, LONG = 1000, 12


@dataclass(frozen=True)
class Bar:
    """How many were for something, of a whole, with a mark where it has to be.

    :param value, whole, mark: in units of the bar; `text` the figure as people read it
    """

    label: str
    text: str
    value: int
    whole: int
    mark: int | None = None
    detail: str = ""


def outcome_of(ballot: Ballot) -> Outcome | None:
    """Return how a majority came about, worked out again from the figures that were signed."""
    result = ballot.result or {}
    judged = result.get("judged")
    if judged is None:
        return None
    found = judge(judged_by(ballot), Tally.read(judged["tally"]), Roll.read(judged["roll"]))
    return settle(found, passed=result["outcome"] == "passed") if found.awaits in ("chair", "lot") else found


def lines(ballot: Ballot) -> list[str]:
    """Say a result in plain words, in the language that is active."""
    result = ballot.result or {}
    if result.get("outcome") == "void" and result.get("why") == SECRET_ASKED:
        return [_("Nobody had voted yet when enough asked for a secret vote. It opened again as one.")]
    if result.get("outcome") == "void":
        return [_("Not everybody was told of this vote in time. A vote without its notice is void; nothing of it was opened.")]
    if is_talked(ballot):
        return _talked(result)
    found = wording.explained(outcome, names_of_colleges(ballot)) if (outcome := outcome_of(ballot)) else []
    if result.get("reason"):
        found.append(_("The reasons given: %(reason)s") % {"reason": result["reason"]})
    if result.get("next_round"):
        found.append(_("Another round follows, as was announced."))
    if ballot.method in METHODS:
        log = Rounds.objects.filter(ballot=ballot).values_list("log", flat=True).first()
        told = explained(ballot, log) if log else []
        # A long count has a page of its own.
        found += told if len(told) <= LONG else told[:2]
    return found


def explained(ballot: Ballot, log: Result) -> list[str]:
    """Say in plain words what happened round by round."""
    names = {str(option["id"]): option["label"] for option in ballot.options}
    return explanations.explain(reading.result(log), names=names, money=lambda minor: money(ballot, minor))


def money(ballot: Ballot, minor: int) -> str:
    """Return an amount of a budget as people write it."""
    return formats.money(Money(minor, coops.of_scope(ballot.coop_id).currency))


def _talked(result: Result) -> list[str]:
    talk = result["talk"]
    found = [STATES.get(talk["state"], talk["state"])]
    found += [_("An objection stands: %(text)s") % {"text": text} for text in talk["objections"].values()]
    found += [_("A concern that stays in the record: %(text)s") % {"text": text} for text in talk["concerns"].values()]
    if talk["round"] > 1:
        found.append(ngettext("It took %(n)s round.", "It took %(n)s rounds.", talk["round"]) % {"n": talk["round"]})
    if result.get("next_round"):
        found.append(_("It goes to a vote, as the bylaws have it."))
    return [str(line) for line in found]


class _States(dict[str, str]):
    """What the states of a talked decision are called; looked up in the language that is active."""

    def get(self, key: str, default: Any = None) -> Any:
        return {
            "passed": _("Everybody who spoke consents."),
            "passed_with_concern": _("It passed, and a concern stays in the record."),
            "failed_quorum": _("Too few spoke."), "objection_pending": _("Somebody objects, with reasons."),
            "to_full_decision": _("Enough members asked for a full decision."), "decided": _("The one who decides has decided."),
            "selected": _("Everybody consents to whom they named."), "open": _("The time ended before everybody had spoken."),
        }.get(key, default)  # fmt: skip


STATES = _States()


def bars(ballot: Ballot) -> list[Bar]:
    """Return the bars of a majority: those in favor with the mark of the threshold, and the rest beside them."""
    outcome = outcome_of(ballot)
    if outcome is None or ballot.method in METHODS:
        return []
    weighted = any(part.weight is not None for part in outcome.chambers.values())
    labels = option_labels(ballot)
    mark = None if outcome.threshold is None else _scaled(outcome.threshold)
    needed = "" if outcome.threshold is None else _needed(outcome)
    if weighted:
        share = outcome.share or Fraction(0)
        found = [Bar(labels.get("for", _("Yes")), wording.percent(share), _scaled(share), SCALE, mark, needed)]
        names = names_of_colleges(ballot)
        return found + [
            Bar(
                names.get(name, name),
                _("%(votes)s of %(all)s votes for") % {"votes": exact(part.tally.for_), "all": exact(part.tally.cast)},
                _scaled(part.for_ or Fraction(0)), SCALE, None,
                _("carries %(share)s") % {"share": wording.percent(part.weight or Fraction(0))},
            )
            for name, part in outcome.chambers.items()
        ]  # fmt: skip
    base = Fraction(outcome.base) or Fraction(1)
    favor = Fraction(outcome.tally.for_)
    found = [Bar(labels.get("for", _("Yes")), formats.number(int(favor)), _scaled(favor / base), SCALE, mark, needed)]
    for key, count in (("against", outcome.tally.against), ("abstain", outcome.tally.abstain), ("block", outcome.tally.block)):
        if key in labels:
            whole = max(base, Fraction(outcome.tally.everything))
            found.append(Bar(labels[key], formats.number(int(count)), _scaled(Fraction(count) / whole), SCALE))
    return found


def _needed(outcome: Outcome) -> str:
    text = _("more than %(share)s needed") if outcome.op == "gt" else _("at least %(share)s needed")
    return text % {"share": wording.part(outcome.threshold or Fraction(0))}


def _scaled(share: Fraction) -> int:
    return int(min(share, Fraction(1)) * SCALE)


def option_labels(ballot: Ballot) -> dict[str, str]:
    """Return what the options are called: yes and no in the reader's language, candidates by their names."""
    plain = {"for": _("Yes"), "against": _("No"), "abstain": _("Abstain"), "block": _("Block")}
    is_plain = ballot.method == "majority"
    return {str(one["id"]): plain.get(str(one["id"]), one["label"]) if is_plain else one["label"] for one in ballot.options}


def option_notes(ballot: Ballot) -> dict[str, str]:
    plain = {
        "against": _("Nothing changes"), "abstain": _("Counts for the quorum only"),
        "block": _("A reasoned, paramount objection"),
    }  # fmt: skip
    is_plain = ballot.method == "majority"
    costs = {str(key): money(ballot, cost) for key, cost in ballot.params.get("costs", {}).items()}
    return {
        str(one["id"]): plain.get(str(one["id"]), "") if is_plain else costs.get(str(one["id"])) or one.get("text", "")
        for one in ballot.options
    }  # fmt: skip


def class_names() -> dict[str, str]:
    language = get_language() or "en"
    return {name: one.name(language) for name, one in members.member_classes().items()}


def names_of_colleges(ballot: Ballot) -> dict[str, str]:
    """Return what people call the colleges of a roll: the classes that sit in them."""
    names = class_names()
    found: dict[str, list[str]] = {}
    for group in ballot.frozen["roll"]["groups"]:
        found.setdefault(group["college"], []).append(names.get(group["member_class"], group["member_class"]))
    return {college: formats.listed(dict.fromkeys(classes)) for college, classes in found.items()}


def elected(ballot: Ballot) -> list[str]:
    """Return the names of who or what was chosen: options, or where everybody could be named, people."""
    keys = [str(key) for key in (ballot.result or {}).get("elected") or ()]
    if ballot.method == "selection":
        names = people.names({int(key) for key in keys})
        return [names.get(int(key), key) for key in keys]
    labels = option_labels(ballot)
    return [labels.get(key, key) for key in keys]


def words_of(ballot: Ballot, text: str) -> str:
    """Return a paper as its voter reads it."""
    labels = option_labels(ballot)
    options = [{**option, "label": labels[str(option["id"])]} for option in ballot.options]
    return papers.words(text, options, papers.shape(ballot.method))
