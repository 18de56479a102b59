"""Asking what a change would have done, and working it out: at once where that is quick, by a job where it is not."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.clock import queries as clock
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import dry_runs, patches
from toadlane.society.simulations import queries
from toadlane.society.simulations.models import Simulation
from toadlane.society.simulations.permissions import ASK, RUN

# So many are replayed while somebody waits: about half a second.
AT_ONCE = 2_000
# Whoever works one out says so with each two thousand; silent for so long, somebody else begins anew.
SILENCE = timedelta(minutes=5)


def simulate(*, patch: patches.Patch, by: Principal, at: datetime) -> Simulation | None:
    """Say what a change of the rules would have done to the last twelve months, up to and with yesterday.

    The same question asked again on the same day is answered with the simulation that is there.

    :returns: None for a change that no replay reads, which touches no money; else a simulation, worked out or waiting for
        its turn (`is_over`)
    :raises Conflict, NotAllowed, NotARule: when the change cannot be applied to the rules in force
    """
    by.must(ASK)
    book = bylaws.book()
    after = patches.apply(dict(book.document), patch)
    runs = list(dry_runs.touched(book.document, after))
    if not runs:
        return None
    since, until = queries.twelve_months(at)
    asked, made = Simulation.objects.get_or_create(
        key=queries.key(book.hash, patch, since, until),
        defaults={
            "base": book.number, "patch": patch.written(), "since": since, "until": until, "asked_by": str(by), "asked_at": at,
            "of": sum(run.weigh(since, until) for run in runs),
        },
    )  # fmt: skip
    if made and asked.of <= AT_ONCE:
        _work_out(asked, progress=lambda _done: None)
    return asked


def work_off(*, by: Principal, at: datetime) -> Simulation | None:
    """Work out the oldest simulation that waits, or that somebody began and never ended; None where there is none."""
    by.must(RUN)
    now = clock.machine_time()
    left = Q(state=Simulation.State.WAITING) | Q(state=Simulation.State.RUNNING, beat_at__lt=now - SILENCE)
    waiting = Simulation.objects.filter(left).order_by("asked_at", "pk").first()
    if waiting is None:
        return None
    mine = Simulation.objects.filter(left, pk=waiting.pk)
    if not mine.update(state=Simulation.State.RUNNING, beat_at=now, done=0):
        return None  # Somebody else was quicker.

    def progress(done: int) -> None:
        Simulation.objects.filter(pk=waiting.pk, hash="").update(done=done, beat_at=clock.machine_time())

    _work_out(waiting, progress)
    return waiting


def _work_out(asked: Simulation, progress: Callable[[int], None]) -> None:
    try:
        result, own, digest = queries.worked_out(asked, progress)
        found = {"state": Simulation.State.DONE, "result": result, "own": own, "hash": digest, "done": asked.of}
    except Expected as error:
        found = {"state": Simulation.State.FAILED, "trouble": str(error)[:300]}
    # Conditional: two who worked it out found the same, and the first has written it.
    Simulation.objects.filter(pk=asked.pk, hash="").update(**found)
    asked.refresh_from_db()
