"""History cannot be rewritten, and a rewritten one would show."""

from contextlib import contextmanager

import pytest
from django.db import DatabaseError, transaction

from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import queries, services
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.bylaws.rules import RuleFailed
from toadlane.society.bylaws.rules.patches import Op, Patch

FEE = "fees.commission"


@pytest.fixture
def act(inside):
    return Principal.job(inside.pk, "enactment")


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
    with unguarded():
        BylawsVersion.objects.update(decision="forged")
        assert queries.first_broken_link() == 1


@contextmanager
def unguarded():
    """As somebody with the database's own password, who took its refusals down first."""
    refusals.remove()
    try:
        yield
    finally:
        refusals.install()


def faults():
    return {name: found.faults for name, found in invariants.verify_coop().items() if name.startswith("bylaws.")}


def commission(document, value):
    return {**document, "rules": {**document["rules"], FEE: {**document["rules"][FEE], "value": value}}}


def test_a_tampered_rule_is_named_and_stops_whatever_would_follow_it(inside):
    assert not any(faults().values())
    row = BylawsVersion.objects.get()
    with unguarded():
        BylawsVersion.objects.filter(pk=row.pk).update(document=commission(row.document, "0.50"))
        queries.books._kept.cache_clear()
        assert faults()["bylaws.chain"]
        with pytest.raises(RuleFailed):
            queries.book().value(FEE)
    queries.books._kept.cache_clear()


def test_a_version_slipped_in_with_a_right_hash_is_seen_by_what_it_changed(inside, at):
    row = BylawsVersion.objects.get()
    forged = services._append(document=commission(row.document, "0.50"), changed=["gov.simple.quorum"], decision="x", at=at,
                              previous=row)  # fmt: skip
    assert forged.number == 2 and not faults()["bylaws.chain"]
    assert faults()["bylaws.changes_are_declared"] == [f"version 2: {FEE} changed without a decision"]


def test_a_version_taken_out_leaves_a_gap(inside, act, at):
    for n, value in enumerate(("0.06", "0.07"), 1):
        patch = Patch(n, (Op(FEE, queries.book().rule(FEE)["value"], value),))
        services.enact(patch=patch, decision=f"2027-{n}", passed_by="simple", by=act, at=at)
    assert not any(faults().values())
    with unguarded():
        BylawsVersion.objects.filter(number=2)._raw_delete("default")
        assert faults()["bylaws.chain"] and queries.first_broken_link() == 2


def test_a_value_that_the_law_forbids_is_named(inside, at):
    row = BylawsVersion.objects.get()
    entry = {**row.document["rules"][FEE], "cap": {"law": "x", "max": "0.04"}}
    document = {**row.document, "rules": {**row.document["rules"], FEE: entry}}
    services._append(document=document, changed=[FEE], decision="x", at=at, previous=row)
    assert faults()["bylaws.within_the_law"] == [f"{FEE}: above_legal_cap"]
