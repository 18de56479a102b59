"""The urn of a secret ballot: who voted and what was voted, apart from the first moment on.

When a vote is cast, the voter's mark is set and an empty slip is filled; at the same time a few dozen other marks are
written again as they are, and the slips around change their drawers. So neither the order of the rows nor the number of
the transaction that wrote them says which slip came with which mark. With a small roll all of them are stirred each time.
Nor does the engine keep how marks and slips were before: from two moments one could tell what came in between.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Sequence

from django.conf import settings
from django.db import connection
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _

from toadlane.democracy.ballots.models import Ballot, Mark, Paper, PaperBatch, RollEntry, Slip, TookPart
from toadlane.democracy.ballots.policies import papers, sealing
from toadlane.democracy.ballots.policies.asked import is_together
from toadlane.democracy.ballots.services.errors import AlreadyVoted, NotOpen, NotSo
from toadlane.plumbing.sqlite import history

STIRRED, TRIES = 48, 100
_random = secrets.SystemRandom()


def prepare(ballot: Ballot) -> None:
    """Make a mark for each entry and as many empty slips, in the order of the roll."""
    marks, slips, entries = (model._meta.db_table for model in (Mark, Slip, RollEntry))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {marks} (coop_id, ballot_id, entry_id, place, has_voted) "
            f"SELECT coop_id, ballot_id, id, place, %s FROM {entries} WHERE ballot_id = %s ORDER BY place",
            [False, ballot.pk],
        )
        cursor.execute(
            f"INSERT INTO {slips} (coop_id, ballot_id, drawer, is_empty, sealed) "
            f"SELECT coop_id, ballot_id, place, %s, %s FROM {entries} WHERE ballot_id = %s ORDER BY place",
            [True, b"", ballot.pk],
        )


def mark(ballot: Ballot, entries: Sequence[RollEntry]) -> None:
    """Note that entries have voted; the marks around them are written again as they are, in the same statement.

    :raises AlreadyVoted: when one of them has
    """
    own = Mark.objects.select_for_update().filter(entry__in=entries).order_by("place")
    held = list(own.values_list("pk", "place", "has_voted"))
    if len(held) < len(entries) or any(has_voted for _pk, _place, has_voted in held):
        raise AlreadyVoted
    around = Mark.objects.filter(ballot=ballot, place__in=_some(ballot.roll_size, but={place for _pk, place, _ in held}))
    others = around.select_for_update(skip_locked=True).order_by("place").values_list("pk", flat=True)
    voted = [pk for pk, _place, _ in held]
    Mark.objects.filter(pk__in=[*voted, *others]).update(
        has_voted=Case(When(pk__in=voted, then=Value(True)), default=F("has_voted"))
    )


def put(ballot: Ballot, *, entry: RollEntry, digest: str, choice: str) -> None:
    """Put one vote into the urn. Called with the ballot held open.

    :raises AlreadyVoted: when this entry has voted
    """
    mark(ballot, [entry])
    leave_no_trace()
    fill(ballot, _text(_heap(ballot, entry), entry.weight, digest, choice))


def put_all(ballot: Ballot, entries: Sequence[RollEntry], choices: Sequence[str]) -> None:
    """Put papers out of a box into the urn, which nobody else uses meanwhile. They have no receipts.

    :param choices: in any order: which paper was whose, nobody knows here either
    :raises AlreadyVoted: when one of the entries has voted
    """
    mark(ballot, entries)
    leave_no_trace()
    empty = list(Slip.objects.filter(ballot=ballot, is_empty=True).order_by("drawer"))
    heaps = [(_heap(ballot, entry), entry.weight) for entry in entries]
    if len(set(heaps)) > 1:
        raise NotSo(_("In a secret ballot each college has a box of its own."))
    college, weight = heaps[0]
    sealed = [_sealed(ballot, _text(college, weight, "", choice)) for choice in choices]
    stir_slips(ballot, _random.sample(empty, len(sealed)), sealed)


def fill(ballot: Ballot, text: str) -> None:
    """Put a vote into an empty slip, and let it and the slips around it change their drawers."""
    empty = _an_empty_slip(ballot)
    stir_slips(ballot, [empty], [_sealed(ballot, text)])


def stir_slips(ballot: Ballot, filled: Sequence[Slip], sealed: Sequence[bytes] = ()) -> None:
    """Let slips change their drawers, at random.

    :param filled: empty slips that are held, and `sealed` what is put into them
    """
    taken = {slip.drawer for slip in filled}
    around = Slip.objects.filter(ballot=ballot, drawer__in=_some(ballot.roll_size, but=taken)).order_by("drawer")
    # Whoever holds one of them at this moment stirs it themselves.
    others = list(around.select_for_update(skip_locked=True))
    contents = [*((False, one) for one in sealed), *((one.is_empty, bytes(one.sealed)) for one in others)]
    _random.shuffle(contents)
    # In the order of the drawers, so that where the rows come to lie tells nothing either.
    chosen = sorted([*filled, *others], key=lambda slip: slip.drawer)
    for slip, (is_empty, content) in zip(chosen, contents, strict=True):
        slip.is_empty, slip.sealed = is_empty, content
    Slip.objects.bulk_update(chosen, ["is_empty", "sealed"], batch_size=100)


def _sealed(ballot: Ballot, text: str) -> bytes:
    length = sealing.length_of(_longest(ballot))
    return sealing.seal(text, key=sealing.key_of(settings.SECRET_KEY, ballot.salt), length=length)


def _an_empty_slip(ballot: Ballot) -> Slip:
    """Take an empty slip at random. There are as many slips as entries, so that one is always left for whoever may vote."""
    empty = Slip.objects.filter(ballot=ballot, is_empty=True).order_by("drawer")
    for attempt in range(TRIES):
        # At first only what nobody holds; then wait, and look again whether it is still empty.
        free = empty.select_for_update(skip_locked=attempt == 0)
        found = free.filter(drawer__gte=1 + _random.randrange(ballot.roll_size)).first() or free.first()
        if found is not None:
            return found
    raise NotOpen


def _some(size: int, *, but: Collection[int]) -> list[int]:
    """Return a few dozen places of the roll at random, or all of a small one."""
    chosen = range(1, size + 1) if size <= STIRRED else _random.sample(range(1, size + 1), STIRRED)
    return [place for place in chosen if place not in but]


def _heap(ballot: Ballot, entry: RollEntry) -> str:
    """Return with whose votes this one is laid: with those of its college where the count asks for each, else with all."""
    return "" if is_together(ballot) else entry.college


def _text(college: str, weight: int, digest: str, choice: str) -> str:
    return "\n".join((college, str(weight), digest, choice))


def _longest(ballot: Ballot) -> int:
    return 40 + 10 + 64 + papers.longest(ballot.options, papers.shape(ballot.method))


def empty_out(ballot: Ballot) -> tuple[list[Paper], list[str]]:
    """Open all slips of a ballot that takes no more votes; return its papers, and the digests of the receipts, each sorted.

    What voters left behind is gone afterwards; that they took part is written down anew, in the order of the roll.
    """
    opener = sealing.Opener(sealing.key_of(settings.SECRET_KEY, ballot.salt))
    found: Counter[tuple[str, int, str]] = Counter()
    digests = []
    for sealed in Slip.objects.filter(ballot=ballot, is_empty=False).values_list("sealed", flat=True).iterator(chunk_size=5000):
        college, weight, digest, choice = opener.open(bytes(sealed)).split("\n")
        found[college, int(weight), choice] += 1
        if digest:
            digests.append(digest)
    took_part(ballot, f"SELECT entry_id, place FROM {Mark._meta.db_table} WHERE ballot_id = %s AND has_voted")
    leave_no_trace(sweep=True)
    for model in (Slip, Mark):
        rows = model.objects.filter(ballot=ballot)
        rows._raw_delete(rows.db)
    counted = [
        Paper(ballot=ballot, college=college, weight=weight, choice=choice, count=count)
        for (college, weight, choice), count in sorted(found.items())
    ]
    return Paper.objects.bulk_create(counted), sorted(digests)


def leave_no_trace(*, sweep: bool = False) -> None:
    """Let the engine forget the earlier versions of what is in the urn, and of the salt that opens it, once this is written."""
    history.forget_after_commit([model._meta.db_table for model in (Mark, Slip, PaperBatch, Ballot)], sweep=sweep)


def took_part(ballot: Ballot, voted: str) -> None:
    """Write down who took part, all at once and in the order of the roll.

    :param voted: SQL for the entries and their places, with one parameter for the ballot
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TookPart._meta.db_table} (coop_id, ballot_id, entry_id) "
            f"SELECT %s, %s, entry_id FROM ({voted}) voted ORDER BY place",
            [ballot.coop_id, ballot.pk, ballot.pk],
        )
