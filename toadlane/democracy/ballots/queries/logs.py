"""The rounds of a count as a page shows them: in words, as bars, and as the table behind."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from toadlane.democracy.ballots.models import Ballot, Rounds
from toadlane.democracy.ballots.queries import results
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.kernel.rates import rate
from toadlane.ui import formats

Log = Mapping[str, Any]
SCALE, STAGES = 1000, 60


def log_of(ballot: Ballot) -> Log | None:
    return Rounds.objects.filter(ballot=ballot).values_list("log", flat=True).first()


def shown(ballot: Ballot, log: Log) -> dict[str, Any]:
    labels = results.option_labels(ballot)
    by_total = [stage for stage in log["stages"] if stage["totals"]][:STAGES]
    return {
        "method": METHODS[ballot.method], "lines": results.explained(ballot, log), "chart": _chart(log, labels, by_total),
        "stages": [{"title": _title(stage, labels)} for stage in by_total],
        "rows": [(labels.get(key, key), [stage["totals"].get(key, "") for stage in by_total]) for key in log["options"]],
    }  # fmt: skip


def _title(stage: Log, labels: Mapping[str, str]) -> str:
    named = formats.listed(labels.get(key, key) for key in stage["candidates"])
    words = {
        "first_preferences": _("First choices"), "surplus": _("Surplus of %(name)s"), "exclusion": _("%(name)s drops out"),
        "totals": _("Totals"), "fund": _("%(name)s is funded"), "skip": _("%(name)s does not fit"),
        "complete": _("%(name)s, with what is left"), "compare": "%(name)s", "lock": _("%(name)s: this win is locked in"),
        "refuse": _("%(name)s: this win is left out"),
    }  # fmt: skip
    return str(words.get(stage["action"], stage["action"])) % {"name": named}


def _chart(log: Log, labels: Mapping[str, str], by_total: list[Log]) -> dict[str, Any] | None:
    """Return bars of the last totals, with a mark at the quota; or, where options are held against each other, of wins."""
    if log["method"] in ("schulze", "ranked-pairs"):
        pairs = {tuple(key.split(">", 1)): int(rate(votes)) for key, votes in log["extra"].get("pairwise", {}).items()}
        wins = {
            key: sum(1 for other in log["options"] if other != key and pairs.get((key, other), 0) > pairs.get((other, key), 0))
            for key in log["options"]
        }
        most = max(len(log["options"]) - 1, 1)
        rows = [(labels.get(key, key), _("beats %(n)s of %(most)s") % {"n": wins[key], "most": most}, SCALE * wins[key] // most)
                for key in log["ranking"]]  # fmt: skip
        return {"title": _("Held against each other"), "rows": rows, "mark": None, "note": ""}
    if not by_total:
        return None
    title, found = _deciding(log, by_total)
    quota = rate(log["quota"]) if log["quota"] is not None else None
    top = max([*(abs(total) for total in found.values()), quota or Fraction(0), Fraction(1)])
    order = log["ranking"] or log["options"]
    rows = [(labels.get(key, key), formats.number(_tidy(found[key])) if key in found else "–",
             int(max(found.get(key, Fraction(0)), Fraction(0)) / top * SCALE)) for key in order]  # fmt: skip
    note = _("The mark is the quota: %(quota)s.") % {"quota": log["quota"]} if quota else ""
    return {"title": title, "rows": rows, "mark": int(quota / top * SCALE) if quota else None, "note": note}


def _deciding(log: Log, by_total: list[Log]) -> tuple[str, dict[str, Fraction]]:
    """Return the figures by which options are told apart, and what they are called."""
    extra, method = log["extra"], log["method"]
    if method in ("irv", "stv", "scottish-stv"):
        title, found = _("First choices"), by_total[0]["totals"]
    elif method == "score":
        is_median = log["params"].get("measure") == "median"
        title, found = (_("Median scores"), extra["medians"]) if is_median else (_("Mean scores"), extra["means"])
    elif "votes" in extra:
        title, found = _("Votes"), extra["votes"]
    else:
        title, found = _("Totals"), by_total[-1]["totals"]
    return title, {key: rate(figure) for key, figure in found.items() if figure is not None}


def _tidy(total: Fraction) -> Decimal:
    """Return a total to five decimals, without those that say nothing."""
    return (Decimal(total.numerator) / Decimal(total.denominator)).quantize(Decimal("0.00001")).normalize()
