"""Elections counted by other libraries: `tallies_peer.py DATA.json TASK` prints seconds and winners. Run with their Python."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any


def votelib_votes(data: dict[str, Any]) -> dict[tuple[str, ...], int]:
    return dict(Counter(tuple(ranking) for ranking in data["ballots"]))


def votelib_pairs(data: dict[str, Any]) -> Any:
    from votelib.convert import RankedToCondorcetVotes

    return RankedToCondorcetVotes(unranked_at_bottom=True).convert(votelib_votes(data))


def votelib_schulze(data: dict[str, Any]) -> list[str]:
    from votelib.evaluate.condorcet import Schulze

    return Schulze().evaluate(votelib_pairs(data), 1)


def votelib_ranked_pairs(data: dict[str, Any]) -> list[str]:
    from votelib.evaluate.condorcet import RankedPairs

    return RankedPairs("winning_votes").evaluate(votelib_pairs(data), 1)


def votelib_irv(data: dict[str, Any]) -> list[str]:
    from votelib.evaluate.sequential import TransferableVoteSelector

    return TransferableVoteSelector(quota_function="droop", transferer="Gregory").evaluate(votelib_votes(data), 1)


def votelib_stv(data: dict[str, Any]) -> list[str]:
    from votelib.evaluate.sequential import TransferableVoteSelector

    return TransferableVoteSelector(quota_function="droop", transferer="Gregory").evaluate(votelib_votes(data), data["seats"])


def pref_voting_profile(data: dict[str, Any]) -> Any:
    from pref_voting.profiles_with_ties import ProfileWithTies

    number = {name: place for place, name in enumerate(data["options"])}
    counts = Counter(tuple(ranking) for ranking in data["ballots"])
    rankings = [{number[name]: rank for rank, name in enumerate(ranking, 1)} for ranking in counts]
    return ProfileWithTies(rankings, rcounts=list(counts.values()), candidates=list(number.values()))


def pref_voting_with(data: dict[str, Any], count: Any) -> list[str]:
    profile = pref_voting_profile(data)
    profile.use_extended_strict_preference()
    return [data["options"][number] for number in count(profile)]


def pref_voting_schulze(data: dict[str, Any]) -> list[str]:
    from pref_voting.margin_based_methods import beat_path

    return pref_voting_with(data, lambda profile: beat_path(profile, strength_function=profile.support))


def pref_voting_ranked_pairs(data: dict[str, Any]) -> list[str]:
    from pref_voting.margin_based_methods import ranked_pairs

    return pref_voting_with(data, lambda profile: ranked_pairs(profile, strength_function=profile.support))


def pref_voting_irv(data: dict[str, Any]) -> list[str]:
    from pref_voting.iterative_methods import instant_runoff_for_truncated_linear_orders

    return [data["options"][number] for number in instant_runoff_for_truncated_linear_orders(pref_voting_profile(data))]


def pref_voting_scottish_stv(data: dict[str, Any]) -> list[str]:
    from pref_voting.proportional_methods import stv_scottish

    return [data["options"][number] for number in stv_scottish(pref_voting_profile(data), num_seats=data["seats"])]


def pyrankvote_count(data: dict[str, Any], name: str, *seats: int) -> list[str]:
    import pyrankvote

    known = {name: pyrankvote.Candidate(name) for name in data["options"]}
    ballots = [pyrankvote.Ballot([known[name] for name in ranking]) for ranking in data["ballots"]]
    result = getattr(pyrankvote, name)(list(known.values()), ballots, *seats)
    return [winner.name for winner in result.get_winners()]


def pyrankvote_irv(data: dict[str, Any]) -> list[str]:
    return pyrankvote_count(data, "instant_runoff_voting")


def pyrankvote_stv(data: dict[str, Any]) -> list[str]:
    return pyrankvote_count(data, "single_transferable_vote", data["seats"])


def abcvoting_equal_shares(data: dict[str, Any]) -> list[str]:
    from abcvoting import abcrules
    from abcvoting.preferences import Profile

    number = {name: place for place, name in enumerate(data["options"])}
    profile = Profile(len(number))
    profile.add_voters([{number[name] for name in approved} for approved in data["ballots"]])
    committees = abcrules.compute(
        "equal-shares-without-completion", profile, committeesize=data["seats"], algorithm="standard-fractions", resolute=True
    )
    return [data["options"][number] for number in sorted(committees[0])]


def abcvoting_approval(data: dict[str, Any]) -> list[str]:
    from abcvoting import abcrules
    from abcvoting.preferences import Profile

    number = {name: place for place, name in enumerate(data["options"])}
    profile = Profile(len(number))
    profile.add_voters([{number[name] for name in approved} for approved in data["ballots"]])
    committees = abcrules.compute_av(profile, committeesize=data["seats"], resolute=True)
    return [data["options"][number] for number in sorted(committees[0])]


def votelib_approval(data: dict[str, Any]) -> list[str]:
    from votelib.convert import ApprovalToSimpleVotes
    from votelib.evaluate import Plurality

    votes = ApprovalToSimpleVotes().convert(dict(Counter(frozenset(approved) for approved in data["ballots"])))
    return Plurality().evaluate(votes, data["seats"])


def pref_voting_score(data: dict[str, Any]) -> list[str]:
    from pref_voting.grade_methods import score_voting
    from pref_voting.grade_profiles import GradeProfile

    number = {name: place for place, name in enumerate(data["options"])}
    counts = Counter(tuple(sorted((number[name], given) for name, given in scores.items())) for scores in data["ballots"])
    profile = GradeProfile([dict(one) for one in counts], list(range(6)), gcounts=list(counts.values()))
    return [data["options"][number] for number in score_voting(profile)]


def decided(task: Callable[[dict[str, Any]], list[str]], election: dict[str, Any]) -> list[str] | None:
    """Return the winners, or None where some stand equal and the library leaves it there."""
    try:
        winners = task(election)
    except NotImplementedError:
        return None
    return winners if all(isinstance(name, str) for name in winners) else None


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        read = json.load(file)
    task = globals()[sys.argv[2]]
    # The small elections come first: what is imported and compiled on the way is not counted.
    small = [decided(task, election) for election in read["small"]]
    started, before = time.perf_counter(), time.process_time()
    winners = decided(task, read["large"])
    told = {"seconds": time.perf_counter() - started, "cpu_s": time.process_time() - before, "winners": winners, "small": small}
    print(json.dumps(told))
