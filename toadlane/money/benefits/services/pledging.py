"""The register of those who keep the code of good work."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import ngettext

from toadlane.money.benefits import policies, queries, rules
from toadlane.money.benefits.models import Pledge
from toadlane.money.benefits.permissions import END_PLEDGE, MODERATE, PLEDGE
from toadlane.money.benefits.services.errors import NotAName, NotShown, ReasonNeeded, TooFewActions, UnknownValue
from toadlane.money.benefits.services.giving import today
from toadlane.money.benefits.services.opening import must_be_open
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws

LONGEST = 400


@transaction.atomic
def pledge(*, name: str, actions: Mapping[str, str], by: Principal, at: datetime, website: str = "") -> Pledge:
    """Pledge to keep the code of good work. It is shown once the board has looked at it.

    :param actions: value → what is done about it; as many values as the bylaws ask for
    :raises NotAName, UnknownValue, TooFewActions:
    """
    by.must(PLEDGE)
    must_be_open()
    book = bylaws.book()
    least = int(book.value(rules.LEAST))
    said = {key: text.strip()[:LONGEST] for key, text in actions.items() if text.strip()}
    if not name.strip():
        raise NotAName
    fault = policies.faults_of_actions(said, known=[value.id for value in queries.values(book)], least=least)
    if fault == "unknown":
        raise UnknownValue
    if fault:
        raise TooFewActions(hint=ngettext("At least %(n)s.", "At least %(n)s of them.", least) % {"n": least})
    return Pledge.objects.create(
        name=name.strip()[:120], website=website.strip()[:200], person_id=by.person_id, actions=said, rule_version=book.number,
        asked_at=at,
    )  # fmt: skip


def show(*, pledge: Pledge, by: Principal, at: datetime) -> Pledge:
    """Put a pledge on the public list."""
    by.must(MODERATE, pledge)
    return _move(pledge, (Pledge.State.ASKED, Pledge.State.DECLINED), state=Pledge.State.KEPT, since=today(at), reason="")


def decline_pledge(*, pledge: Pledge, reason: str, by: Principal, at: datetime) -> Pledge:
    """Keep a pledge off the list, and say why.

    :raises ReasonNeeded:
    """
    by.must(MODERATE, pledge)
    if not reason.strip():
        raise ReasonNeeded
    return _move(pledge, (Pledge.State.ASKED,), state=Pledge.State.DECLINED, reason=reason.strip()[:400])


def end_pledge(*, pledge: Pledge, by: Principal, at: datetime, reason: str = "") -> Pledge:
    """End a pledge. It stays on the list, as one that has ended: whoever pledged does it, or the board with a reason."""
    by.must(END_PLEDGE, pledge)
    if by.person_id != pledge.person_id and not reason.strip():
        raise ReasonNeeded
    ended = {"state": Pledge.State.ENDED, "ended_on": today(at), "reason": reason.strip()[:400]}
    return _move(pledge, (Pledge.State.KEPT,), **ended)


def _move(pledge: Pledge, states: tuple[str, ...], **values: object) -> Pledge:
    # Conditional: of two who press at once the second is told.
    if not Pledge.objects.filter(pk=pledge.pk, state__in=states).update(**values):
        raise NotShown
    pledge.refresh_from_db()
    return pledge
