"""History cannot be rewritten, and a rewritten one would show."""

import pytest
from django.db import DatabaseError, transaction

from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import queries, services
from toadlane.society.bylaws.models import BylawsVersion


def test_a_version_cannot_be_changed_or_dropped(inside):
    for deed in (
        lambda: BylawsVersion.objects.update(decision="mine"),
        lambda: BylawsVersion.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            deed()


def test_a_second_founding_is_refused(inside, at):
    with pytest.raises(DatabaseError), transaction.atomic():
        act = Principal.job(inside.pk, "enactment")
        services.found(document={"pack": "none@1", "rules": {}, "procedures": {}, "organs": {}}, by=act, at=at)


def test_a_board_member_writes_no_rules(inside, board, at):
    with pytest.raises(Refused):
        services.found(document={"rules": {}}, by=board, at=at)


def test_the_chain_holds_and_a_forged_link_shows(inside):
    assert queries.first_broken_link() is None
    refusals.remove()
    try:
        BylawsVersion.objects.update(decision="forged")
        assert queries.first_broken_link() == 1
    finally:
        refusals.install()
