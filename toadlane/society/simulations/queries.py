"""Simulations as they are shown, and worked out again to see that they are what they were."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from toadlane.kernel import canonical
from toadlane.kernel.dates import add_months, at_wall_time
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import dry_runs, patches
from toadlane.society.bylaws.rules.documents import Document
from toadlane.society.coops import queries as coops
from toadlane.society.simulations.models import Simulation
from toadlane.society.simulations.permissions import SEE_OWN
from toadlane.ui.shapes import Replay

# So many of the newest are worked out again by `toadlane verify`, and none that takes long.
CHECKED, QUICK = 10, 5_000


def simulation(pk: int) -> Simulation | None:
    return Simulation.objects.filter(pk=pk).first()


def coops_to_do(_at: datetime) -> list[int]:
    """Return the co-ops in which a simulation waits, asked with the scope lifted."""
    rows = Simulation.objects.filter(state__in=(Simulation.State.WAITING, Simulation.State.RUNNING))
    return sorted(set(rows.values_list("coop_id", flat=True)))


def twelve_months(at: datetime) -> tuple[datetime, datetime]:
    """Return the twelve months up to and with yesterday, on the co-op's own calendar: what is over does not change."""
    zone = ZoneInfo(coops.of_scope(current_coop_id()).time_zone)
    today = at.astimezone(zone).date()
    since, until = (at_wall_time(datetime.combine(day, time()), zone) for day in (add_months(today, -12), today))
    return since, until


def key(base: str, patch: patches.Patch, since: datetime, until: datetime) -> str:
    """Return the digest of a question: the rules as they are, the change, and the time it is asked of."""
    times = [since.astimezone(UTC).isoformat(), until.astimezone(UTC).isoformat()]
    return canonical.digest([base, patch.written()["ops"], *times])


def documents(asked: Simulation) -> tuple[Document, Document]:
    """Return the bylaws without the change and with it."""
    before = dict(bylaws.book(version=asked.base).document)
    return before, patches.apply(before, patches.Patch.read(asked.patch))


def worked_out(
    asked: Simulation, progress: Callable[[int], None] = lambda _done: None
) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Return what a simulation comes to, what is about single people, and the digest of it all. Asked again: the same."""
    before, after = documents(asked)
    times = {"since": asked.since, "until": asked.until}
    replays, own = {}, {}
    for one in dry_runs.touched(before, after):
        found = one.run(before=before, after=after, progress=progress, **times)
        if found is not None:
            replays[one.name], own[one.name] = dict(found.facts), dict(found.own)
    result = {
        "form": 1, "since": asked.since.astimezone(UTC).isoformat(), "until": asked.until.astimezone(UTC).isoformat(),
        "before": canonical.digest(before), "after": canonical.digest(after), "rules": dry_runs.moved(before, after),
        "replays": replays, "own_hash": canonical.digest(own),
    }  # fmt: skip
    return result, own, canonical.digest(result)


def shown(asked: Simulation, by: Principal) -> list[Replay]:
    """Return what each replay found, as it is drawn: with what single people would have had, for those who may read that."""
    if asked.result is None:
        return []
    before, after = documents(asked)
    own = (asked.own or {}) if by.may(SEE_OWN) else {}
    return [
        replay
        for one in dry_runs.declared()
        if one.name in asked.result["replays"]
        for replay in one.shown(facts=asked.result["replays"][one.name], own=own.get(one.name, {}), before=before, after=after)
    ]


def same_again() -> Finding:
    """Work the newest simulations out again: they come to the same, to the byte."""
    rows = Simulation.objects.filter(state=Simulation.State.DONE, of__lte=QUICK).order_by("-pk")[:CHECKED]
    faults = []
    for row in rows:
        kept = canonical.digest(row.result) == row.hash and canonical.digest(row.own) == row.result["own_hash"]
        if not kept or worked_out(row)[2] != row.hash:
            faults.append(f"simulation {row.pk} is not what its readers saw, or no longer comes to that")
    return Finding(len(rows), faults)
