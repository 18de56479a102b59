"""Told with a small story of its own: a bell rings, and somebody upstairs writes it down."""

import subprocess
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests.conftest import OPERATOR, run_jobs
from toadlane.money.ledger.models import Account
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.clock import services as clock_services
from toadlane.plumbing.outbox import events, jobs, queries, registry, services, timers, worker
from toadlane.plumbing.outbox.models import Timer
from toadlane.plumbing.tenancy.scope import current_coop_id, outside, scope


@dataclass(frozen=True, kw_only=True)
class BellRang(registry.Event):
    bell: int


@pytest.fixture
def quiet(sparkle, wheels):
    """The founding of two co-ops has been told already."""
    DBTaskResult.objects.all().delete()


@pytest.fixture
def heard(quiet, monkeypatch):
    """Let two handlers listen, for this test only."""
    heard = []

    def hear(event, *, by, at):
        heard.append((event.bell, current_coop_id(), by, at))

    def note(event, *, by, at):
        Account.objects.get_or_create(code=f"bell{event.bell}", currency="EUR")

    for handler in (hear, note):
        handler.__module__ = "toadlane.tower.handlers"
    BellRang.__module__ = "toadlane.tower.events"
    monkeypatch.setattr(registry, "_handlers", registry._handlers.copy())
    monkeypatch.setattr(registry, "_types", registry._types.copy())
    registry.on(BellRang, hear)
    registry.on(BellRang, note)
    return heard


@pytest.fixture
def rung(heard, inside):
    with transaction.atomic():
        events.publish(BellRang(bell=1))


def noted():
    return Account.objects.filter(code="bell1").count()


def test_a_fact_that_was_rolled_back_is_never_told(heard, inside):
    with pytest.raises(RuntimeError), transaction.atomic():
        events.publish(BellRang(bell=1))
        raise RuntimeError
    assert not DBTaskResult.objects.exists()


def test_all_handlers_of_all_events_are_told_by_one_insert(heard, inside, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1):
        events.publish(BellRang(bell=1), BellRang(bell=2))
    assert DBTaskResult.objects.count() == 4


def test_a_handler_that_has_nothing_to_do_with_an_event_gets_no_job(heard, inside, monkeypatch):
    monkeypatch.setattr(registry, "_conditions", {("tower.BellRang", "tower.hear"): lambda rang: rang.bell == 7})
    with transaction.atomic():
        events.publish(BellRang(bell=1), BellRang(bell=7))
    assert worker.drain() == 3
    assert [bell for bell, *_rest in heard] == [7] and Account.objects.filter(code__startswith="bell").count() == 2


def test_what_programs_outside_may_hear_is_told_although_no_handler_has_to_do_with_it(heard, inside, monkeypatch):
    names = ("tower.hear", "tower.note")
    monkeypatch.setattr(registry, "_conditions", {("tower.BellRang", name): lambda _rang: False for name in names})
    with transaction.atomic():
        events.publish(BellRang(bell=1))
    assert worker.drain() == 1 and heard == []


def test_an_event_nobody_listens_to_costs_nothing(inside, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(0):
        events.publish(BellRang(bell=1))


def test_a_fact_is_delivered_in_the_scope_and_at_the_time_of_its_coop(rung, heard, sparkle):
    assert not noted()
    before = clock.machine_time()
    run_jobs()
    [(bell, coop_id, by, at)] = heard
    assert (bell, coop_id, by.coop_id) == (1, sparkle.pk, sparkle.pk)
    assert "system" in by.roles and before <= at <= clock.machine_time()
    assert noted() == 1


def test_a_history_can_be_told_at_its_own_time(rung, heard, at):
    with clock.telling(at):
        run_jobs()
    assert heard[0][3] == at


def test_delivering_twice_counts_once(rung):
    run_jobs()
    DBTaskResult.objects.update(status=TaskResultStatus.READY)
    run_jobs()
    assert noted() == 1


def stumble(event, **_):
    raise RuntimeError("the other room is on fire")


def test_a_handler_that_fails_is_tried_again_later_and_says_why(rung, heard, monkeypatch):
    monkeypatch.setitem(registry._handlers["tower.BellRang"], "tower.note", stumble)
    run_jobs()
    [waiting] = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    assert "on fire" in waiting.traceback and waiting.run_after > clock.machine_time()
    assert len(heard) == 1, "one handler's trouble does not hold up the other"

    monkeypatch.setitem(registry._handlers["tower.BellRang"], "tower.note", lambda event, **_: None)
    DBTaskResult.objects.filter(pk=waiting.pk).update(run_after=clock.machine_time())
    run_jobs()
    assert queries.count_by_status()["SUCCESSFUL"] == 2


def test_it_gives_up_in_the_open_and_can_be_replayed(rung, monkeypatch):
    monkeypatch.setitem(registry._handlers["tower.BellRang"], "tower.note", stumble)
    for _ in range(jobs.ATTEMPTS):
        run_jobs()
        DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=clock.machine_time())
    monkeypatch.undo()

    with outside():
        [job] = queries.dead(by=OPERATOR)
        assert (job.attempts, job.error) == (jobs.ATTEMPTS, "RuntimeError: the other room is on fire")
        assert services.replay(by=OPERATOR, job_id=job.id) == 1
        assert queries.dead(by=OPERATOR) == []
        with pytest.raises(services.NotDead):
            services.replay(by=OPERATOR, job_id=job.id)


