import pytest
from django.db import IntegrityError, transaction
from django.db.models import Count

from toadlane.kernel import ids
from toadlane.plumbing.tenancy.scope import NoScope, current_coop_id, every_coop, scope
from toadlane.plumbing.webhooks.models import Delivery, Subscription


def new(at, **fields):
    return Subscription(**{"url": "https://example.org/", "salt": "x", "made_by": "test", "made_at": at} | fields)


READS = {
    "all": lambda at: list(Subscription.objects.all()),
    "get": lambda at: Subscription.objects.get(pk=1),
    "count": lambda at: Subscription.objects.count(),
    "exists": lambda at: Subscription.objects.exists(),
    "values": lambda at: list(Subscription.objects.values("id")),
    "aggregate": lambda at: Subscription.objects.aggregate(n=Count("id")),
    "in_bulk": lambda at: Subscription.objects.in_bulk(),
    "raw": lambda at: list(Subscription.objects.raw("SELECT * FROM webhooks_subscription")),
    "base manager": lambda at: list(Subscription._base_manager.all()),
    "update": lambda at: Subscription.objects.update(note="x"),
    "delete": lambda at: Subscription.objects.all().delete(),
    "create": lambda at: new(at).save(),
    "bulk_create": lambda at: Subscription.objects.bulk_create([new(at)]),
}


@pytest.fixture
def theirs(wheels, at):
    with scope(wheels.pk):
        row = new(at)
        row.save()
        return row


@pytest.fixture
def ours(inside, theirs, at):
    row = new(at)
    row.save()
    return row


def delivery(at, **fields):
    return Delivery(event_id=ids.new(), event="x", payload={}, at=at, **fields)


@pytest.mark.parametrize("name", READS)
def test_nothing_is_reached_without_a_scope(sparkle, at, name):
    with pytest.raises(NoScope):
        READS[name](at)


def test_a_scope_shows_one_coop(ours, theirs):
    assert list(Subscription.objects.all()) == [ours]
    assert not Subscription.objects.filter(pk=theirs.pk).update(note="stolen")


def test_a_foreign_key_does_not_lead_out(ours, theirs, at):
    with pytest.raises(Subscription.DoesNotExist):
        _ = delivery(at, subscription_id=theirs.pk).subscription
    with pytest.raises(Subscription.DoesNotExist):
        theirs.refresh_from_db()


def test_a_row_of_another_coop_cannot_be_written(ours, theirs):
    with pytest.raises(NoScope):
        theirs.save()
    with pytest.raises(NoScope):
        Subscription.objects.bulk_create([theirs])


def test_the_database_refuses_a_reference_into_another_coop(ours, theirs, at):
    kept = delivery(at, subscription_id=ours.pk)
    kept.save()
    for write in (
        lambda: Delivery.objects.filter(pk=kept.pk).update(subscription_id=theirs.pk),
        lambda: delivery(at, subscription_id=theirs.pk).save(),
        lambda: Delivery.objects.bulk_create([delivery(at, subscription_id=theirs.pk)]),
    ):
        with pytest.raises(IntegrityError, match="leaves its co-op"), transaction.atomic():
            write()


def test_the_database_refuses_a_reference_to_a_row_that_is_not_there_yet(inside, at):
    with pytest.raises(IntegrityError, match="leaves its co-op"), transaction.atomic():
        delivery(at, subscription_id=10**9).save()


def test_the_database_refuses_to_move_a_row(ours, wheels):
    with pytest.raises(IntegrityError, match="stays in its co-op"), transaction.atomic():
        Subscription.objects.update(coop_id=wheels.pk)


def test_the_operator_may_look_at_all_but_write_only_by_name(ours, theirs, at):
    with every_coop(reason="counting subscriptions"):
        assert {row.coop_id for row in Subscription.objects.all()} == {ours.coop_id, theirs.coop_id}
        with pytest.raises(NoScope, match="name the co-op"):
            new(at).save()
        with pytest.raises(NoScope):
            current_coop_id()
