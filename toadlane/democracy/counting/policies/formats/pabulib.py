"""Pabulib's .pb files: a participatory budget with its projects, their costs and the votes, as cities publish them."""

from collections.abc import Iterator
from fractions import Fraction

from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies.formats.files import BadFile, BallotFile, Table
from toadlane.democracy.counting.policies.profiles import Weight, collect
from toadlane.kernel.rates import rate

# The columns that each section has to have.
_SECTIONS = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"), "VOTES": ("vote",)}


def is_one(text: str) -> bool:
    """Say whether this is such a file."""
    return text.lstrip().upper().startswith("META")


def read(text: str) -> BallotFile:
    """Read approvals of projects (vote_type approval or choose-1; D. Stolicki, S. Szufa and N. Talmon, Pabulib, 2020).

    :raises BadFile: with the line and the reason
    """
    meta: dict[str, str] = {}
    costs: dict[str, int] = {}
    votes: list[tuple[list[str], Weight]] = []
    for section, line, row in _rows(text):
        if section == "META":
            meta[row["key"]] = row["value"]
        elif section == "PROJECTS":
            if row["project_id"] in costs:
                raise BadFile(_("Project %(name)s stands there twice.") % {"name": row["project_id"][:40]}, line=line)
            costs[row["project_id"]] = _amount(row["cost"], line)
        else:
            chosen = [name.strip() for name in row["vote"].split(",") if name.strip()]
            if strangers := [name for name in chosen if name not in costs]:
                raise BadFile(_("There is no project %(name)s.") % {"name": strangers[0][:40]}, line=line)
            votes.append((chosen, 1))
    if meta.get("vote_type", "approval") not in ("approval", "choose-1"):
        raise BadFile(_("Votes of the type %(type)s are not read.") % {"type": meta["vote_type"][:40]})
    budget = _amount(meta["budget"], 1) if "budget" in meta else None
    profile = collect(votes, costs)
    return BallotFile(tuple(costs), profile=profile, costs=costs, budget=budget, title=meta.get("description", ""))


def _rows(text: str) -> Iterator[tuple[str, int, dict[str, str]]]:
    section = ""
    names: list[str] = []
    table = Table(text, ";")
    for row in table:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if cells[0].upper() in _SECTIONS and not any(cells[1:]):
            section, names = cells[0].upper(), []
        elif not section:
            raise BadFile(_("The file begins with META."), line=table.line)
        elif not names:
            names = [cell.lower() for cell in cells]
            if missing := [name for name in _SECTIONS[section] if name not in names]:
                raise BadFile(_("The column “%(name)s” is missing.") % {"name": missing[0]}, line=table.line)
        elif any(cells[len(names) :]):
            raise BadFile(_("This row has more cells than the first one names."), line=table.line)
        else:
            yield section, table.line, dict.fromkeys(names, "") | dict(zip(names, cells, strict=False))


def _amount(text: str, line: int) -> int:
    """Read an amount; what has cents is refused rather than rounded."""
    try:
        exact = rate(text.replace(",", "."))
    except ValueError:
        exact = Fraction(-1)
    if exact < 0 or exact.denominator != 1:
        raise BadFile(_("“%(text)s” is not a whole amount.") % {"text": text[:40]}, line=line)
    return int(exact)
