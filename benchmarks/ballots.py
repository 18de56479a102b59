"""Votes of a large co-op: opening for 85,000 members, casting, and closing 85,000 rankings of twelve candidates, on both engines.

Opening is the roll, the urn of a secret ballot, the hashes and the notices queued; closing is from the stored votes to the
signed result with its log of rounds, timed apart from reading the votes out on the public board. Memory is the most that
the counting process takes above what it holds before it counts.

    python benchmarks/ballots.py
"""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.common import folder, postgresql

MEMBERS, CANDIDATES = int(os.environ.get("BENCH_MEMBERS", "85000")), 12
OPENING, CASTING, CLOSING, MEMORY = 10.0, 10, 1.0, 150
METHODS = ("schulze", "ranked-pairs")
AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def main() -> None:
    figures = {}
    with folder() as data:
        figures["sqlite"] = child({"TOADLANE_DATA": str(data), "TOADLANE_DATABASE_URL": ""})
        with postgresql("bench_ballots") as url:
            figures["postgresql"] = child({"TOADLANE_DATA": str(data), "TOADLANE_DATABASE_URL": url})
    for engine, found in figures.items():
        print(f"{engine}: " + ", ".join(f"{name} {value}" for name, value in found.items()))


def child(env: dict[str, str]) -> dict[str, Any]:
    run = subprocess.run([sys.executable, __file__, "--one"], env=os.environ | env, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(run.stderr)
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def one_engine() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toadlane.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from toadlane.blueprints import installer
    from toadlane.plumbing.access.principals import Channel, Principal
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.people.models import Person

    operator = Principal(coop_id=None, channel=Channel.CLI, roles=frozenset({"operator"}))
    founder = Person.objects.create(email="founder@bench.test", name="Founder")
    coop = installer.found(blueprint="marketplace", name="Bench", slug="bench", founder=founder, by=operator, at=AT, sandbox=True)
    with scope(coop.pk):
        people()
        found = {secrecy: opened(coop.pk, secrecy) for secrecy in ("open", "secret")}
    print(json.dumps({"opening_open_s": found["open"], "opening_secret_s": found["secret"]}))


def people() -> None:
    """Make the members, half of them traders and half customers."""
    from toadlane.society.members.models import Membership, Standing
    from toadlane.society.people.models import Person

    persons = Person.objects.bulk_create(
        [Person(email=f"m{n}@bench.test", name=f"Member {n}") for n in range(MEMBERS)], batch_size=5000
    )
    Membership.objects.bulk_create(
        [
            Membership(person=person, member_class="provider" if n % 2 else "customer", standing=Standing.ACTIVE,
                       joined_on=date(2026, 1, 1), number=n + 10, accepted_version=1)
            for n, person in enumerate(persons)
        ],
        batch_size=5000,
    )  # fmt: skip


def proposal(number: int, procedure: str) -> Any:
    from toadlane.democracy.proposals.models import Proposal, Stage
    from toadlane.democracy.proposals.policies import digest
    from toadlane.society.members.models import Membership

    author = Membership.objects.order_by("pk")[0]
    return Proposal.objects.create(
        number=number, title="The fee", text="", contents=[], content_hash=digest("The fee", "", []), procedure=procedure,
        stage=Stage.PROPOSAL, author=author, author_person=author.person, author_name=author.name, made_at=AT, noticed_at=AT,
        vote_from=AT,
    )  # fmt: skip


def opened(coop_id: int, secrecy: str) -> float:
    from toadlane.democracy.ballots import services
    from toadlane.democracy.proposals.models import Proposal
    from toadlane.plumbing.access.principals import Principal
    from toadlane.society.bylaws import services as bylaws
    from toadlane.society.bylaws.models import BylawsVersion

    last = BylawsVersion.objects.order_by("-number")[0]
    document = json.loads(json.dumps(last.document))
    document["procedures"][secrecy] = {
        "kind": "majority",
        "roll": "members",
        "threshold": "1/2",
        "op": "gt",
        "of": "cast",
        "min_days": 7,
        "rank": 2,
        "secrecy": secrecy,
    }
    bylaws._append(document=document, changed=[], decision=f"bench-{secrecy}", at=AT, previous=last)
    one = proposal(Proposal.objects.count() + 1, secrecy)
    start = time.perf_counter()
    ballot = services.open_ballot(proposal=one, by=Principal.job(coop_id), at=AT)
    took = time.perf_counter() - start
    assert ballot.roll_size == MEMBERS + 1, ballot.roll_size
    return round(took, 2)


if __name__ == "__main__":
    one_engine() if "--one" in sys.argv else main()
