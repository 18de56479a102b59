"""A decision that is talked out as its page shows it: where it stands, what was said, and what the reader can do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from toadlane.democracy.ballots.models import Ballot, RollEntry, Said
from toadlane.democracy.ballots.permissions import SPEAK, facilitates
from toadlane.democracy.ballots.queries.ballots import my_entries, takes_votes
from toadlane.democracy.ballots.queries.talks import ACTS, LEADING, Standing, may_be_amended, said_in, stands
from toadlane.plumbing.access.principals import Principal
from toadlane.ui.shapes import Moment

# Beyond this many, people are named by their place.
NAMED = 200


@dataclass(frozen=True)
class Deed:
    act: str
    label: str
    more: str = ""


def talk(ballot: Ballot, by: Principal, *, at: datetime) -> dict[str, Any]:
    said = said_in(ballot)
    standing = stands(ballot, said, at=min(at, ballot.closed_at or at))
    names = _names(ballot)
    deeds = [deed for deed in _deeds(ballot, by, at) if _applies(deed.act, said, standing, my_entries(ballot, by))]

    def name(place: object) -> str:
        return names.get(str(place), str(place))

    return {
        "standing": standing, "state": _state(standing.state), "objections": [(name(one), text) for one,
        text in standing.objections.items()],
        "concerns": [(name(one), text) for one, text in standing.concerns.items()],
        "named": [(name(one), count) for one, count in standing.tally.items()],
        "awaited": [name(one) for one in standing.awaited][:NAMED], "story": [_moment(one, names) for one in said],
        "deeds": deeds,
        "abouts": _abouts(deeds, names), "asks_expert": any(deed.act in ("ask", "answer") for deed in deeds),
    }  # fmt: skip


def _names(ballot: Ballot) -> dict[str, str]:
    rows = RollEntry.objects.filter(ballot=ballot).select_related("person", "membership__person", "membership__organisation")
    return {str(entry.place): str(entry.person or entry.membership) for entry in rows.order_by("place")[:NAMED]} | {
        "an_expert": _("somebody who knows")
    }


def _deeds(ballot: Ballot, by: Principal, at: datetime) -> list[Deed]:
    """Return what this reader can do: whoever is on the roll speaks, whoever leads through it amends, asks and proposes."""
    if not takes_votes(ballot, at) or not by.may(SPEAK, ballot):
        return []
    leads, votes = facilitates(by, ballot), bool(my_entries(ballot, by))
    words = _words()
    return [
        Deed(act, *words[act])
        for act in ACTS[ballot.method]
        if ((act in LEADING and leads) or (act not in LEADING and (votes or (act == "answer"))))
        and (act != "amend" or may_be_amended(ballot))
    ]


def _applies(act: str, said: Sequence[Said], standing: Standing, mine: Sequence[RollEntry]) -> bool:
    """Say whether there is something to take back, to answer or to second."""
    if act == "withdraw":
        return any(one.entry_id in {entry.pk for entry in mine} for one in said)
    if act == "not_paramount":
        return bool(standing.objections)
    return act != "second_not_paramount" or any(one.act == "not_paramount" for one in said)


def _abouts(deeds: list[Deed], names: dict[str, str]) -> list[tuple[str, str]]:
    acts = {deed.act for deed in deeds}
    found = [("for", _("Yes, do it")), ("against", _("No, leave it"))] if "decide" in acts else []
    if acts & {"not_paramount", "second_not_paramount", "nominate", "change", "propose", "ask", "answer"}:
        found += [(place, name) for place, name in names.items() if place != "an_expert"]
    return found


def _words() -> dict[str, tuple[str, str]]:
    return {
        "consent": (_("I consent"), _("Good enough for now, safe enough to try.")),
        "stand_aside": (_("I stand aside"), _("I do not stand in the way, and do not carry it.")),
        "object": (_("I object"), _("Say what would be harmed. It stops until this is answered.")),
        "withdraw": (_("I take back what I said"), ""),
        "not_paramount": (_("An objection is not paramount"), _("Say whose. Somebody else has to say so too.")),
        "second_not_paramount": (_("I say so too"), _("It stays in the record as a concern.")),
        "amend": (_("Amend it"), _("Everybody is asked anew.")),
        "escalate": (_("This deserves a full decision"), ""),
        "ask": (_("Ask for advice"), _("Say whom.")),
        "answer": (_("Give advice"), _("Or write down what an expert said, by name.")),
        "decide": (_("Decide"), _("Yes or no, once everybody was asked.")),
        "nominate": (_("Name somebody"), _("And say why.")),
        "change": (_("Name somebody else"), _("After hearing the others.")),
        "propose": (_("Propose somebody"), _("One of those who were named.")),
        "decline": (_("I decline"), ""),
    }  # fmt: skip


def _state(state: str) -> str:
    return {
        "open": _("Not everybody has spoken."), "objection_pending": _("An objection stands."),
        "passed": _("Everybody consents."),
        "passed_with_concern": _("Everybody consents; a concern stays in the record."),
        "failed_quorum": _("Too few have spoken."),
        "to_full_decision": _("Enough members want a full decision."), "ask_first": _("Not everybody was asked yet."),
        "wait": _("Those who were asked have time to answer."), "may_decide": _("Everybody was heard. It can be decided."),
        "decided": _("Decided."), "nominating": _("Everybody names somebody."),
        "changing": _("Whoever wants to can name somebody else now."),
        "consenting": _("Do all consent to whom was proposed? The one it is about speaks last."), "selected": _("Chosen."),
    }.get(state, state)  # fmt: skip


def _told() -> dict[str, str]:
    """Return what somebody did, as others read it behind their name."""
    return {
        "consent": _("consents"), "stand_aside": _("stands aside"), "object": _("objects"),
        "withdraw": _("takes back what they said"), "not_paramount": _("holds that this objection is not paramount"),
        "second_not_paramount": _("says so too"), "amend": _("amends it"), "escalate": _("wants a full decision"),
        "ask": _("asks for advice"), "answer": _("gives advice"), "decide": _("decides"), "nominate": _("names"),
        "change": _("now names"), "propose": _("proposes"), "decline": _("declines"),
    }  # fmt: skip


def _moment(one: Any, names: dict[str, str]) -> Moment:
    label = _told().get(one.act, one.act)
    about = names.get(one.about, one.about)
    answers = {"for": _("yes"), "against": _("no")}
    text = f"{label}: {answers.get(about, about)}" if about else label
    return Moment(at=one.at, who=one.name, text=text, detail=one.text)
