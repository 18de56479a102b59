"""SQLite has one writer at a time: the others wait for it, and look often enough to be next."""

import threading
import time

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections, transaction

from toadlane.plumbing.sqlite import base
from toadlane.plumbing.sqlite.services import be_patient
from toadlane.plumbing.tenancy.models import Tenant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.IS_POSTGRESQL, reason="PostgreSQL has many writers"),
]


@pytest.fixture
def somebody_writes():
    """Somebody who holds the lock until told to let go."""
    has_it, let_go = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Tenant.objects.create()
            has_it.set()
            let_go.wait(10)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert has_it.wait(5)
    yield let_go
    let_go.set()
    thread.join()


@pytest.mark.parametrize("write", ["in a transaction", "alone"])
def test_who_waits_is_next_within_milliseconds(somebody_writes, write):
    threading.Timer(0.3, somebody_writes.set).start()
    began = time.monotonic()
    if write == "alone":
        Tenant.objects.create()
    else:
        with transaction.atomic():
            Tenant.objects.create()
    assert 0.25 < time.monotonic() - began < 2
    assert Tenant.objects.count() == 2


def test_nobody_waits_for_ever(somebody_writes, monkeypatch):
    monkeypatch.setattr(base, "PATIENCE", base.PATIENCE)
    be_patient(0.05)
    with pytest.raises(OperationalError, match="locked"):
        Tenant.objects.create()
    assert Tenant.objects.count() == 0, "and reading waits for nobody"


def test_statements_are_written_as_sqlite_has_them(db):
    with connection.cursor() as cursor:
        assert cursor.execute("SELECT %s, '100 %%'", [7]).fetchone() == (7, "100 %")
        assert cursor.execute("SELECT %(n)s", {"n": 7}).fetchone() == (7,)
        assert cursor.execute("SELECT '100 %'").fetchone() == ("100 %",)
