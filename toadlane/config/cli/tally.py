"""Counting ballots from anywhere. It needs no server, no database and no settings."""

from collections.abc import Iterator, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

import click
from django.utils import translation
from django.utils.translation import gettext as _

from toadlane.config.cli.common import as_json, quiet, speaks, tell, told_kindly

if TYPE_CHECKING:
    from toadlane.democracy.counting.policies.formats.files import BallotFile
    from toadlane.democracy.counting.policies.formats.rctab import Config
    from toadlane.democracy.counting.policies.methods import Method
    from toadlane.democracy.counting.policies.results import Result

WIDTH = 100


def _list(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        quiet()
        with translation.override(speaks()):
            for line in _listed():
                click.echo(line)
        context.exit()


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--method", "name", required=True, help="How to count; --list shows all.")
@click.option("--seats", type=click.IntRange(1), help="How many are elected. By default as the file says, else one.")
@click.option("--option", "said", multiple=True, metavar="NAME=VALUE", help="A setting of the method, as --list shows them.")
@click.option("--lot", multiple=True, metavar="NAME", help="Who is drawn first, second …: it decides between equals.")
@click.option("--config", type=click.File("rb"), help="Settings of RCTab (JSON), for irv.")
@click.option("--list", is_flag=True, is_eager=True, expose_value=False, callback=_list, help="Show methods and settings.")
@as_json
def tally(
    *, file: IO[bytes], name: str, seats: int | None, said: Sequence[str], lot: Sequence[str], config: IO[bytes] | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Count ballots of a file: BLT, CSV, a tally sheet of Debian's, or Pabulib. `-` reads what is piped in.

    Ends with 1 when the file cannot be read, and says in which line. It speaks the language of your locale, where it is English,
    Spanish, French or Arabic.
    """
    quiet()
    with translation.override(speaks()), told_kindly(as_json=as_json):
        _tally(file, name, seats, said=said, lot=lot, config=config, as_json=as_json)


def _tally(
    file: IO[bytes], name: str, seats: int | None, *, said: Sequence[str], lot: Sequence[str], config: IO[bytes] | None,
    as_json: bool,
) -> None:  # fmt: skip
    from toadlane.democracy.counting.policies import formats
    from toadlane.democracy.counting.policies.explanations import explain
    from toadlane.democracy.counting.policies.formats import rctab

    method = _method(name)
    settings = rctab.read(config.read().decode("utf-8-sig")) if config else None
    ballots = formats.read(file.read(), settings.labels if settings else None)
    if settings:
        ballots.withdrawn = (*ballots.withdrawn, *settings.withdrawn)
    params = _params(method, ballots, said, seats, settings)
    drawn = _drawn(lot, ballots.options)
    if settings:
        ballots.title = ballots.title or settings.title
    result = _counted(method, ballots, params, drawn)
    sentences = explain(result)
    told = {"title": ballots.title, "withdrawn": list(ballots.withdrawn), **result.as_json(), "explanation": sentences}
    tell(as_json, told, *([ballots.title] if ballots.title else []), *_table(result), *sentences)


def _counted(method: "Method", ballots: "BallotFile", params: Mapping[str, Any], drawn: Sequence[str]) -> "Result":
    from toadlane.democracy.counting.policies.choices import BadChoice

    if method.kind == "ranking":
        return method.rank(ballots.ranked(), params, drawn)
    try:
        return method.count(ballots.votes(method.kind), ballots.standing, params, drawn)
    except BadChoice as bad:
        if ballots.at:
            bad.args = (_("Line %(line)s: %(text)s") % {"line": ballots.at, "text": bad},)
        raise


def _method(name: str) -> "Method":
    from toadlane.democracy.counting.policies.methods import METHODS

    found = METHODS.get(name.lower().replace("_", "-"))
    if found is None:
        raise click.BadParameter(_("is one of %(names)s.") % {"names": ", ".join(METHODS)}, param_hint="--method")
    return found


def _params(
    method: "Method", ballots: "BallotFile", said: Sequence[str], seats: int | None, config: "Config | None"
) -> dict[str, Any]:  # fmt: skip
    """Put together what the command, the settings of RCTab and the file say; the command has the last word."""
    known = {param.name: param for param in method.params}
    given: dict[str, Any] = {}
    for pair in said:
        name, equals, text = pair.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            raise click.BadParameter(_("%(pair)s: write NAME=VALUE.") % {"pair": pair}, param_hint="--option")
        if name not in known:
            words = _("%(name)s: %(method)s has %(names)s.")
            raise click.BadParameter(
                words % {"name": name, "method": method.name, "names": ", ".join(known)}, param_hint="--option"
            )
        given[name] = known[name].parse(text.strip())
    from_file: dict[str, Any] = {
        "budget": ballots.budget,
        "costs": {name: cost for name, cost in ballots.costs.items() if name in ballots.standing} or None,
    }
    if method.several:
        from_file["seats"] = ballots.seats
    found = {name: value for name, value in from_file.items() if name in known and value is not None}
    found |= {name: value for name, value in (config.params if config else {}).items() if name in known}
    return found | ({"seats": seats} if seats is not None else {}) | given


def _drawn(lot: Sequence[str], options: Sequence[str]) -> list[str]:
    """Read a lot: a name each time, or several with commas between them."""
    names: list[str] = []
    for part in lot:
        names += [part] if part in options else [name.strip() for name in part.split(",") if name.strip()]
    return names


def _listed() -> Iterator[str]:
    from toadlane.democracy.counting.policies.methods import METHODS

    for method in METHODS.values():
        yield f"{method.name}: {method.about}"
        for param in method.params:
            default = "" if param.default is None else f" [{param.default}]"
            yield f"    {param.name}={param.expected()}{default}  {param.label}"


def _table(result: "Result") -> Iterator[str]:
    """Lay out a count: options down the page, stages across it, as many as fit."""
    stages = result.as_json()["stages"]
    if result.stages and all(set(result.options) <= set(stage["totals"]) or stage["action"] == "exclusion" for stage in stages):
        rows = [*result.options, "non_transferable"] if result.quota is not None else list(result.options)
        yield from _across(rows, stages)
    elif result.extra.get("pairwise"):
        yield from _matrix(result.extra["pairwise"], [name for name in result.ranking if name not in result.extra["set_aside"]])
    else:
        yield from _steps(stages)
    quota = "" if result.quota is None else _("quota %(quota)s") % {"quota": result.as_json()["quota"]} + ", "
    yield quota + _("valid %(valid)s, blank %(blank)s") % {"valid": result.valid, "blank": result.blank}
    yield ""
    for place, one in enumerate(result.elected, 1):
        yield f"{place}. {one.candidate} " + _("(stage %(stage)s, %(how)s)") % {"stage": one.stage, "how": _how(one.how)}
    yield ""


def _how(how: str) -> str:
    """Return in a word how somebody came to be elected."""
    return {
        "quota": _("quota"), "remaining": _("remaining"), "majority": _("majority"), "most": _("most"), "funded": _("funded"),
    }.get(how, how)  # fmt: skip


def _across(rows: Sequence[str], stages: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    label = min(max(map(len, rows), default=0), 30)
    cell = max(10, *(len(text) for stage in stages for text in (*stage["totals"].values(), stage["non_transferable"]))) + 2
    at_once = max((WIDTH - label) // cell, 1)
    for start in range(0, len(stages), at_once):
        shown = stages[start : start + at_once]
        yield " " * label + "".join(f"{stage['stage']:>{cell}}" for stage in shown)
        yield " " * label + "".join(f"{_short(stage['action'])[: cell - 1]:>{cell}}" for stage in shown)
        for row in rows:
            cells = (stage["non_transferable"] if row == "non_transferable" else stage["totals"].get(row, "") for stage in shown)
            yield f"{_row(row)[:label]:<{label}}" + "".join(f"{text:>{cell}}" for text in cells)
        yield ""


def _row(row: str) -> str:
    return _("non_transferable") if row == "non_transferable" else row


def _short(action: str) -> str:
    """Return what is done at a stage, in a word that fits over a column."""
    return {
        "first_preferences": _("first"), "exclusion": _("exclude"), "surplus": _("surplus"), "lock": _("lock"), "skip": _("skip"),
        "fund": _("fund"), "complete": _("complete"), "count": _("count"),
    }.get(action, action)  # fmt: skip


def _matrix(pairs: Mapping[str, Any], names: Sequence[str]) -> Iterator[str]:
    label = min(max(map(len, names), default=0), 30)
    cell = max((len(str(number)) for number in pairs.values()), default=0) + 2
    yield " " * label + "".join(f"{place:>{cell}}" for place in range(1, len(names) + 1))
    for place, row in enumerate(names, 1):
        cells = ("" if row == column else str(pairs[f"{row}>{column}"]) for column in names)
        yield f"{row[:label]:<{label}}" + "".join(f"{text:>{cell}}" for text in cells) + f"  {place}"
    yield ""


def _steps(stages: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for stage in stages:
        totals = ", ".join(f"{name} {votes}" for name, votes in stage["totals"].items())
        yield f"{stage['stage']:>4}  {_short(stage['action']):<10}{totals}"
    yield ""
