"""A count read back from its log, to be told in another language. Pure."""

from collections.abc import Mapping
from typing import Any

from toadlane.democracy.counting.policies.results import Elected, Number, Result, Stage, Tie
from toadlane.kernel.rates import rate


def result(log: Mapping[str, Any]) -> Result:
    """Return the result that was written down with `Result.as_json`, and its `places`."""
    return Result(
        method=log["method"], options=tuple(log["options"]), seats=log["seats"], valid=_number(log["valid"]),
        blank=_number(log["blank"]), rejected=_number(log["rejected"]), quota=_maybe(log["quota"]),
        elected=tuple(Elected(candidate=one["candidate"], stage=one["stage"], how=one["how"]) for one in log["elected"]),
        stages=tuple(_stage(one) for one in log["stages"]), ranking=tuple(log["ranking"]),
        ties=tuple(
            Tie(stage=one["stage"], about=one["about"], candidates=tuple(one["candidates"]), chosen=one["chosen"], by=one["by"],
                at_stage=one["at_stage"])
            for one in log["ties"]
        ),
        params=log["params"], extra={key: _figures(value) for key, value in log["extra"].items()}, places=log.get("places"),
    )  # fmt: skip


def _stage(one: Mapping[str, Any]) -> Stage:
    return Stage(
        number=one["stage"], action=one["action"], totals={name: _number(total) for name, total in one["totals"].items()},
        candidates=tuple(one["candidates"]), non_transferable=_number(one["non_transferable"]),
        transfers={name: _number(total) for name, total in one["transfers"].items()}, elected=tuple(one["elected"]),
        needed=_maybe(one["needed"]), notes=_figures(one["notes"]),
    )  # fmt: skip


def _figures(value: Any) -> Any:
    """Return figures by option as numbers again. What stands by itself, or in a list, are names and stays."""
    if not isinstance(value, Mapping):
        return value
    return {name: _number(figure) if isinstance(figure, str) else figure for name, figure in value.items()}


def _number(text: str | int) -> Number:
    found = rate(text)
    return int(found) if found.denominator == 1 else found


def _maybe(text: str | int | None) -> Number | None:
    return None if text is None else _number(text)