def test_pauses_grow_and_the_number_of_attempts_is_bounded():
    pauses = [jobs.pause_after(n) for n in range(1, jobs.ATTEMPTS)]
    assert pauses == sorted(pauses) and pauses[0] == timedelta(seconds=4) and sum(pauses, timedelta()) < timedelta(hours=12)


def test_a_member_of_a_coop_does_not_see_the_servers_jobs(inside, board):
    with pytest.raises(Refused):
        queries.dead(by=board)
    with pytest.raises(Refused):
        services.replay(by=board)


def test_the_job_of_a_killed_worker_is_given_back_once_its_lease_is_over(rung):
    rows = DBTaskResult.objects
    rows.update(status=TaskResultStatus.RUNNING, started_at=clock.machine_time() - jobs.LEASE + timedelta(minutes=1))
    assert jobs.release_lost() == 0
    rows.update(started_at=clock.machine_time() - jobs.LEASE - timedelta(minutes=1))
    assert jobs.release_lost() == 2
    run_jobs()
    assert noted() == 1


def test_the_job_of_a_worker_that_is_no_more_is_given_back_at_once_and_of_one_that_lives_is_not(rung):
    rows = DBTaskResult.objects
    gone = subprocess.Popen(["true"])
    gone.wait()
    machine = jobs.worker_name().rpartition(":")[0]
    now = clock.machine_time()
    for worker_id, given_back in (
        (jobs.worker_name(), 0), ("elsewhere:1", 0), ("", 0), (f"{machine}:1", 0), (f"{machine}:{gone.pid}", 2)
    ):  # fmt: skip
        rows.update(status=TaskResultStatus.RUNNING, started_at=now, worker_ids=[worker_id])
        assert jobs.release_lost() == given_back, worker_id


def test_a_job_that_kills_every_worker_is_given_up_in_the_open(rung):
    long_ago, killed = clock.machine_time() - jobs.LEASE - timedelta(minutes=1), ["elsewhere:1"] * jobs.ATTEMPTS
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=long_ago, worker_ids=killed[1:])
    assert jobs.release_lost() == 2 and not jobs.dead()
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=long_ago, worker_ids=killed)
    assert jobs.release_lost() == 2
    with outside():
        assert {job.error for job in queries.dead(by=OPERATOR)} == {"WorkerLost: each worker died of it"}
        assert services.replay(by=OPERATOR) == 2
    run_jobs()
    assert noted() == 1


def test_what_succeeded_long_ago_is_forgotten_and_what_failed_is_not(rung):
    run_jobs()
    DBTaskResult.objects.update(finished_at=clock.machine_time() - jobs.KEPT - timedelta(minutes=1))
    failed = DBTaskResult.objects.first()
    DBTaskResult.objects.filter(pk=failed.pk).update(status=TaskResultStatus.FAILED)
    assert jobs.forget_old() == 1
    assert DBTaskResult.objects.get() == failed


@pytest.fixture
def ticking(quiet, monkeypatch):
    turns = []

    def tick(*, by, at):
        turns.append((current_coop_id(), at))

    tick.__module__ = "toadlane.tower.tasks"
    monkeypatch.setattr(timers, "_timers", {})
    timers.every(timedelta(minutes=5), tick)
    return turns


def test_a_timer_takes_a_turn_in_every_coop_once_its_time_has_come(inside, sparkle, wheels, ticking):
    worker.run_due_timers()
    first, again = list(ticking), worker.run_due_timers()
    assert [coop_id for coop_id, _ in first] == [sparkle.pk, wheels.pk]
    assert not again and ticking == first

    Timer.objects.update(next_at=clock.machine_time())
    assert worker.run_due_timers()
    assert len(ticking) == 4


def test_a_timer_that_knows_who_has_work_asks_only_them_and_sandboxes_ahead(sparkle, wheels, board, ticking, monkeypatch):
    timer = timers.Periodic("tower.tick", timedelta(minutes=5), timers.named("tower.tick").run, due=lambda at: [wheels.pk])
    worker.turn(timer)
    assert [coop_id for coop_id, _ in ticking] == [wheels.pk]
    with scope(sparkle.pk):
        clock_services.advance(by=board, days=3)
    worker.turn(timer)
    assert [coop_id for coop_id, _ in ticking[1:]] == [sparkle.pk, wheels.pk]
    assert ticking[1][1] - ticking[2][1] > timedelta(days=2)


def test_a_timer_that_fails_in_one_coop_goes_on_in_the_next_and_is_tried_again(sparkle, wheels, ticking, monkeypatch):
    def tick(*, by, at):
        if current_coop_id() == sparkle.pk:
            raise RuntimeError("stuck")
        ticking.append(current_coop_id())

    timer = timers.Periodic("tower.tick", timedelta(minutes=5), tick)
    monkeypatch.setitem(timers._timers, "tower.tick", timer)
    for _ in range(2):
        worker.turn(timer)
    assert ticking == [wheels.pk, wheels.pk]
    [job] = DBTaskResult.objects.all()
    assert job.args_kwargs["kwargs"] == {"name": "tower.tick", "coop_id": sparkle.pk}


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_a_bug():
    with scope(1), pytest.raises(transaction.TransactionManagementError, match="inside the transaction"):
        events.publish(BellRang(bell=1))
