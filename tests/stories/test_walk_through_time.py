"""A sandbox that is moved on lives through what lies between: each thing at its own time, and in the order of life."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests.conftest import run_jobs
from toadlane.democracy.ballots import queries as ballots
from toadlane.democracy.ballots import services as voting
from toadlane.democracy.ballots.models import Ballot
from toadlane.democracy.proposals import services as proposals
from toadlane.democracy.proposals.models import Decision, Stage
from toadlane.plumbing.access.principals import Channel, Refused
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.clock import services as sandbox
from toadlane.plumbing.outbox import jobs, services, timers, walking, worker
from toadlane.plumbing.outbox.delivery import take_turn
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id, scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.queries import principal
from toadlane.society.messaging.models import Announcement

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def here(inside, at, board):
    """Let Sparkle live on the day on which it was founded, with nothing left over from then; return what its clock says."""
    Tenant.objects.filter(pk=inside.pk).update(ahead_by=at - clock.machine_time())
    run_jobs()
    return lambda: clock.now(Tenant.objects.get(pk=inside.pk))


@pytest.fixture
def walk(inside, board):
    def go(days):
        services.move_on(by=board, days=days)
        walking.accompany(inside.pk, print)

    return go


@pytest.fixture
def idea(worker, here):
    change = {"base": 1, "ops": [{"rule": "fees.commission", "expect": "0.05", "set": "0.06"}]}
    contents = [{"kind": "patch", "payload": change}]
    return proposals.propose(title="Raise the fee to 6 %", contents=contents, by=worker, at=here())


def soon_after(moment, due):
    return timedelta(0) <= moment - due < A_MINUTE


def test_a_vote_opens_and_closes_within_one_jump_each_at_its_time_and_is_told_of_in_order(idea, here, walk):
    began = here()
    walk(60)
    assert timedelta(days=60) <= here() - began < timedelta(days=60) + 5 * A_MINUTE
    idea.refresh_from_db()
    ballot = Ballot.objects.get(proposal=idea, round=1)
    assert idea.stage == Stage.EXPIRED, "nobody voted"
    assert soon_after(idea.noticed_at, idea.talk_until) and soon_after(ballot.opens_at, idea.vote_from)
    assert soon_after(ballot.closed_at, ballot.closes_at)
    deeds = [(one.deed, one.at) for one in idea.moments.order_by("at", "pk")]
    assert [deed for deed, _at in deeds] == ["made", "opened", "announced", "voting_began", "decided"]
    told = list(Announcement.objects.order_by("pk").values_list("made_at", flat=True))
    assert told == sorted(told) and soon_after(told[-1], ballot.closed_at)
    assert not jobs.dead().exists()


def test_what_is_decided_on_the_way_takes_effect_on_its_day(idea, here, walk, board, worker):
    while not Ballot.objects.exists():
        walk(2)
    ballot = Ballot.objects.get(proposal=idea)
    for by in (board, worker):
        for entry in ballots.my_entries(ballot, by):
            voting.cast(ballot=ballot, entry=entry, choice="for", by=by, at=here())
    walk(60)
    enactment = Decision.objects.get().enactment
    midnight = datetime.combine(enactment.effective_on, time(), tzinfo=UTC)
    assert enactment.state == "enacted" and soon_after(enactment.enacted_at, midnight)
    assert soon_after(enactment.decision.decided_at, ballot.closes_at)
    decided = bylaws.book().decided("fees.commission")
    assert (decided.value, decided.decision) == ("0.06", enactment.decision.name)


def test_what_knows_no_moments_has_its_turn_when_each_day_begins(inside, here, walk, monkeypatch):
    turns: list[datetime] = []
    tick = timers.Periodic("tower.tick", timedelta(hours=1), lambda *, by, at: turns.append(at))
    monkeypatch.setitem(timers._timers, "tower.tick", tick)
    walk(3)
    first, *nights, last = turns
    assert [(night.hour, night.minute) for night in nights] == [(0, 0)] * 3 and here() - last < A_MINUTE
    assert [night.date() - first.date() for night in nights] == [timedelta(days=n) for n in (1, 2, 3)]


def test_what_is_due_over_and_over_and_never_done_keeps_nobody_on_the_way(inside, here, walk, monkeypatch):
    """A timer that names another moment every second is asked less and less often, and each hour at least."""
    turns: list[datetime] = []
    restless = timers.Periodic(
        "tower.tick", timedelta(hours=1), lambda *, by, at: turns.append(at), moment_after=lambda at: at + timedelta(seconds=1)
    )
    monkeypatch.setitem(timers._timers, "tower.tick", restless)
    walk(2)
    assert 48 <= len(turns) < 80
    assert max(later - earlier for earlier, later in pairwise(turns)) < timedelta(hours=1) + A_MINUTE


def test_a_worker_that_dies_on_the_way_leaves_it_to_the_next(idea, inside, here, board, monkeypatch):
    began = here()
    services.move_on(by=board, days=10)

    def die(**_more):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(walking.sandbox, "step", die)
        with pytest.raises(SystemExit):
            walking.accompany(inside.pk, print)
    assert DBTaskResult.objects.get(status=TaskResultStatus.RUNNING).args_kwargs["kwargs"]["sandbox_id"] == inside.pk
    assert here() - began < A_MINUTE, "it stands where it stood"
    DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).update(
        worker_ids=["elsewhere:1"], started_at=clock.machine_time() - timedelta(hours=1)
    )
    assert jobs.release_lost() == 1
    walking.accompany(inside.pk, print)
    assert here() - began > timedelta(days=10)
    idea.refresh_from_db()
    assert soon_after(idea.noticed_at, idea.talk_until)


def test_time_waits_for_a_job_that_another_worker_has_in_hand(inside, here, board):
    began = here()
    jobs.enqueue_all(take_turn, [{"name": "ledger.seal", "coop_id": inside.pk}])
    elsewhere = worker.claim("elsewhere:1")
    services.move_on(by=board, days=1)
    while not (stretch := worker.claim("here:1", sandbox_id=inside.pk)):
        pass
    assert worker.attempt(stretch)
    assert here() - began < A_MINUTE and walking.is_going(inside.pk)
    worker.attempt(elsewhere)
    walking.accompany(inside.pk, print)
    assert here() - began > timedelta(days=1)


def test_who_is_sent_on_while_on_the_way_goes_as_far_as_both_together_and_once(inside, here, board):
    began = here()
    services.move_on(by=board, days=1)
    services.move_on(by=board, hours=2)
    assert DBTaskResult.objects.filter(args_kwargs__kwargs__sandbox_id=inside.pk).count() == 1
    walking.accompany(inside.pk, print)
    assert timedelta(days=1, hours=2) <= here() - began < timedelta(days=1, hours=2) + A_MINUTE


def test_the_board_lets_it_stay_where_it_is_and_nobody_else_does(inside, here, board, worker):
    services.move_on(by=board, days=30)
    with pytest.raises(Refused):
        services.stay(by=worker)
    services.stay(by=board)
    while walking.is_going(inside.pk):
        run_jobs()
    assert Tenant.objects.get(pk=inside.pk).bound_for is None


def test_a_coop_of_real_people_is_sent_nowhere_not_even_by_the_database(wheels, charlie):
    with scope(wheels.pk):
        by = principal(person_id=charlie.pk, channel=Channel.WEB)
        with pytest.raises(sandbox.NotASandbox):
            services.move_on(by=by, days=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Tenant.objects.filter(pk=wheels.pk).update(bound_for=timedelta(days=1))


def test_a_sandbox_walks_forward_only(inside, here, board, charlie):
    assert current_coop_id() == inside.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Tenant.objects.filter(pk=inside.pk).update(bound_for=timedelta(days=-100_000))
    with pytest.raises(sandbox.OnlyForward):
        services.move_on(by=board, days=0)
