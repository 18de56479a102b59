"""What a client asks about a quote, and what they are answered."""

from datetime import datetime

from django.db import transaction

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.assignments.models import Assignment, Remark
from toadlane.trade.assignments.permissions import ANSWER, MANAGE
from toadlane.trade.assignments.services import letters
from toadlane.trade.assignments.services.charging import locked
from toadlane.trade.assignments.services.errors import NotAQuestion, TooManyRemarks, WrongMoment

MOST, LONGEST = 20, 1000
OVER = (Assignment.State.DRAFT, Assignment.State.DECLINED, Assignment.State.DROPPED)


def ask_about(*, assignment: Assignment, text: str, by: Principal, at: datetime) -> Remark:
    """Ask or say something, as the client; whoever manages the activity gets it by letter.

    :raises NotAQuestion, TooManyRemarks, WrongMoment:
    """
    by.must(ANSWER, assignment)
    made = _remark(assignment, text, is_clients=True, by=by, at=at)
    letters.to_manager(assignment, "asked", by=by, at=at, text=made.text)
    return made


def answer(*, assignment: Assignment, text: str, by: Principal, at: datetime) -> Remark:
    """Answer a client; they get it by letter, with the address of the quote.

    :raises NotAQuestion, TooManyRemarks, WrongMoment:
    """
    by.must(MANAGE, assignment.activity)
    made = _remark(assignment, text, is_clients=False, by=by, at=at)
    letters.to_client(assignment, "answered", by=by, at=at, text=made.text)
    return made


@transaction.atomic
def _remark(assignment: Assignment, text: str, *, is_clients: bool, by: Principal, at: datetime) -> Remark:
    if not 0 < len(text.strip()) <= LONGEST:
        raise NotAQuestion
    assignment = locked(assignment)
    if assignment.state in OVER:
        raise WrongMoment
    # Whoever has the address may write, and each of it is a letter to somebody.
    if assignment.remarks.filter(is_clients=is_clients).count() >= MOST:
        raise TooManyRemarks
    return Remark.objects.create(
        assignment=assignment, text=text.strip(), is_clients=is_clients, made_at=at, made_by=str(by)
    )  # fmt: skip
