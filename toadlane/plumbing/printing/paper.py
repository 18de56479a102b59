"""Setting facts in type. A room brings a template; nothing is fetched, and what is printed twice is the same twice.

The PDF is of the archival kind PDF/A-2a: fonts inside, and tagged, so that a screen reader reads it in order.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

import typst
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.plumbing.printing import glyphs

FONTS = Path(__file__).parent / "fonts"
COMMON = Path(__file__).parent / "paper.typ"
Standard = Literal["a-2a", "a-3a"]
RIGHT_TO_LEFT = ("ar",)
NO_FONT = "could not be displayed"


class NotPrinted(Expected):
    words = _("This could not be printed.")
    status = 500


def pdf(template: Path, facts: Mapping[str, Any], *, language: str, at: datetime) -> bytes:
    """Return a document as PDF.

    :param template: a Typst file of the room; it finds `facts`, `language` and what `paper.typ` defines
    :param facts: what JSON can say; texts are set as they are, whatever signs are in them
    :param at: what the document says of when it was made
    :raises NotPrinted: when it cannot be set
    """
    return compiled(template, facts, language=language, at=at, standard="a-2a")


def compiled(
    template: Path, facts: Mapping[str, Any], *, language: str, at: datetime, standard: Standard, before: str = "",
    inputs: Mapping[str, str] | None = None,
) -> bytes:  # fmt: skip
    """Return a document of either archival kind; `before` and `inputs` are what a file inside needs.

    :raises NotPrinted: when it cannot be set
    """
    spoken = language.split("-", maxsplit=1)[0]
    source = COMMON.read_text() + before + template.read_text()
    more = {"language": spoken, "direction": "rtl" if spoken in RIGHT_TO_LEFT else "ltr", **(inputs or {})}
    # Somebody's name may have a sign that none of our fonts has, and an archival document may hold none that is not shown. The
    # paper comes all the same: an invoice is owed whatever its buyer is called.
    for said in (_as_it_is, glyphs.printable, partial(glyphs.printable, own_only=True)):
        given = {"facts": json.dumps(_each(facts, said), ensure_ascii=False), **more}
        try:
            # Its types want the folders of fonts to be bytes where the input is.
            made = typst.compile(  # type: ignore[call-overload]
                source.encode(), format="pdf", sys_inputs=given, font_paths=[str(FONTS)], ignore_system_fonts=True,
                pdf_standards=[standard], timestamp=at.astimezone(UTC).replace(microsecond=0),
            )  # fmt: skip
        except typst.TypstError as error:
            refused = error
            if NO_FONT not in str(error):
                break
        else:
            return bytes(made)
    raise NotPrinted(hint=str(refused)) from refused


def _as_it_is(text: str) -> str:
    return text


def _each(node: Any, said: Callable[[str], str]) -> Any:
    """Return facts with each of their texts as it is said."""
    if isinstance(node, str):
        return said(node)
    if isinstance(node, Mapping):
        return {key: _each(value, said) for key, value in node.items()}
    return [_each(one, said) for one in node] if isinstance(node, list | tuple) else node
