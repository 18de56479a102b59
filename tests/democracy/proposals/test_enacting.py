"""A decision takes effect once, whole, on its day: under a crash at each step, with two workers, and when it is paused."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from tests.conftest import run_jobs
from toadlane.democracy.proposals import services
from toadlane.democracy.proposals.models import Decision, Enactment, Moment, Proposal, Stage
from toadlane.democracy.proposals.queries import decisions
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id, scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.bylaws.rules import decisions as kinds

FEE = "fees.commission"


class Killed(BaseException):
    """The worker is gone: no handler of ours gets to see it."""


class Killer:
    """Kill the worker at its n-th statement, before it is carried out or after."""

    def __init__(self, at_statement, *, after=False):
        self.left, self.after = at_statement, after

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left == 0 and not self.after:
            raise Killed
        found = execute(sql, params, many, context)
        if self.left == 0:
            raise Killed
        return found


@pytest.fixture
def decision(decided, idea):
    return decided(idea())


def test_nobody_brings_the_day_forward_in_the_database(decision, job):
    enactment = Enactment.objects.get()
    early = enactment.due_at - timedelta(days=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Enactment.objects.update(effective_on=early.date())
    Enactment.objects.update(due_at=early)
    assert services.enact_due(by=job, at=early) == 0 and is_untouched()
    assert services.enact_due(by=job, at=enactment.due_at) == 1


def is_untouched():
    """Say that nothing of it has happened."""
    enactment = Enactment.objects.select_related("decision__proposal").get()
    return (
        BylawsVersion.objects.count() == 1
        and enactment.state == Enactment.State.SCHEDULED
        and enactment.decision.proposal.stage == Stage.COOLING
        and not Moment.objects.filter(deed="enacted").exists()
        and bylaws.coming() != []
    )


def is_done_once():
    enactment = Enactment.objects.select_related("decision__proposal").get()
    return (
        BylawsVersion.objects.count() == 2
        and enactment.state == Enactment.State.ENACTED
        and enactment.decision.proposal.stage == Stage.IN_FORCE
        and Moment.objects.filter(deed="enacted").count() == 1
        and bylaws.coming() == []
        and bylaws.first_broken_link() is None
    )


def crash(at_statement, due, *, after=False):
    """Let a worker die at a statement; return whether it lived that long."""
    killer = Killer(at_statement, after=after)
    try:
        with connection.execute_wrapper(killer):
            services.enact_due(by=Principal.job(current_coop_id()), at=due)
    except Killed:
        return True
    finally:
        bylaws.forget_in_force()
    return False


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_statement_leaves_all_or_nothing(decision, after):
    due, steps = decision.enactment.due_at, 0
    while crash(steps + 1, due, after=after):
        steps += 1
        connection.close()  # What a killed process leaves behind: nothing that was not committed.
        assert is_untouched() or is_done_once(), f"half a decision after statement {steps}"
        if is_done_once():
            break
    assert steps > 15, "there were steps to die at"
    services.enact_due(by=Principal.job(current_coop_id()), at=due)
    assert is_done_once()


@pytest.mark.django_db(transaction=True)
def test_two_workers_of_whom_one_dies_at_any_step_do_it_once(decision):
    due, coop_id = decision.enactment.due_at, current_coop_id()
    gate = threading.Barrier(2)

    def work(killed_at):
        with scope(coop_id):
            gate.wait()
            try:
                return crash(killed_at, due) if killed_at else services.enact_due(by=Principal.job(coop_id), at=due)
            except DatabaseError as error:  # SQLite lets one writer in at a time, and the other may give up: it comes again.
                return error
            finally:
                connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, (12, 0)))
        list(pool.map(work, (0, 0)))
    assert is_done_once()


@pytest.mark.django_db(transaction=True)
def test_a_crowd_of_workers_does_it_once(decision):
    due, coop_id = decision.enactment.due_at, current_coop_id()
    gate = threading.Barrier(6)

    def work(_n):
        with scope(coop_id):
            gate.wait()
            try:
                return services.enact_due(by=Principal.job(coop_id), at=due)
            finally:
                connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(work, range(6))) >= 1
    assert is_done_once()


def test_the_one_that_came_late_finds_it_done(inside, decision, job):
    late = Enactment.objects.get()
    services.enact_due(by=job, at=decision.enactment.due_at)
    assert services.enact(enactment=late, by=job, at=decision.enactment.due_at).state == Enactment.State.ENACTED
    assert is_done_once()


def test_an_error_that_nobody_expected_is_tried_again_and_then_shown(inside, decision, job, monkeypatch):
    def stumble(**_more):
        raise RuntimeError("a bug of ours")

    with monkeypatch.context() as broken:
        broken.setitem(kinds._kinds, "patch", kinds.Kind(**{**vars(kinds.kind("patch")), "enact": stumble}))
        due = decision.enactment.due_at
        for n in range(1, 5):
            assert services.enact_due(by=job, at=due) == 0
            row = Enactment.objects.get()
            assert (row.state, row.attempts) == ("scheduled", n)
        services.enact_due(by=job, at=due)
    row = Enactment.objects.get()
    assert row.state == "failed" and "a bug of ours" in row.error and bylaws.book().number == 1


def test_an_error_that_passes_does_no_harm(inside, decision, job, monkeypatch):
    def stumble(**_more):
        raise RuntimeError("away for a moment")

    with monkeypatch.context() as broken:
        broken.setitem(kinds._kinds, "patch", kinds.Kind(**{**vars(kinds.kind("patch")), "enact": stumble}))
        services.enact_due(by=job, at=decision.enactment.due_at)
    services.enact_due(by=job, at=decision.enactment.due_at)
    assert is_done_once()


def halt(inside, at, hours=72):
    by = Principal.job(inside.pk, "guardians")
    about = {"action": "bylaws.enact", "cause": "decision:2027-1", "reasons": "The notice was not sent.", "signed_by": [1, 2]}
    return rules.halt(**about, by=by, at=at, hours=hours)


def test_a_pause_makes_it_wait_and_is_no_failure(inside, decision, job):
    due = decision.enactment.due_at
    pause = halt(inside, due - timedelta(hours=1))
    assert services.enact_due(by=job, at=due) == 0
    row = Enactment.objects.get()
    assert (row.state, row.error_code, row.due_at) == ("scheduled", "halted", pause.until) and "notice" in row.error
    assert services.enact_due(by=job, at=pause.until - timedelta(seconds=1)) == 0 and bylaws.book().number == 1
    assert [one.due_at for one in bylaws.coming()] == [pause.until], "the door opens when the pause is over"
    assert services.enact_due(by=job, at=pause.until) == 1
    assert is_done_once() and not Enactment.objects.get().error


def test_what_was_decided_cannot_be_swapped(inside, decision, job):
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.update(contents=[])
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.update(text="Something else.")


def test_a_decision_that_is_not_what_it_was_is_not_carried_out(inside, decision, job):
    from toadlane.plumbing.triggers import refusals

    refusals.remove()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE proposals_decision SET title = 'Sell everything'")
    refusals.install()
    services.enact_due(by=job, at=decision.enactment.due_at)
    row = Enactment.objects.get()
    assert (row.state, row.error_code) == ("failed", "changed") and bylaws.book().number == 1


@pytest.mark.parametrize("state", ["enacted", "annulled"])
def test_what_is_over_stays_over(inside, decision, job, state, at):
    Enactment.objects.update(state=state, enacted_at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Enactment.objects.update(state="scheduled")
    with pytest.raises(DatabaseError), transaction.atomic():
        Enactment.objects.all()._raw_delete("default")


def test_everybody_hears_what_came_of_it(inside, decision, job, settings):
    from toadlane.society.messaging.models import Announcement

    run_jobs()
    assert Announcement.objects.filter(template="proposals/decided").count() == 1
    services.enact_due(by=job, at=decision.enactment.due_at)
    assert [one.deed for one in decision.proposal.moments.all()][-1] == "enacted"


def test_a_co_op_is_asked_only_when_something_is_due(inside, wheels, decision):
    from toadlane.plumbing.tenancy.scope import every_coop

    due = decision.enactment.due_at
    with every_coop(reason="as the timer asks"):
        assert decisions.coops_with_due(due - timedelta(seconds=1)) == [] and decisions.coops_with_due(due) == [inside.pk]


def test_charlies_worker_enacts_nothing_here(inside, wheels, decision):
    from toadlane.plumbing.access.principals import Refused

    with pytest.raises(Refused):
        services.enact_due(by=Principal.job(wheels.pk), at=decision.enactment.due_at)
    with scope(wheels.pk):
        assert services.enact_due(by=Principal.job(wheels.pk), at=decision.enactment.due_at) == 0
    assert is_untouched()
