"""A sheet as its fields are drawn: names, ids, labels, what stands in them, and what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from toadlane.ui import formats
from toadlane.ui.sheets.schema import Cell, Context, Record, Rows, Sheet
from toadlane.ui.sheets.telling import said
from toadlane.ui.sheets.typed import WAS

# From so many rows on, those that have a name are folded away under it.
FOLDED = 2


@dataclass(frozen=True, kw_only=True)
class Choice:
    value: str
    label: str
    is_chosen: bool
    id: str


@dataclass(frozen=True, kw_only=True)
class Tongue:
    """A field for the words in one language."""

    code: str
    label: str
    name: str
    id: str
    text: str
    direction: str


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A cell. Which parts are filled depends on its kind."""

    kind: str
    name: str
    id: str
    label: str
    help: str = ""
    text: Any = ""
    fault: str = ""
    prefix: str = ""
    suffix: str = ""
    css: str = ""
    is_required: bool = False
    is_first: bool = False
    choices: list[Choice] = field(default_factory=list)
    tongues: list[Tongue] = field(default_factory=list)
    rows: "DrawnRows | None" = None

    @property
    def described_by(self) -> str:
        return " ".join(filter(None, (f"{self.id}-hint" if self.help else "", f"{self.id}-error" if self.fault else "")))

    @property
    def target(self) -> str:
        """Return the id of the control that a line of the summary leads to."""
        if self.kind in ("names", "text"):
            return self.tongues[0].id
        return self.choices[0].id if self.kind == "choices" and self.choices else self.id


@dataclass(frozen=True, kw_only=True)
class DrawnRow:
    title: str
    id: str
    place: str
    was_name: str
    was: str
    cells: list[Drawn]
    is_movable: bool
    is_folded: bool = False

    @property
    def in_short(self) -> str:
        """Return the figures of a row, for the line that stands for it while it is folded."""
        figures = [cell for cell in self.cells if cell.kind in ("money", "decimal", "int", "rate") and cell.text not in ("", "0")]
        return formats.comma().join(f"{cell.prefix}{cell.text} {cell.suffix}".strip() for cell in figures)


@dataclass(frozen=True, kw_only=True)
class DrawnRows:
    id: str
    label: str
    count_name: str
    place: str
    add: str
    rows: list[DrawnRow]
    fault: str = ""
    is_inner: bool = False
    is_focused: bool = False


def draw(
    sheet: Sheet, typed: Any, context: Context, *, prefix: str, faults: Mapping[str, str], label: str = "", focus: str = ""
) -> list[Drawn]:
    """Return the fields of a sheet; a list is one cell with rows.

    :param prefix: what all names begin with
    :param faults: by path
    :param focus: the path of the row where typing goes on
    """
    pen = _Pen(context, prefix, faults, focus)
    if isinstance(sheet, Record):
        return [pen.cell(cell, typed[cell.name], cell.name) for cell in sheet.cells]
    rows = pen.rows(sheet, typed, "", label, is_inner=False)
    return [Drawn(kind="rows", name=prefix, id=rows.id, label=label, rows=rows)]


def targets(cells: list[Drawn]) -> Iterator[tuple[str, str, str]]:
    """Return each fault in the order of the page: where, what, and the id of the control to put right."""
    for cell in cells:
        if cell.rows:
            if cell.rows.fault:
                yield cell.label, cell.rows.fault, f"{cell.rows.id}-add"
            for row in cell.rows.rows:
                for label, fault, at in targets(row.cells):
                    yield f"{row.title}{formats.comma()}{label}" if label else row.title, fault, at
        elif cell.fault:
            yield cell.label, cell.fault, cell.target


