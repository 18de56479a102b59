"""The terms of a procedure, read from its table: which of them belong to which kind, and which exclude each other."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies.chambers import WEIGHTED, Chambers
from toadlane.democracy.counting.policies.eligibility import RollRule
from toadlane.democracy.counting.policies.majorities import Majority, Quorum
from toadlane.democracy.counting.policies.methods import METHODS, Method
from toadlane.democracy.counting.policies.params import BadParameter
from toadlane.democracy.counting.policies.reading import Written

KINDS = ("majority", "consent", "lazy", "advice", "selection", "election", "sortition", "never")
COUNTED = ("majority", "election")  # By votes that are added up; the others go by what people say to each other.
SECRECY = ("open", "named", "secret")
RESULTS = ("live", "after_vote", "after_close")
TIES = ("status_quo", "chair", "lot", "runoff")
PROPOSERS = ("members", "class", "office", "circle")
DISCUSSION_DAYS, NOTICE_DAYS = 7, 3  # Where a procedure does not say, and votes are taken for at least as long.
LONGEST_DAYS = 3660
OF_THE_BALLOT = ("option", "options", "costs")  # Settings that name what can be chosen.


def terms(written: Written) -> dict[str, Any]:
    """Return the fields of a `Procedure`, but for its name.

    :raises BadProcedure: at the first key that is missing, unknown, of the wrong kind, or against another
    """
    kind = written.one_of("kind", KINDS)
    found = {"kind": kind, "rank": written.whole("rank", most=9), "names": _names(written)}
    if kind != "never":
        found |= _who_and_when(written)
        found |= _ballot(written) if kind in COUNTED else {"results": "live"}
        found |= READERS[kind](written)
        if found.get("elsewhere"):
            _elsewhere(written, found)
        if found["roll"].is_of_a_meeting:
            _of_a_meeting(written, found)
    written.done()
    return found


def _elsewhere(written: Written, found: Mapping[str, Any]) -> None:
    """Refuse what nobody could count from a result that says what was voted, and not by whom, nor by members of which class."""
    of_class = any(one.of == "class" for one in found["majority"].quorums)
    if found.get("chambers") is not None or of_class:
        raise written.refuse("elsewhere", _("its result does not say how each class voted."))
    if found["plural"] > 1:
        raise written.refuse("elsewhere", _("its result does not say who has how many votes."))


def _of_a_meeting(written: Written, found: Mapping[str, Any]) -> None:
    """Refuse what cannot be held in one meeting, among those who have come to it."""
    if found["kind"] not in COUNTED:
        raise written.refuse("roll", _("in a meeting, only votes that are counted are taken so."))
    if found.get("may_delegate") or found.get("elsewhere"):
        key = "delegation" if found.get("may_delegate") else "elsewhere"
        raise written.refuse(key, _("who is not at the meeting does not vote in it."))
    if "second_call_days" in found or found.get("tie") == "runoff":
        key = "second_call" if "second_call_days" in found else "tie"
        raise written.refuse(key, _("the second call of a meeting is its own, and it ends the same day."))


def _names(written: Written) -> dict[str, str]:
    names = written.take("names", {})
    if not isinstance(names, Mapping) or not all(isinstance(word, str) for word in (*names, *names.values())):
        raise written.refuse("names", _("a name for each language is needed."))
    return dict(names)


def _who_and_when(written: Written) -> dict[str, Any]:
    if written.has("circle"):
        if written.has("roll"):
            raise written.refuse("circle", _("there is a roll already."))
        roll = RollRule(who=f"circle:{written.word('circle')}")
    else:
        roll = RollRule.read(written)
    days = {"most": LONGEST_DAYS}
    voting = written.whole("min_days", 0, **days)
    return {
        "roll": roll, "propose": _proposers(written), "support": _support(written), "min_days": voting,
        "discussion_days": written.whole("discussion_days", min(DISCUSSION_DAYS, voting), **days),
        "notice_days": written.whole("notice_days", min(NOTICE_DAYS, voting), **days),
        "delay_days": written.whole("delay_days", 0, **days), "appeal_days": written.whole("appeal_days", 0, **days),
        "fallback": written.word("fallback", ""),
    }  # fmt: skip


def _proposers(written: Written) -> tuple[str, ...]:
    found = written.words("propose", ("members",))
    for one in found:
        place, _colon, name = one.partition(":")
        if place not in PROPOSERS or bool(name) != (place != "members"):
            raise written.refuse("propose", _("nobody knows who “%(who)s” are.") % {"who": one})
    return found


def _support(written: Written) -> Quorum | None:
    if not written.has("support"):
        return None
    found = Quorum.read(written.table("support"))
    if found.counts != "present" or found.of not in ("eligible", "class"):
        raise written.refuse("support", _("supporters are counted by heads, of the roll or of a class."))
    return found


def _ballot(written: Written) -> dict[str, Any]:
    secrecy = written.one_of("secrecy", SECRECY, "open")
    early = written.flag("early_close", False)
    replaceable = written.flag("replaceable", secrecy != "secret" and not early)
    results = written.one_of("results", RESULTS, "after_close")
    # A vote that nobody can find again cannot be changed, and one that can be changed never settles anything early.
    if secrecy == "secret" and replaceable:
        raise written.refuse("replaceable", _("a secret vote cannot be found again to change it."))
    if early and replaceable:
        raise written.refuse("early_close", _("nothing is settled while votes can be changed."))
    if secrecy == "secret" and results != "after_close":
        raise written.refuse("results", _("a secret ballot is not opened before its close."))
    elsewhere = written.flag("elsewhere", False)
    if elsewhere and secrecy != "secret":
        raise written.refuse("elsewhere", _("only a secret ballot is cast in another system."))
    delegation = written.table("delegation") if written.has("delegation") else None
    cap = None
    if delegation is not None:
        if secrecy == "secret":
            raise written.refuse("delegation", _("open delegation does not reach secret ballots."))
        cap = delegation.whole("cap", None, least=1)
        delegation.done()
    return {
        "secrecy": secrecy, "early_close": early, "replaceable": replaceable, "results": results, "elsewhere": elsewhere,
        "late_quorum_hours": written.whole("late_quorum_hours", 0, most=24 * 60), "delegation_cap": cap,
        "may_delegate": delegation is not None, "proxies": written.whole("proxies", 0, most=1000),
        "plural": written.whole("plural", 1, least=1, most=1000), "mandatory_majority": written.share("mandatory_majority", None),
        "min_electorate": written.whole("min_electorate", 5),
        **_second_call(written),
    }  # fmt: skip


def _second_call(written: Written) -> dict[str, Any]:
    if not written.has("second_call"):
        return {}
    table = written.table("second_call")
    days = table.whole("after_days", 0, most=LONGEST_DAYS)
    rule = Majority.read(table, needed=False)
    if rule.decides or rule.blocks:
        raise table.refuse("", _("a second call changes only how many have to take part."))
    table.done()
    return {"second_call_days": days}


def _majority(written: Written) -> dict[str, Any]:
    chambers = Chambers.read(written.table("chambers")) if written.has("chambers") else None
    rule = Majority.read(written, needed=chambers is None or chambers.mode in WEIGHTED)
    if chambers is not None and chambers.mode in WEIGHTED and (rule.threshold is None or rule.of != "cast"):
        raise written.refuse("of", _("the colleges’ parts are weighed by a share of the votes cast."))
    precedence = written.words("precedence")
    if precedence and (chambers is None or set(precedence) - set(chambers.names)):
        raise written.refuse("precedence", _("these are not its chambers."))
    return {
        "chambers": chambers, "majority": rule, "precedence": precedence, "tie": written.one_of("tie", TIES, "status_quo"),
    }  # fmt: skip


def _consent(written: Written) -> dict[str, Any]:
    # A threshold may stand here and means nothing: with consent, one reasoned objection is enough.
    for ignored in ("threshold", "op", "of"):
        written.take(ignored, None)
    return {"majority": Majority.read(written, needed=False), "rounds": written.whole("rounds", 0, most=100)}


def _lazy(written: Written) -> dict[str, Any]:
    return {
        "hours": written.whole("hours", least=1, most=24 * LONGEST_DAYS),
        "escalations": written.whole("escalations", 2, least=1),
    }


def _advice(written: Written) -> dict[str, Any]:
    return {"answer_days": written.whole("answer_days", 0, most=LONGEST_DAYS)}


def _selection(written: Written) -> dict[str, Any]:
    return {"majority": Majority.read(written, needed=False)}


def _election(written: Written) -> dict[str, Any]:
    rule = Majority.read(written, needed=False)
    if rule.decides or rule.blocks:
        raise written.refuse("threshold", _("the method says who is elected."))
    method = METHODS[written.one_of("method", tuple(METHODS))]
    seats, params = _seats(written), written.table("params") if written.has("params") else Written(written.path, {})
    if seats["seats"] > 1 and not method.several:
        raise written.refuse("seats", _("this method fills one seat."))
    return {
        "majority": rule, "method": method.name, "tie": written.one_of("tie", ("lot", "chair", "runoff"), "lot"), **seats,
        "params": _params(params, method),
    }  # fmt: skip


def _params(table: Written, method: Method) -> dict[str, Any]:
    """Read the settings of a method that do not depend on what is on the ballot; the ballot adds the others."""
    found = {}
    for param in method.params:
        if param.name == "seats" or not table.has(param.name):
            continue
        value = table.take(param.name)
        try:
            if param.type not in OF_THE_BALLOT:
                param.read(value, ())
        except BadParameter as error:
            raise table.refuse(param.name, error.hint) from error
        found[param.name] = value
    table.done()
    return found


def _sortition(written: Written) -> dict[str, Any]:
    return _seats(written)


def _seats(written: Written) -> dict[str, Any]:
    return {"seats": written.whole("seats", 1, least=1, most=1000)}


READERS = {
    "majority": _majority, "consent": _consent, "lazy": _lazy, "advice": _advice, "selection": _selection,
    "election": _election, "sortition": _sortition,
}  # fmt: skip
