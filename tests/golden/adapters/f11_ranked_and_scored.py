from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from tests.golden.adapters import Case, Fails, outcome, tried
from toadlane.democracy.counting.policies import choices
from toadlane.democracy.counting.policies.budgets import by_votes
from toadlane.democracy.counting.policies.funding import match
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.counting.policies.opinions import group_aware_consensus
from toadlane.democracy.counting.policies.results import Result
from toadlane.democracy.counting.policies.ties import Lot

AVERAGES = ("means", "medians")


def run(document: dict[str, Any]) -> Iterator[Case]:
    for section, answers in SECTIONS.items():
        for answer in answers:
            yield from tried(document.get(section), lambda case, answer=answer: answered(case, answer), expected)


def answered(case: dict[str, Any], answer: Callable[[dict[str, Any]], Any]) -> Any:
    """Return what a case asks for of an answer; the answers say more."""
    wanted, actual = outcome(lambda: expected(case)), answer(case)
    return narrowed(actual, wanted) if isinstance(wanted, dict) and isinstance(actual, dict) else actual


def expected(case: dict[str, Any]) -> Any:
    if "error" in case:
        return Fails(case["error"])
    wanted = case["expect_ballot_valid"] if "expect_ballot_valid" in case else case["expect"]
    # 7/2 may be written so, or as 3.5.
    averages = [name for name in AVERAGES if isinstance(wanted, dict) and name in wanted]
    exact = {name: {option: Fraction(one) for option, one in wanted[name].items()} for name in averages}
    return {**wanted, **exact} if exact else wanted


def narrowed(actual: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Keep what is asked for, inside the strongest paths too."""
    kept = {key: actual[key] for key in wanted if key in actual}
    if "strongest_paths" in kept:
        kept["strongest_paths"] = {pair: kept["strongest_paths"][pair] for pair in wanted["strongest_paths"]}
    return kept


def named(choice: Any) -> Iterator[str]:
    for name in choice:
        yield from name if isinstance(name, list) else [name]


def counted(case: dict[str, Any], method: str, **params: Any) -> Result:
    ballots = case["ballots"]
    weighed = [(b[1], b[0]) if isinstance(b, list) else (b, 1) for b in ballots]
    options = case.get("options") or list(dict.fromkeys(name for choice, _ in weighed for name in named(choice)))
    seats = {"seats": case["seats"]} if "seats" in case else {}
    return METHODS[method].count(weighed, options, seats | params, case.get("lot", []))


def ranked(method: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def answer(case: dict[str, Any]) -> dict[str, Any]:
        result = counted(case, method)
        return {
            "winner": result.winners[0] if result.winners else None, "elected": result.winners, "quota": result.quota,
            "ranking": list(result.ranking), "tie": result.tie, **result.extra,
        }  # fmt: skip

    return answer


def summed(method: str, *names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def answer(case: dict[str, Any]) -> dict[str, Any]:
        result = counted(case, method, **{name: case[name] for name in names if name in case})
        totals = dict(result.stages[0].totals)
        told: dict[str, Any] = {"totals": totals, "scores": totals, "winners": result.winners, "tie": result.tie}
        cost = [choices.credits_spent(ballot) for ballot in case["ballots"] if isinstance(ballot, dict)]
        return {**told, "cost": cost, "winner": result.winners[0] if result.winners else None}

    return answer


def scored(case: dict[str, Any]) -> dict[str, Any]:
    said = {name: case[name] for name in ("min", "max", "blank") if name in case}
    by = {measure: counted(case, "score", measure=measure, **said) for measure in ("mean", "median")}
    return {
        "totals": dict(by["mean"].stages[0].totals), "winner_by_median": by["median"].winners[0],
        "winner_by_mean": by["mean"].winners[0], **{name: by["mean"].extra[name] for name in AVERAGES},
    }  # fmt: skip


def funded(case: dict[str, Any]) -> dict[str, Any]:
    ideal, matched = match(case["contributions"], case["pool"])
    return {"ideal_match": ideal, "match": matched}


def budgeted(case: dict[str, Any]) -> Any:
    if "ballot" in case:
        return is_valid(case)
    costs = {project["id"]: project["cost"] for project in case["projects"]}
    votes = {project["id"]: project["votes"] for project in case["projects"]}
    stages, _ties, left = by_votes(votes, costs, left=case["budget"], lot=Lot(list(costs), case.get("lot", [])))
    return {"funded": [name for stage in stages for name in stage.elected], "left": left}


def is_valid(case: dict[str, Any]) -> bool:
    costs = {f"project {number}": cost for number, cost in enumerate(case["ballot"])}
    params = {"budget": case["budget"], "costs": costs, "min_spend_rate": case.get("min_spend_rate", "0")}
    limits = {"min_projects": "least", "max_projects": "most"}
    params |= {ours: case[theirs] for theirs, ours in limits.items() if theirs in case}
    if not costs:  # A blank vote may be cast, and is not among the valid ones.
        return not Fraction(params["min_spend_rate"])
    try:
        METHODS["knapsack"].check(list(costs), list(costs), params)
    except choices.BadChoice:
        return False
    return True


def agreed(case: dict[str, Any]) -> str:
    found = group_aware_consensus((group["agree"], group["seen"]) for group in case["groups"].values())
    return str(Fraction(found))


SECTIONS: dict[str, list[Callable[[dict[str, Any]], Any]]] = {
    "irv": [ranked("irv")], "schulze": [ranked("schulze")], "ranked_pairs": [ranked("ranked-pairs")],
    "stv": [ranked("stv"), ranked("scottish-stv")], "approval": [summed("approval")], "score": [scored],
    "dot": [summed("dot", "dots")], "quadratic": [summed("quadratic", "credits")], "quadratic_funding": [funded],
    "participatory_budget": [budgeted], "group_aware_consensus": [agreed],
}  # fmt: skip
