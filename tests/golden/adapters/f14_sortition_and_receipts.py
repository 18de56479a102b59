from collections.abc import Iterator
from typing import Any

from tests.golden.adapters import Case, outcome
from toadlane.democracy.counting.policies import receipts, sortition


def run(document: dict[str, Any]) -> Iterator[Case]:
    for case in document.get("sortition", ()):
        # Who is drawn, not in which order it is told.
        yield Case(case["id"], outcome(lambda case=case: sorted(draw(case))), sorted(case["expect"]))
        if "expect_quota" in case:
            quota = sortition.draw_from_strata(case["seed"], case["strata"], case["n"]).quota
            yield Case(case["id"], quota, case["expect_quota"])
    boards = {}
    for case in document.get("receipts", ()):
        hashes = boards[case["id"]] = [receipts.ballot_hash(**ballot) for ballot in case["ballots"]]
        links = receipts.chain(hashes, case["genesis"])
        assert receipts.broken_at(hashes, links, case["genesis"]) is None
        found = {"ballot_hashes": hashes, "chain": links, "tracker": [receipts.tracker(one) for one in hashes]}
        yield Case(case["id"], {key: found[key] for key in case["expect"]}, case["expect"])
    for case in document.get("merkle", ()):
        hashes = boards[case["of"]]
        proof = receipts.proof(hashes, case["proof_for"])
        assert receipts.leads_to(proof, receipts.root(hashes))
        yield Case(case["id"], receipts.root(hashes), case["expect_root"])
        yield Case(case["id"], [list(step) for step in proof.steps], case["expect_proof"])


def draw(case: dict[str, Any]) -> list[str]:
    if "strata" in case:
        return list(sortition.draw_from_strata(case["seed"], case["strata"], case["n"]).members)
    return list(sortition.draw(case["seed"], case["members"], case["n"]).members)
