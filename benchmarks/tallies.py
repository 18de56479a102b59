"""Ballots counted: ranked ones of 85,000 people with twelve candidates, equal shares of 20,000 with thirty projects; and, for
their winners, approvals and scores of as many.

    python benchmarks/tallies.py [ballots]

Ours reads (ranking, weight) from an iterator, as the ballots room hands them over, and ends with the result and its round log
as JSON; the same with ten times as many ballots, and once more with these made on the way, for the memory. The peers, each in
a process of its own, are given lists of names and count them their way, for as long as they need, up to `BENCH_PATIENCE` seconds
(300). Targets and ratios are of CPU, all on one core: the machine may have other work. Winners have to be equal, in the large
election and in small ones, wherever the rules are the same; elections in which we broke a tie, or they left one, are not
compared. pyrankvote and votelib pass surpluses on by other rules: whom they elect is not held against ours.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import common
import numpy as np

CANDIDATES = [f"Candidate {number:02d}" for number in range(12)]
PROJECTS = [f"Project {number:02d}" for number in range(30)]
SEATS, SHARED_SEATS = 4, 10
TARGET = {"schulze_s": 1.0, "ranked_pairs_s": 1.0, "scottish_stv_s": 0.3, "irv_s": 0.3, "equal_shares_s": 1.5,
          "linear": 1.25, "rss_mb": 150, "ratio": 1.0}  # fmt: skip
OURS = ["schulze", "ranked-pairs", "scottish-stv", "irv"]
APPROVED = ("equal-shares", "approval")
# Ours, theirs, and whether the rules are the same.
PEERS = [
    ("schulze", "votelib_schulze", True), ("schulze", "pref_voting_schulze", True),
    ("ranked-pairs", "votelib_ranked_pairs", True), ("ranked-pairs", "pref_voting_ranked_pairs", True),
    ("scottish-stv", "pref_voting_scottish_stv", True), ("scottish-stv", "votelib_stv", False),
    ("scottish-stv", "pyrankvote_stv", False), ("irv", "votelib_irv", True), ("irv", "pref_voting_irv", True),
    ("irv", "pyrankvote_irv", True), ("equal-shares", "abcvoting_equal_shares", True),
    ("approval", "abcvoting_approval", True), ("approval", "votelib_approval", True), ("score", "pref_voting_score", True),
]  # fmt: skip
PEER = common.ROOT / "build" / "peers" / "tallies"
PATIENCE = int(os.environ.get("BENCH_PATIENCE", "300"))


def ballots(count: int, seed: int, candidates: int) -> np.ndarray:
    """Make ballots (count, candidates): numbers of candidates from first to last, 255 after the last one ranked.

    Opinions lie on a line, with noise; most people rank a few, some all.
    """
    chance = np.random.default_rng(seed)
    liked = -np.abs(chance.normal(0, 1, (count, 1)) - np.linspace(-1.2, 1.5, candidates)) + chance.gumbel(
        0, 0.35, (count, candidates)
    )
    ranked = np.argsort(-liked, axis=1).astype(np.uint8)
    share = np.array([3, 4, 5, 4, 3, 2, 2, 1, 1, 1, 1, 4][:candidates], float)
    length = chance.choice(np.arange(1, candidates + 1), count, p=share / share.sum())
    ranked[np.arange(candidates) >= length[:, None]] = 255
    return ranked


def lists(matrix: np.ndarray, names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(matrix), 10_000):
        for row in matrix[start : start + 10_000].tolist():
            yield [names[number] for number in row if number != 255]


def choices(method: str, matrix: np.ndarray, names: list[str]) -> Iterator[Any]:
    """Return ballots as a method reads them: names, or for each a score from 5 down to 0."""
    for ballot in lists(matrix, names):
        yield (dict.fromkeys(names, 0) | {name: max(5 - n, 0) for n, name in enumerate(ballot)} if method == "score" else ballot)


def names_of(method: str) -> list[str]:
    return PROJECTS if method in APPROVED else CANDIDATES


def seats_of(method: str) -> int:
    return {"equal-shares": SHARED_SEATS, "approval": SHARED_SEATS, "score": 1}.get(method, SEATS)


def approvals(count: int, seed: int) -> np.ndarray:
    """Make approvals (count, 30): each approves of some two to twelve projects, of those liked by all rather more."""
    chance = np.random.default_rng(seed)
    liked = chance.gumbel(0, 1, (count, len(PROJECTS))) + np.linspace(1, 0, len(PROJECTS))
    chosen = np.argsort(-liked, axis=1).astype(np.uint8)
    chosen[np.arange(len(PROJECTS)) >= chance.integers(2, 13, count)[:, None]] = 255
    return chosen


def params_of(method: str) -> dict[str, Any]:
    if method == "equal-shares":
        settings = {"satisfaction": "count", "completion": "none"}
        return {"budget": SHARED_SEATS, "costs": dict.fromkeys(PROJECTS, 1), **settings}
    return {"seats": seats_of(method)} if method in ("scottish-stv", "approval") else {}


def inspect(method: str, path: str, held: str) -> None:
    """Count ballots of a file in this process alone, and tell seconds, winners and the most memory it had."""
    from django.conf import settings

    settings.configure(USE_I18N=False)
    from toadlane.democracy.counting.policies.methods import METHODS

    names = names_of(method)
    votes = ((choice, 1) for choice in choices(method, np.load(path, mmap_mode="r"), names))
    given = list(votes) if held == "held" else votes
    METHODS[method].count([({} if method == "score" else [], 1)], names, params_of(method))
    started, cpu = time.perf_counter(), time.process_time()
    result = METHODS[method].count(given, names, params_of(method))
    told = json.dumps(result.as_json())
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    # Of this program alone: what `getrusage` says goes back to before it was begun.
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(json.dumps({"seconds": seconds, "cpu_s": cpu, "rss_mb": int(peak.split()[1]) / 1024, "winners": result.winners,
                      "ties": len(result.ties), "stages": len(result.stages), "json": len(told)}))  # fmt: skip


def ours(method: str, path: Path, *, held: bool = True) -> dict[str, Any]:
    """Return the best of five runs, each in a process of its own."""
    runs = []
    command = [sys.executable, __file__, "--inspect", method, str(path), "held" if held else "made"]
    for _ in range(5 if held else 1):
        done = subprocess.run(
            command, env=os.environ | {"PYTHONPATH": str(common.ROOT)}, check=True, stdout=subprocess.PIPE, text=True
        )
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    return min(runs, key=lambda run: run["cpu_s"])


def peer_python() -> str:
    """Return a Python with the peers, made once in build/peers."""
    if given := os.environ.get("BENCH_TALLIES_PYTHON"):
        return given
    python = PEER / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEER)], check=True)
        wanted = ["votelib>=0.4", "pref-voting>=1.18", "pyrankvote>=2.0.6", "abcvoting>=2.19"]
        subprocess.run([str(python), "-m", "pip", "install", "-q", *wanted], check=True)
    return str(python)


def peer(task: str, path: Path) -> dict[str, Any] | None:
    """Return what a peer comes to; None where it does not within our patience."""
    script = Path(__file__).parent / "peers" / "tallies_peer.py"
    try:
        done = subprocess.run(
            [peer_python(), str(script), str(path), task], check=True, stdout=subprocess.PIPE, text=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return None
    return json.loads(done.stdout.splitlines()[-1])


def small_elections(method: str) -> tuple[list[dict[str, Any]], list[list[str]]]:
    """Return small elections in which we broke no tie, and our winners."""
    from toadlane.democracy.counting.policies.methods import METHODS

    chance, elections, winners = random.Random(3), [], []
    for seed in range(25):
        if method in APPROVED:
            names, matrix = PROJECTS, approvals(chance.randint(200, 400), 100 + seed)
        else:
            names = CANDIDATES[: chance.randint(3, 8)]
            matrix = ballots(chance.randint(401, 900), 100 + seed, len(names))
        votes = list(choices(method, matrix, names))
        seats = min(seats_of(method), len(names) - 1)
        params = params_of(method) | ({"seats": seats} if method == "scottish-stv" else {})
        result = METHODS[method].count([(vote, 1) for vote in votes], names, params)
        # Others break ties otherwise, or go through all ways of breaking them.
        if not result.ties:
            elections.append({"options": names, "seats": seats, "ballots": votes})
            winners.append(sorted(result.winners))
    return elections, winners


def compare(folder: Path, files: dict[str, Path], found: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Run every peer, and say how much longer it took and how often it said the same."""
    told: dict[str, dict[str, Any]] = {}
    for method, task, same_rules in PEERS:
        names, seats = names_of(method), seats_of(method)
        small, winners = small_elections(method)
        large = {"options": names, "seats": seats, "ballots": list(choices(method, np.load(files[method]), names))}
        path = folder / f"{task}.json"
        path.write_text(json.dumps({"large": large, "small": small}))
        theirs = peer(task, path)
        if theirs is None:
            told[task] = {"seconds": f"over {PATIENCE}", "ratio": PATIENCE / found[method]["cpu_s"], "agrees": None}
            continue
        both = zip(winners, theirs["small"], strict=True)
        pairs = [(one, sorted(other)) for one, other in both if other is not None]
        agrees = sorted(theirs["winners"] or []) == sorted(found[method]["winners"]) and all(one == other for one, other in pairs)
        told[task] = {
            "seconds": round(theirs["seconds"], 3), "cpu_s": round(theirs["cpu_s"], 3),
            "ratio": round(theirs["cpu_s"] / found[method]["cpu_s"], 1),
            "same_rules": same_rules, "agrees": agrees, "small": f"{sum(o == t for o, t in pairs)}/{len(pairs)}",
        }  # fmt: skip
        print(task, told[task], flush=True)
    return told


