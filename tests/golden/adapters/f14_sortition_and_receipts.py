from collections.abc import Iterator
from typing import Any

from tests.golden.adapters import Case, asked_for, expected, tried
from toadlane.democracy.counting.policies import receipts, sortition


def run(document: dict[str, Any]) -> Iterator[Case]:
    # Who is drawn, not in which order it is told.
    yield from tried(
        document.get("sortition"), lambda case: sorted(draw(case)), lambda case: expected(case, sorted(case.get("expect", ())))
    )
    quotas = [case for case in document.get("sortition", ()) if "expect_quota" in case]
    yield from tried(quotas, quota, lambda case: case["expect_quota"])
    boards = {case["id"]: case["ballots"] for case in document.get("receipts", ())}
    yield from tried(document.get("receipts"), published)
    yield from tried(
        document.get("merkle"), lambda case: proven(case, boards), lambda case: {key: case[key] for key in asked(case)}
    )


def quota(case: dict[str, Any]) -> dict[str, int]:
    return dict(sortition.draw_from_strata(case["seed"], case["strata"], case["n"]).quota)


def published(case: dict[str, Any]) -> dict[str, Any]:
    genesis = case.get("genesis", receipts.GENESIS)
    hashes = [receipts.ballot_hash(**ballot) for ballot in case["ballots"]]
    links = receipts.chain(hashes, genesis)
    assert receipts.broken_at(hashes, links, genesis) is None
    found = {"ballot_hashes": hashes, "chain": links, "tracker": [receipts.tracker(one) for one in hashes]}
    return asked_for(found, case)


def asked(case: dict[str, Any]) -> list[str]:
    return [key for key in ("expect_root", "expect_proof") if key in case]


def proven(case: dict[str, Any], boards: dict[str, Any]) -> dict[str, Any]:
    hashes = [receipts.ballot_hash(**ballot) for ballot in (boards[case["of"]] if "of" in case else case["ballots"])]
    found: dict[str, Any] = {"expect_root": receipts.root(hashes)}
    if "proof_for" in case:
        proof = receipts.proof(hashes, case["proof_for"])
        assert receipts.leads_to(proof, found["expect_root"])
        found["expect_proof"] = [list(step) for step in proof.steps]
    return {key: found[key] for key in asked(case)}


def draw(case: dict[str, Any]) -> list[str]:
    if "strata" in case:
        return list(sortition.draw_from_strata(case["seed"], case["strata"], case["n"]).members)
    return list(sortition.draw(case["seed"], case["members"], case["n"]).members)
