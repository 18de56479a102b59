"""What follows from what happens elsewhere; and the one kind of decision that this room has itself."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toadlane.democracy.proposals import queries, services
from toadlane.democracy.proposals.events import (
    DecisionSuspended,
    EnactmentFailed,
    ProposalDecided,
    ProposalOpened,
    VoteAnnounced,
)
from toadlane.democracy.proposals.queries import pauses
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws.events import BylawsChanged
from toadlane.society.bylaws.rules.decisions import Fault, Field, InForce, Kind, Payload, weakest
from toadlane.society.bylaws.services import LONGEST_HALT

LONGEST = 4000


def look_again(event: BylawsChanged, *, by: Principal, at: datetime) -> None:
    """The rules have moved: what was written on the old ones may not fit any more."""
    services.look_again(by=by, at=at)


def tell_of_talk(event: ProposalOpened, *, by: Principal, at: datetime) -> None:
    """Told by jobs, so that whoever's name was the last one needed does not wait for 85,000 desks."""
    if proposal := queries.find(event.number):
        services.tell_of_talk(proposal=proposal, by=by, at=at)


def tell_of_vote(event: VoteAnnounced, *, by: Principal, at: datetime) -> None:
    if proposal := queries.find(event.number):
        services.tell_of_vote(proposal=proposal, by=by, at=at)


def tell_of_decision(event: ProposalDecided, *, by: Principal, at: datetime) -> None:
    if decision := queries.named(event.decision):
        services.tell_of_decision(decision=decision, by=by, at=at)


def tell_of_failure(event: EnactmentFailed, *, by: Principal, at: datetime) -> None:
    if decision := queries.named(event.decision):
        services.tell_of_failure(decision=decision, by=by, at=at)


def tell_of_suspension(event: DecisionSuspended, *, by: Principal, at: datetime) -> None:
    if decision := queries.named(event.decision):
        services.tell_of_suspension(decision=decision, by=by, at=at)


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
    pk = str(payload.get("pause", ""))
    row = pauses.find(int(pk)) if pk.isascii() and pk.isdecimal() and len(pk) < 10 else None
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
