"""A ballot cast in a system of its own: the list of voters goes out, and the result comes back by two people."""

import hashlib
from datetime import datetime

from django.db import transaction

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.models import Ballot, Elsewhere, Paper, State
from toadlane.democracy.ballots.permissions import TELL
from toadlane.democracy.ballots.policies import belenios, papers
from toadlane.democracy.ballots.services.errors import Another, Differs, NotOpen, NotSo
from toadlane.plumbing.access.principals import Principal


@transaction.atomic
def bring_result(*, ballot: Ballot, text: str, by: Principal, at: datetime) -> Elsewhere:
    """Bring back the result of a ballot that was cast elsewhere. It counts once a second person has confirmed it.

    :param text: the file as it came
    :raises NotSo: where the ballot is cast here
    :raises NotAResult: when the file does not answer the question
    """
    by.must(TELL, ballot)
    ballot = Ballot.objects.select_for_update(no_key=True).get(pk=ballot.pk)
    if not ballot.is_elsewhere:
        raise NotSo
    if ballot.state != State.OPEN or at < ballot.closes_at:
        raise NotOpen
    contents, counts = belenios.result(
        text, options=ballot.options, method=ballot.method, params=ballot.params, voters=ballot.roll_size
    )
    Elsewhere.objects.filter(ballot=ballot, confirmed_by=None).delete()
    return Elsewhere.objects.create(
        ballot=ballot, digest=hashlib.sha256(text.encode()).hexdigest(), contents=contents, counts=counts,
        brought_by=by.person_id or 0, brought_at=at,
    )  # fmt: skip


@transaction.atomic
def confirm_result(*, ballot: Ballot, digest: str, by: Principal, at: datetime) -> Elsewhere:
    """Confirm, as a second person, that the result that was brought is the one that was published.

    :param digest: SHA-256 of the file as the second person has it
    :raises Another: when it is the same person
    :raises Differs: when it is another file
    """
    by.must(TELL, ballot)
    found = Elsewhere.objects.select_for_update().filter(ballot=ballot, confirmed_by=None).first()
    if found is None:
        raise NotOpen
    if found.brought_by == by.person_id:
        raise Another
    if found.digest != digest.strip().lower():
        raise Differs
    found.confirmed_by, found.confirmed_at = by.person_id, at
    found.save(update_fields=["confirmed_by", "confirmed_at"])
    return found


def lay_open(ballot: Ballot) -> str:
    """Write down the papers that a confirmed result stands for; return the digest of its file.

    :raises NotOpen: while none is confirmed
    """
    found = queries.confirmed(ballot)
    if found is None:
        raise NotOpen
    numbers = {str(option["id"]): str(number) for number, option in enumerate(ballot.options, 1)}
    # By option where one is marked; rankings are papers already.
    names = numbers if papers.shape(ballot.method) == "one" else {}
    Paper.objects.bulk_create(
        [
            Paper(ballot=ballot, college="", weight=1, choice=names.get(vote, vote), count=count)
            for vote, count in found.counts.items()
            if count
        ]
    )
    return found.digest
