from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from toadlane.kernel import merkle
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.models import AccountBalance, JournalEntry, Posting, Seal, SealedEntry, Unsealed
from toadlane.money.ledger.services import Leg
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.outbox.worker import run_timers
from toadlane.plumbing.tenancy.scope import scope
from toadlane.plumbing.triggers import refusals


def euro(minor):
    return Money(minor, "EUR")


@pytest.fixture
def post(inside, board, at):
    def _post(*minors, start=0):
        for n, minor in enumerate(minors, start):
            legs = [Leg("2100", euro(minor)), Leg("2110", euro(-minor), holder=f"membership:{n % 2}")]
            ledger.post(key=f"deposit:{n}", narration="Deposit", postings=legs, by=board, at=at)
        return list(JournalEntry.objects.order_by("pk"))

    return _post


@pytest.fixture
def seal(board, at):
    return lambda: ledger.seal(by=board, at=at)


def faults():
    return {name: list(finding.faults) for name, check in queries.checks().items() if (finding := check()).faults}


def test_sealing_numbers_entries_without_gaps_and_keeps_balances(post, seal):
    post(100, 200, 300)
    assert seal() == 3
    post(50, start=3)
    # Half folded, half in the tail.
    assert queries.balance("2110", "EUR") == euro(-650)
    assert queries.balance("2110", "EUR", "membership:1") == euro(-250)
    assert seal() == 1
    assert seal() == 0
    assert queries.balance("2110", "EUR") == euro(-650)
    assert list(SealedEntry.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]
    assert not Unsealed.objects.exists()
    del_held = faults().pop("ledger.held_funds", None)
    assert set(faults()) <= {"ledger.held_funds"}, del_held


def test_balances_are_read_in_one_statement(post, seal, django_assert_num_queries):
    post(100, 200)
    seal()
    post(5, start=2)
    with django_assert_num_queries(1):
        queries.balance("2110", "EUR")
    with django_assert_num_queries(1):
        queries.balances()
    with django_assert_num_queries(1):
        assert [row.minor for row in queries.holders("2110", "EUR")] == [-105, -200]


def test_each_entry_can_be_proved_and_nothing_else_can(post, seal):
    entries = post(*range(1, 8))
    assert queries.proof(entries[0].pk) is None
    seal()
    for entry in entries:
        proof = queries.proof(entry.pk)
        assert proof
        assert queries.proof_holds(proof)
        assert not queries.proof_holds(replace(proof, digest="00" * 32))
        assert not queries.proof_holds(replace(proof, seal=proof.seal | {"root": "00" * 32}))
        assert not queries.proof_holds(replace(proof, signature="00" * 64))


@given(st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=40), st.data())
def test_a_path_leads_to_the_root_from_its_own_place_only(digests, data):
    index = data.draw(st.integers(0, len(digests) - 1))
    root, path = merkle.root(digests), merkle.path(digests, index)
    assert merkle.leads_to(digests[index], index, len(digests), path, root)
    assert not merkle.leads_to("ab" * 32, index, len(digests), path, root)
    assert not merkle.leads_to(digests[index], len(digests), len(digests), path, root)
    if len(digests) > 1:
        assert not merkle.leads_to(digests[index], index, len(digests), path[:-1], root)


def test_merkle_roots_are_those_of_rfc_6962():
    # The test vectors of the certificate transparency reference implementation: leaves "", 00, 10.
    empty = merkle.leaf("").hex()
    assert empty == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root(["", "00"]) == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert merkle.root(["", "00", "10"]) == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"


@pytest.mark.parametrize(
    ("tamper", "shows"),
    [
        (lambda e: Posting.objects.filter(entry=e, position=0).update(minor=5_000), "ledger.zero_sums"),
        (lambda e: Posting.objects.filter(entry=e).update(holder="membership:9"), "ledger.untouched"),
        (lambda e: JournalEntry.objects.filter(pk=e.pk).update(narration="Lunch"), "ledger.untouched"),
        (lambda e: JournalEntry.objects.filter(pk=e.pk).update(digest="00" * 32), "ledger.seals"),
        (lambda e: SealedEntry.objects.filter(entry=e).delete(), "ledger.seals"),
        (lambda e: Seal.objects.update(root="00" * 32), "ledger.seals"),
        (lambda e: Seal.objects.update(signature="00" * 64), "ledger.seals"),
        (lambda e: AccountBalance.objects.update(minor=1), "ledger.kept_balances"),
        (lambda e: Unsealed.objects.create(entry=e), "ledger.kept_balances"),
    ],
)
def test_tampering_shows(post, seal, tamper, shows):
    entries = post(1, 2, 3)
    seal()
    assert shows not in faults()
    refusals.remove()  # What someone with the keys of the database could do.
    tamper(entries[1])
    assert shows in faults()


def test_the_log_neither_forks_nor_skips(post, seal):
    post(1, 2)
    seal()
    first = Seal.objects.get()
    after = {"root": "r", "hash": "h", "signature": "s", "key_id": "k", "sealed_at": first.sealed_at, "count": 1}
    right = {"number": 2, "first": 3, "last": 3, "previous_hash": first.hash}
    for wrong in ({"number": 3}, {"previous_hash": ""}, {"first": 4, "last": 4}, {"count": 2}):
        with pytest.raises(IntegrityError, match="continue its log"), transaction.atomic():
            Seal.objects.create(**after | right | wrong)
    for write in (lambda: Seal.objects.update(root="x"), lambda: SealedEntry.objects.all()._raw_delete("default")):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            write()


def test_the_worker_seals_each_coop_apart(post, inside, wheels, at, board):
    post(1, 2)
    timer = timers.named("ledger.seal")
    assert timer.due
    with scope(inside.pk):
        assert Unsealed.objects.count() == 2
    run_timers(inside.pk)
    with scope(inside.pk):
        assert (Unsealed.objects.count(), Seal.objects.count()) == (0, 1)
    with scope(wheels.pk):
        assert not Seal.objects.exists()