@dataclass(frozen=True)
class _Pen:
    context: Context
    prefix: str
    faults: Mapping[str, str]
    focus: str

    def rows(self, sheet: Rows, typed: Any, path: str, label: str, *, is_inner: bool) -> DrawnRows:
        base = f"{self.prefix}-{path}".strip("-")
        drawn = []
        for n, row in enumerate(typed):
            here = f"{path}-{n}".strip("-")
            cells = [self.cell(cell, row[cell.name], f"{here}-{cell.name}", is_first=here == self.focus and at == 0)
                     for at, cell in enumerate(_seen(sheet))]  # fmt: skip
            hidden = [self.cell(cell, row[cell.name], f"{here}-{cell.name}") for cell in sheet.cells if cell.kind == "key"]
            drawn.append(DrawnRow(
                title=self.title(sheet, row, n), id=f"id_{self.prefix}-{here}", place=here,
                was_name=f"{self.prefix}-{here}-was", was=row.get(WAS, ""), cells=[*hidden, *cells], is_movable=n > 0,
                is_folded=len(typed) >= FOLDED and not is_inner and self.may_fold(sheet, row, here),
            ))  # fmt: skip
        return DrawnRows(
            id=f"id_{base}-list", label=label, count_name=f"{base}-rows", place=path, add=str(sheet.add), rows=drawn,
            fault=self.faults.get(path, ""), is_inner=is_inner, is_focused=self.focus == (path or "."),
        )  # fmt: skip

    def may_fold(self, sheet: Rows, row: Mapping[str, Any], path: str) -> bool:
        """Say whether a row has a name to stand for it, nothing in it is wrong, and nobody is typing in it."""
        is_quiet = not any(at == path or at.startswith(f"{path}-") for at in (self.focus, *self.faults))
        return is_quiet and bool(_name_of(sheet, row, self.context))

    def title(self, sheet: Rows, row: Mapping[str, Any], n: int) -> str:
        """Return what a row is called: its number, and its name where it has one."""
        number = f"{sheet.one} {formats.number(n + 1)}"
        name = _name_of(sheet, row, self.context)
        return _("%(name)s: %(value)s") % {"name": number, "value": formats.apart(name)} if name else number

    def cell(self, cell: Cell, typed: Any, path: str, *, is_first: bool = False) -> Drawn:
        name, kind = f"{self.prefix}-{path}", cell.kind
        common: dict[str, Any] = {
            "name": name, "id": f"id_{name}", "label": str(cell.label), "help": str(cell.help), "text": typed,
            "fault": self.faults.get(path, ""), "is_required": cell.required, "is_first": is_first,
        }  # fmt: skip
        if cell.rows is not None:
            rows = self.rows(cell.rows, typed, path, str(cell.label), is_inner="-" in path)
            return Drawn(kind=kind, **common, rows=rows)
        if kind in ("names", "text"):
            return Drawn(kind=kind, **common, tongues=_tongues(name, typed), css="long")
        if kind in ("choice", "choices") and cell.options:
            choices = self.choices(cell, typed, name)
            return Drawn(kind=kind if choices else "words", **common, choices=choices, css="long" if kind == "choices" else "")
        affix: dict[str, Any] = {"prefix": "", "suffix": "%" if kind == "rate" else str(cell.unit)}
        if kind == "money":
            affix = formats.affix(self.context.currency)
        css = {"words": "long", "choice": "long"}.get(kind, "short")
        return Drawn(kind="words" if kind == "choice" else kind, **common, **affix, css=css)

    def choices(self, cell: Cell, typed: Any, name: str) -> list[Choice]:
        assert cell.options is not None
        known = [(str(key), str(label)) for key, label in cell.options(self.context)]
        chosen = typed if isinstance(typed, list) else [typed]
        if not known and cell.kind == "choice":
            return []
        # What somebody chose and is there no more is shown, so that it is not lost without a word.
        known += [(one, one) for one in chosen if one and one not in {key for key, _label in known}]
        if cell.kind == "choice":
            known.insert(0, ("", str(cell.others) if cell.others else _("Choose one")))
        return [
            Choice(value=key, label=label, is_chosen=key in chosen, id=f"id_{name}-{n}") for n, (key, label) in enumerate(known)
        ]


def _name_of(sheet: Rows, row: Mapping[str, Any], context: Context) -> str:
    """Return what a row with a name of its own is called."""
    first, *others = _seen(sheet)
    return said(first, row[first.name], context) if first.kind == "names" and others else ""


def _seen(sheet: Rows) -> list[Cell]:
    return [cell for cell in sheet.cells if cell.kind != "key"]


def _tongues(name: str, typed: Mapping[str, str]) -> list[Tongue]:
    """Return a field for each language, the reader's own first."""
    own = (get_language() or "en").split("-")[0]
    codes = sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code != own)
    found = []
    for code in codes:
        told = get_language_info(code)
        found.append(Tongue(
            code=code, label=str(told["name_translated"]), name=f"{name}-{code}", id=f"id_{name}-{code}",
            text=typed.get(code, ""), direction="rtl" if told["bidi"] else "ltr",
        ))  # fmt: skip
    return found
