"""Decisions that are talked out: consent, lazy consensus, advice, elections without candidates. What was said stays."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.models import Ballot, RollEntry, Said
from toadlane.democracy.ballots.permissions import SPEAK, facilitates
from toadlane.democracy.ballots.queries import talks
from toadlane.democracy.ballots.services.errors import NotOpen, NotSo
from toadlane.democracy.counting.policies.consent import UnknownAct
from toadlane.plumbing.access.principals import Principal
from toadlane.society.people import queries as people


@transaction.atomic
def say(*, ballot: Ballot, act: str, by: Principal, at: datetime, text: str = "", about: str = "") -> Said:
    """Take one step in a decision that is talked out: consent, object, amend, ask, answer, name somebody, and so on.

    It is looked at together with all that was said before it; what makes no sense there is refused and not written down.

    :param about: whose objection, who is named or asked: a place on the roll, or the name of an expert
    :raises NotOpen, NotSo: and whatever the way of deciding refuses, such as an objection without a reason
    """
    by.must(SPEAK, ballot)
    ballot = Ballot.objects.select_for_update(no_key=True).select_related("proposal").get(pk=ballot.pk)
    if not queries.takes_votes(ballot, at):
        raise NotOpen
    if act not in talks.ACTS.get(ballot.method, ()):
        raise UnknownAct(_("Nobody can “%(act)s” here.") % {"act": act})
    if act == "amend" and not talks.may_be_amended(ballot):
        raise NotSo(_("What would happen was written down when this opened. Object, and bring it again as you would have it."))
    entry = _speaks_as(ballot, act, by, about)
    said = Said(
        ballot=ballot, number=1 + (Said.objects.filter(ballot=ballot).aggregate(n=Max("number"))["n"] or 0), entry=entry,
        person_id=by.person_id or 0, name=_name(entry, by), act=act, about=about.strip()[:80], text=text.strip()[:4000], at=at,
    )  # fmt: skip
    talks.stands(ballot, [*Said.objects.filter(ballot=ballot).select_related("entry").order_by("number"), said], at=at)
    said.save()
    return said


def _speaks_as(ballot: Ballot, act: str, by: Principal, about: str) -> RollEntry | None:
    """Return the entry somebody speaks with; none where they act as the facilitator, the one who decides, or who was asked."""
    own = [entry for entry in queries.my_entries(ballot, by) if entry.person_id in (None, by.person_id)]
    if act in talks.LEADING:
        if not facilitates(by, ballot):
            raise NotSo(_("Those who brought it, or a facilitator, do this."))
        return None
    if act == "answer" and not (own and str(own[0].place) == about):
        # Whoever is not on the roll was asked by name; what they said elsewhere is written down by whoever asked.
        if not facilitates(by, ballot) and about != _name(None, by):
            raise NotSo(_("Only those who were asked answer."))
        return None
    if not own:
        raise NotSo(_("Only those on the roll of this decision take part in it."))
    return own[0]


def _name(entry: RollEntry | None, by: Principal) -> str:
    name = str(entry.membership) if entry else people.names({by.person_id or 0}).get(by.person_id or 0, "")
    return name[:160]
