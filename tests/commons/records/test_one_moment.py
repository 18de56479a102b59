"""A file is of one instant: what others write meanwhile is in the next one, and they do not wait for it."""

import threading

import pytest
from django.db import connections

from toadlane.commons.records.models import RecordsFile
from toadlane.commons.records.queries.writing import one_moment
from toadlane.plumbing.tenancy.scope import scope

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_others_write_meanwhile_is_not_in_it(inside):
    def write():
        with scope(inside.pk):
            RecordsFile.objects.create(variant="full")
        connections.close_all()

    with one_moment():
        assert RecordsFile.objects.count() == 0
        other = threading.Thread(target=write)
        other.start()
        other.join(timeout=15)
        assert not other.is_alive(), "whoever writes waits for the file"
        assert RecordsFile.objects.count() == 0
    assert RecordsFile.objects.count() == 1


def test_nothing_is_written_by_it(inside):
    with pytest.raises(RuntimeError), one_moment():
        raise RuntimeError
    # The connection is as it was, for whoever uses it next.
    assert RecordsFile.objects.create(variant="full").pk
