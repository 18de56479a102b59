"""A co-op's set-up is read once for as long as it says the same, and anew as soon as it says something else."""

import pytest

from toadlane.society.coops import models
from toadlane.society.coops.models import Coop


@pytest.fixture
def opened(sparkle):
    sparkle.config = {"kinds": ["mug"]}
    sparkle.save()
    models._setups.clear()
    return sparkle


def door(coop):
    return Coop.objects.get(pk=coop.pk)


def test_a_request_does_not_read_it_and_asks_for_it_once(opened, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = door(opened)
    with django_assert_num_queries(1):
        assert found.setup == {"kinds": ["mug"]}
    with django_assert_num_queries(1):
        assert door(opened).setup is found.setup


def test_what_is_written_anew_is_seen_at_once(opened):
    before = door(opened)
    assert before.setup == {"kinds": ["mug"]}
    after = door(opened)
    after.config = {"kinds": ["bowl"]}
    after.save(update_fields=["config", "config_digest"])
    assert door(opened).setup == {"kinds": ["bowl"]}


def test_a_row_read_before_a_change_never_names_the_new_set_up_by_the_old_digest(opened):
    stale = door(opened)
    changed = door(opened)
    changed.config = {"kinds": ["bowl"]}
    changed.save()
    assert stale.setup == {"kinds": ["bowl"]}, "read late, as it is now"
    assert stale.config_digest not in models._setups


def test_saving_something_else_leaves_it(opened):
    found = door(opened)
    found.name = "Another name"
    found.save()
    assert door(opened).setup == {"kinds": ["mug"]}
