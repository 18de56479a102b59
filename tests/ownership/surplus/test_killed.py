"""The close of a year in a process that is killed after any of its commits: the next one goes on, to the same books.

The commits of the whole path are counted first: worked out, put to the members, voted on, decided, booked, told, handed to the
payouts, sent. Then it is begun anew for each of them, killed right after that commit, and taken up again by another process.

Each of these lives is on a copy of the database that the test alone knows. Whoever runs the test may have the database itself
open elsewhere in this process (a browser's event loop has connections of its own): a file of SQLite that is put in the place of
another under an open connection is of no use to anybody afterwards, and a lock on it does not go along into a child.
"""

import json
import os
import re
import shutil
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests.conftest import run_jobs
from tests.ownership.surplus.conftest import YEAR
from toadlane.democracy.proposals import services as proposals
from toadlane.democracy.proposals.models import Decision, Proposal, Stage
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.models import JournalEntry
from toadlane.money.payments.models import Errand, Payout
from toadlane.money.payments.services import by_hand
from toadlane.ownership.surplus import queries, services
from toadlane.ownership.surplus.models import Year
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.outbox import jobs
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.society.messaging.models import Announcement

pytestmark = pytest.mark.django_db(transaction=True)
UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|WITH)|SELECT ledger_post", re.IGNORECASE)


# ---------------------------------------------------------------------------------------------------------------- the path


def go_on(*, board: Any, second: Any, job: Any, later: Any) -> None:
    """Do whatever is left of the close, as people who press again and the timers would."""
    year = Year.objects.filter(name="2027").first()
    if year is None:
        year = services.work_out(**YEAR, by=board, at=later)
    if year.state == Year.State.DRAFT:
        year = services.put_to_members(year=year, by=board, at=later)
    _decide(Proposal.objects.get(number=year.proposal), job)
    proposals.enact_due(by=job, at=later + timedelta(days=90))
    _work()
    when = later + timedelta(days=91)
    services.hand_over(by=job, at=when)
    for one in Payout.objects.exclude(state=Errand.DONE).order_by("holder", "amount_minor"):
        if one.recorded_by is None:
            by_hand.record_sent(errand=one, by=board, at=when)
        by_hand.confirm_sent(errand=one, by=second, at=when)
    _work()


def _decide(proposal: Proposal, job: Any) -> None:
    if proposal.stage == Stage.DISCUSSION:
        proposals.advance(by=job, at=proposal.talk_until)
    _work()
    proposal.refresh_from_db()
    if not Decision.objects.filter(proposal=proposal).exists():
        opens = proposal.vote_from
        about = {"ballot": "ballot-1", "opens_at": opens, "closes_at": opens + timedelta(days=7)}
        proposal = proposals.voting_began(proposal=proposal, **about, by=job, at=opens)
        outcome = {"state": "passed", "figures": {"eligible": 2, "for": 2, "against": 0}}
        proposals.decide(proposal=proposal, outcome=outcome, by=job, at=proposal.voting_until)


def _work() -> None:
    with outside():
        run_jobs()


def written_down() -> dict[str, Any]:
    """Return the books, byte for byte but for random ids, and whatever else the close leaves behind."""
    names: dict[str, str] = {}

    def plain(text: str) -> str:
        return UUID.sub(lambda found: names.setdefault(found[0].replace("-", ""), f"id-{len(names)}"), text)

    entries = [
        plain(json.dumps([
            one.key, one.narration, one.subject, one.posted_by, one.posted_at.isoformat(),
            [[p.account.code, p.account.currency, p.holder, p.minor, p.purpose, p.rule, p.rule_version]
             for p in one.postings.select_related("account").order_by("position")],
        ]))
        for one in JournalEntry.objects.order_by("posted_at", "id")
    ]  # fmt: skip
    year = Year.objects.get()
    return {
        "books": entries, "year": [year.state, year.decision, year.hash, year.result],
        "moments": [str(year.handed_over_at), str(year.paid_at)],
        "payouts": sorted([one.holder, one.amount_minor, one.state, one.subject] for one in Payout.objects.all()),
        "told": sorted(Announcement.objects.values_list("key", flat=True)),
        "letters": sorted([one.address, one.subject] for one in Letter.objects.all()),
        "faults": [str(one) for check in (*books.checks().values(), queries.layers_hold) for one in check().faults],
        "undone": jobs.ready().count() + jobs.dead().count(),
    }  # fmt: skip


# ------------------------------------------------------------------------------------------------- processes that are killed


