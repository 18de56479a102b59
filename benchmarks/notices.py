"""Telling a large co-op of a vote: 85,000 members have it on their desks and 170 jobs are queued; then one job's 500 letters.

A proposal is brought and gets its support counted among all; the name that was still missing opens it, in a request. Its vote is
announced by a job, and the letters are written by more of them; one is timed, with everything it writes.

    python benchmarks/notices.py
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.common import folder, postgresql, result

MEMBERS, STRETCH = int(os.environ.get("BENCH_MEMBERS", "85000")), 500
ANNOUNCING, LETTERS, COUNTING = 10.0, 5.0, 1.0
AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def main() -> None:
    figures: dict[str, dict[str, Any]] = {}
    with folder() as data:
        figures["sqlite"] = child({"TOADLANE_DATA": str(data), "TOADLANE_DATABASE_URL": ""})
        with postgresql("bench_notices") as url:
            figures["postgresql"] = child({"TOADLANE_DATA": str(data), "TOADLANE_DATABASE_URL": url})
    for engine, found in figures.items():
        print(f"{engine}: " + ", ".join(f"{name} {value}" for name, value in found.items()))
    worst = max(found["announcing_s"] for found in figures.values())
    ok = all(
        found["announcing_s"] <= ANNOUNCING and found["letters_s"] <= LETTERS and found["opening_s"] <= COUNTING
        for found in figures.values()
    )
    result(
        name="notices", ours=worst, peer=None, peer_name="", ratio=None, target=f"{ANNOUNCING} s to announce", ok=ok, **figures
    )


def child(env: dict[str, str]) -> dict[str, Any]:
    run = subprocess.run([sys.executable, __file__, "--one"], env=os.environ | env, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(run.stderr)
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def timed(work: Callable[[], Any]) -> tuple[float, int, Any]:
    """Return the seconds and the statements something took, and what came of it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    start = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        found = work()
    return round(time.perf_counter() - start, 2), len(asked), found


def one_engine() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toadlane.config.settings")
    import django

    django.setup()
    from toadlane.config.cli import prepare

    prepare.migrate(lambda _said: None)
    from toadlane.blueprints import installer
    from toadlane.plumbing.access.principals import Channel, Principal
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.people.models import Person

    operator = Principal(coop_id=None, channel=Channel.CLI, roles=frozenset({"operator"}))
    founder = Person.objects.create(email="founder@bench.test", name="Founder")
    coop = installer.found(blueprint="marketplace", name="Bench", slug="bench", founder=founder, by=operator, at=AT, sandbox=True)
    with scope(coop.pk):
        people()
        print(json.dumps(told(coop.pk, founder)))


def people() -> None:
    from toadlane.society.members.models import Membership, Standing
    from toadlane.society.people.models import Person

    made = [Person(email=f"m{n}@bench.test", name=f"Member {n}") for n in range(MEMBERS - 1)]
    persons = Person.objects.bulk_create(made, batch_size=5000)
    Membership.objects.bulk_create(
        [
            Membership(person=person, member_class="provider" if n % 2 else "customer", standing=Standing.ACTIVE,
                       joined_on=date(2026, 1, 1), number=n + 10, accepted_version=1)
            for n, person in enumerate(persons)
        ],
        batch_size=5000,
    )  # fmt: skip


def told(coop_id: int, founder: Any) -> dict[str, Any]:
    from toadlane.democracy.proposals import services
    from toadlane.democracy.proposals.models import Proposal, Support
    from toadlane.democracy.proposals.queries import proposals
    from toadlane.plumbing.access.principals import Channel, Principal
    from toadlane.plumbing.outbox import worker
    from toadlane.society.members import queries as members
    from toadlane.society.members.models import Membership
    from toadlane.society.messaging import queries as messaging

    job, by = Principal.job(coop_id), members.principal(person_id=founder.pk, channel=Channel.WEB)
    content = {"kind": "resolution", "payload": {"text": "We greet the strikers."}}
    proposal = services.propose(title="A greeting", contents=[content], by=by, at=AT)
    rows = Membership.objects.filter(member_class="provider").exclude(pk=by.membership_id).order_by("pk")
    names = [
        Support(proposal=proposal, membership=row, person_id=row.person_id, name="x", member_class="provider", at=AT)
        for row in rows[: MEMBERS // 20]
    ]
    Support.objects.bulk_create(names, batch_size=5000)
    support_s, _asked, backing = timed(lambda: proposals.backing(proposal))
    assert any(one.is_enough for one in backing)
    last = members.principal(person_id=rows.last().person_id, channel=Channel.WEB)
    opening_s, opening, _done = timed(lambda: services.support(proposal=proposal, by=last, at=AT))
    proposal = Proposal.objects.get()
    services.advance(by=job, at=proposal.talk_until)
    proposal.refresh_from_db()
    announcing_s, announcing, _done = timed(lambda: worker.attempt(next_job(worker, "proposals.VoteAnnounced")))
    assert messaging.delivered(proposals.notice_key(proposal)).people == MEMBERS
    letters = next_job(worker, "messaging.NoticesGiven")
    letters_s, statements, _done = timed(lambda: worker.attempt(letters))
    log = messaging.delivered(proposals.notice_key(proposal))
    assert log.written == STRETCH, log
    return {
        "members": MEMBERS, "support_s": support_s, "opening_s": opening_s, "opening_sql": opening, "announcing_s": announcing_s,
        "announcing_sql": announcing, "letters_s": letters_s, "letters_sql": statements,
    }  # fmt: skip


def next_job(worker: Any, event: str) -> Any:
    """Work off what comes before the first job of an event, and return that one."""
    job = worker.claim("bench")
    while job.args_kwargs["kwargs"].get("event") != event:
        worker.attempt(job)
        job = worker.claim("bench")
    return job


if __name__ == "__main__":
    one_engine() if "--one" in sys.argv else main()