def main(count: int) -> None:
    from django.conf import settings

    settings.configure(USE_I18N=False)
    sys.path.insert(0, str(common.ROOT))
    with common.folder() as folder:
        ranked, tenfold, shared = folder / "ranked.npy", folder / "tenfold.npy", folder / "shared.npy"
        np.save(ranked, ballots(count, 1, 12))
        np.save(shared, approvals(max(count * 20 // 85, 100), 2))
        files = dict.fromkeys(OURS, ranked) | dict.fromkeys(APPROVED, shared) | {"score": ranked}
        found = {method: ours(method, file) for method, file in files.items()}
        np.save(tenfold, ballots(10 * count, 1, 12))
        larger = {method: ours(method, tenfold) for method in OURS}
        memory = {method: ours(method, tenfold, held=False)["rss_mb"] for method in OURS}
        peers = compare(folder, files, found)
    report(count, found, larger, memory, peers)


def report(
    count: int, found: dict[str, Any], larger: dict[str, Any], memory: dict[str, float], peers: dict[str, Any]
) -> None:  # fmt: skip
    for method, one in (*found.items(), *((f"{name} x10", run) for name, run in larger.items())):
        print(f"{method:18} {one['seconds']:.3f} s  {one['cpu_s']:.3f} s CPU  {one['stages']} stages  {one['winners']}")
    cpu = {f"{method.replace('-', '_')}_s": round(one["cpu_s"], 3) for method, one in found.items()}
    linear = {method: round(larger[method]["cpu_s"] / found[method]["cpu_s"] / 10, 2) for method in OURS}
    rss = max(memory.values())
    agree = all(one["agrees"] is not False for one in peers.values() if one.get("same_rules", True))
    # Approval and score are a sum, which any library takes as fast: of them only the winners are compared.
    ratio = min(one["ratio"] for task, one in peers.items() if not task.endswith(("approval", "score")))
    fast = all(cpu[name] <= limit for name, limit in TARGET.items() if name in cpu)
    ok = fast and agree and max(linear.values()) <= TARGET["linear"] and rss <= TARGET["rss_mb"] and ratio >= TARGET["ratio"]
    theirs = [one["cpu_s"] for task, one in peers.items() if task.endswith("schulze") and "cpu_s" in one]
    common.result(
        name="tallies", ours=cpu["schulze_s"], peer=min(theirs, default=float(PATIENCE)),
        peer_name="votelib, pref-voting, pyrankvote, abcvoting (Schulze: the faster one)", ratio=ratio,
        cpu_ms=round(1000 * cpu["schulze_s"], 1), statements=0, target=TARGET, ok=ok, ballots=count, cpu=cpu,
        seconds={method: round(one["seconds"], 3) for method, one in found.items()}, linear=linear, rss_mb=round(rss),
        winners_agree=agree, peers=peers,
    )  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inspect"]:
        inspect(*sys.argv[2:5])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 85_000)