class Commits:
    """Count the commits that changed something, and die right after one of them."""

    def __init__(self, last: int) -> None:
        self.last, self.count, self.is_changed = last, 0, False
        commit, execute = BaseDatabaseWrapper._commit, CursorWrapper.execute

        def committing(wrapper: Any) -> Any:
            done = commit(wrapper)
            self.committed()
            return done

        def executing(cursor: Any, sql: Any, params: Any = None) -> Any:
            done = execute(cursor, sql, params)
            if cursor.cursor.rowcount > 0 and re.match(
                r"\s*(INSERT|UPDATE|DELETE|WITH)|SELECT ledger_post", str(sql), re.IGNORECASE
            ):
                self.is_changed = True
                if not cursor.db.in_atomic_block:
                    self.committed()
            return done

        BaseDatabaseWrapper._commit = committing  # type: ignore[method-assign]
        CursorWrapper.execute = executing  # type: ignore[method-assign]

    def committed(self) -> None:
        if self.is_changed:
            self.is_changed, self.count = False, self.count + 1
            if self.count == self.last:
                os.kill(os.getpid(), signal.SIGKILL)


def in_a_process(deed: Callable[[], Any], database: str, to: Path) -> int:
    """Do it on a database, in a process of its own, which writes down what it returns; return how that one ended."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            # Connections do not survive a fork, and those of this process are to another database.
            for inherited in connections.all():
                inherited.connection = None
            connection.settings_dict["NAME"] = database
            to.write_text(json.dumps(deed()))
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitpid(child, 0)[1]


@pytest.fixture
def anew(tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Keep the database as it is now; return what copies it, for another life, and says what the copy is called."""
    name = connection.settings_dict["NAME"]
    connections.close_all()
    if connection.vendor == "sqlite":
        kept, life = tmp_path / "kept.sqlite3", tmp_path / "life.sqlite3"
        with closing(sqlite3.connect(name)) as there, closing(sqlite3.connect(kept)) as here:
            there.backup(here)

        def copy_file() -> str:
            for path in tmp_path.glob("life.sqlite3*"):
                path.unlink()
            shutil.copyfile(kept, life)
            return str(life)

        yield copy_file
        return
    server, kept_as, life_as = settings.DATABASE_URL, f"{name}_kept", f"{name}_life"

    def copy(source: str, to: str) -> str:
        with psycopg.connect(server, autocommit=True) as raw:
            raw.execute(f'DROP DATABASE IF EXISTS "{to}" WITH (FORCE)')
            # A database that is copied is nobody's for that moment.
            raw.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source])
            raw.execute(f'CREATE DATABASE "{to}" TEMPLATE "{source}"')
        return to

    copy(name, kept_as)
    yield lambda: copy(kept_as, life_as)
    with psycopg.connect(server, autocommit=True) as raw:
        for gone in (kept_as, life_as):
            raw.execute(f'DROP DATABASE IF EXISTS "{gone}" WITH (FORCE)')


@pytest.fixture
def cast(inside, set_rules, member, earn, board, second, job, later):
    """Three equal members, a third of whose part is paid in money, and a year with a surplus."""
    set_rules({"surplus.bases": [{"class": "", "basis": "equal"}], "surplus.cash_share": "1/3"})
    for name in ("Dana", "Eli"):
        member(name)
    earn(100_000)
    _work()
    return inside.pk, {"board": board, "second": second, "job": job, "later": later}


def some(count: int) -> list[int]:
    """Return the first commit, the last, and some between them."""
    return sorted({1, count // 3, 2 * count // 3, count})


# All of them take minutes; some are seconds.
@pytest.mark.parametrize(
    "which", [some, pytest.param(lambda count: range(1, count + 1), marks=pytest.mark.every_commit, id="every")]
)
def test_killed_after_any_commit_the_close_comes_to_the_same_books(cast, anew, tmp_path, which):
    coop_id, people = cast
    told = tmp_path / "told.json"

    def lived(last: int) -> dict[str, Any]:
        commits = Commits(last)
        with scope(coop_id):
            go_on(**people)
            return {"commits": commits.count, **written_down()}

    def taken_up() -> dict[str, Any]:
        # What a killed worker had taken is given back once its lease is over, and is done after a pause.
        long_ago = clock.machine_time() - jobs.LEASE - timedelta(minutes=1)
        DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).update(started_at=long_ago)
        jobs.release_lost()
        DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=long_ago)
        with scope(coop_id):
            go_on(**people)
            return written_down()

    assert in_a_process(lambda: lived(0), anew(), told) == 0
    whole = json.loads(told.read_text())
    count = whole.pop("commits")
    assert count > 20 and whole["year"][0] == "booked" and "None" not in whole["moments"], (count, whole)
    assert whole["faults"] == [] and whole["undone"] == 0 and "year:2027:booked" in whole["told"]
    differing = {}
    for last in which(count):
        database = anew()
        status = in_a_process(lambda last=last: lived(last), database, told)
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, last
        assert in_a_process(taken_up, database, told) == 0, last
        found = json.loads(told.read_text())
        if found != whole:
            differing[last] = {name: (found[name], whole[name]) for name in whole if found[name] != whole[name]}
    assert not differing
