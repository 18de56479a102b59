"""A query that is worked out once answers as any other: the same rows, and of the co-op in scope alone."""

from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models import OuterRef, Subquery
from django_tasks_db.models import DBTaskResult

from toadlane.money.payments.models import Payout
from toadlane.plumbing.outbox import jobs
from toadlane.plumbing.outbox.delivery import deliver
from toadlane.plumbing.tenancy import prepared
from toadlane.plumbing.tenancy.prepared import MOST, Among, Param, Prepared, insert, insert_unless_there, update
from toadlane.plumbing.tenancy.scope import NoScope, outside, scope
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.members.models import Membership
from toadlane.trade.booking.models import Booking, Resource


def asked():
    newest = BylawsVersion.objects.order_by("-number").values("number")[:1]
    kept = BylawsVersion.objects.filter(number=1, coop_id=OuterRef("coop_id")).values("changed")[:1]
    rows = Membership.objects.select_related("person", "organisation").annotate(rules=Subquery(newest), changed=Subquery(kept))
    return rows.filter(pk=Param("pk"), joined_on__lte=Param("day"))


def of(person, coop):
    with scope(coop.pk):
        return Membership.objects.get(person=person)


def test_it_answers_as_django_does(sparkle, wheels, bob, at, django_assert_num_queries):
    query, mine = Prepared(asked), of(bob, sparkle)
    with scope(sparkle.pk):
        for _again in range(2):
            with django_assert_num_queries(1):
                [row] = query(pk=mine.pk, day=at.date())
                assert (row, row.person.name, row.organisation, row.rules) == (mine, "Bob", None, 1)
            assert "fees.commission" in row.changed, "a list, not its text"
        assert query(pk=mine.pk, day=at.date() - timedelta(days=1)) == []
        row.save()  # It is a row like any other.


def test_it_sees_only_the_coop_in_scope_whichever_asked_first(sparkle, wheels, bob, charlie, at):
    query, here, next_door = Prepared(asked), of(bob, sparkle), of(charlie, wheels)
    with scope(sparkle.pk):
        assert query(pk=here.pk, day=at.date()) == [here]
        assert query(pk=next_door.pk, day=at.date()) == []
    with scope(wheels.pk):
        assert query(pk=next_door.pk, day=at.date()) == [next_door]
        assert query(pk=here.pk, day=at.date()) == []
    with outside(), pytest.raises(NoScope):
        query(pk=here.pk, day=at.date())


def test_a_list_of_any_length_is_given_later(sparkle, wheels, bob, charlie, at, django_assert_num_queries):
    query = Prepared(lambda: Membership.objects.filter(Among("pk", Param("pks")), joined_on__lte=Param("day")))
    here, next_door = of(bob, sparkle), of(charlie, wheels)
    with scope(sparkle.pk), django_assert_num_queries(3):
        assert query(pks=[here.pk, here.pk, 10**12], day=at.date()) == [here]
        assert query(pks=[], day=at.date()) == []
        assert query(pks=[next_door.pk, *range(10**9, 10**9 + 300)], day=at.date()) == []


def claim(resource, at, **more):
    return Booking(resource=resource, starts_at=at, ends_at=at + timedelta(hours=1), state="requested", key=str(uuid4()),
                   asked_by="x", asked_at=at, **more)  # fmt: skip


def test_rows_are_written_as_django_writes_them(inside, wheels, at):
    room = Resource.objects.create(name="Room", time_zone="UTC", is_always_open=True)
    rows = [claim(room, at, subject="it's 100 % \U0001f438", expires_at=at), claim(room, at)]
    insert(rows)
    assert rows[0].pk != rows[1].pk
    assert list(Booking.objects.order_by("pk").values()) == [
        {field.attname: getattr(row, field.attname) for field in Booking._meta.concrete_fields} for row in rows
    ]
    assert {row.coop_id for row in rows} == {inside.pk} and not rows[0]._state.adding
    with pytest.raises(NoScope):
        insert([claim(room, at, coop_id=wheels.pk)])
    twice = claim(room, at)
    twice.key = rows[0].key
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([twice])
    insert([])
    assert Booking.objects.count() == 2


@pytest.mark.parametrize("count", [1, 3, MOST + 1])
def test_jobs_are_written_many_at_once(db, count):
    calls = [{"coop_id": 1, "event": "a.B", "handler": "", "payload": {"n": n, "odd": None}, "tell": ""} for n in range(count)]
    jobs.enqueue_all(deliver, calls)
    rows = DBTaskResult.objects.all()
    assert sorted((row.args_kwargs["kwargs"] for row in rows), key=lambda call: call["payload"]["n"]) == calls
    assert all((row.worker_ids, row.return_value, row.started_at) == ([], None, None) for row in rows)
    assert jobs.ready().count() == count


def test_thousands_are_written_and_what_is_there_is_passed_over(inside, wheels, at, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(prepared, "AT_ONCE", 3)
    rows = [
        Payout(
            id=uuid4(),
            key=f"k{n % 4}",
            holder=f'"Zoë" \\ {n}',
            currency="EUR",
            amount_minor=n + 1,
            provider="manual",
            asked_at=at,
        )
        for n in range(5)
    ]
    with django_assert_num_queries(2):
        insert_unless_there(rows)
    found = Payout.objects.order_by("amount_minor")
    assert [one.key for one in found] == ["k0", "k1", "k2", "k3"], "the fifth has the key of the first"
    for one, row in zip(found, rows, strict=False):
        assert {name: value for name, value in vars(one).items() if name != "_state"} == {
            name: value for name, value in vars(row).items() if name != "_state"
        }
    insert_unless_there(rows[:1])
    assert found.count() == 4 and found[0].coop_id == inside.pk
    with pytest.raises(NoScope):
        insert_unless_there([Payout(coop_id=wheels.pk, id=uuid4(), key="x", amount_minor=1, asked_at=at)])


def test_a_change_finds_what_it_expects_or_nothing(inside, wheels, at):
    room = Resource.objects.create(name="Room", time_zone="UTC", is_always_open=True)
    row = claim(room, at)
    insert([row])
    later = at + timedelta(days=1)
    assert update(Booking, {"state": "held", "expires_at": later}, id=row.pk, state="released") == 0
    assert update(Booking, {"state": "held", "expires_at": later}, id=row.pk, state="requested", unlike={"key": row.key}) == 0
    assert update(Booking, {"state": "held", "expires_at": later}, id=row.pk, state="requested", unlike={"key": "other"}) == 1
    row.refresh_from_db()
    assert (row.state, row.expires_at) == ("held", later)
    with scope(wheels.pk):
        assert update(Booking, {"state": "released"}, id=row.pk) == 0
    with outside(), pytest.raises(NoScope):
        update(Booking, {"state": "released"}, id=row.pk)


@pytest.mark.django_db(transaction=True)
def test_threads_share_what_was_worked_out_and_nothing_else(sparkle, wheels, bob, charlie, at):
    query, ours, wrong = Prepared(asked), [(sparkle, of(bob, sparkle)), (wheels, of(charlie, wheels))], []

    def ask(coop, member):
        try:
            with scope(coop.pk):
                wrong.extend(1 for _ in range(20) if query(pk=member.pk, day=at.date()) != [member])
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=ask, args=ours[n % 2]) for n in range(6)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    assert wrong == []
