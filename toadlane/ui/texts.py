"""Markdown that people write, as HTML that a page can bear: clean, and with headings below the page's own."""

from contextlib import suppress
from functools import lru_cache
from urllib.parse import urljoin

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_LOWEST = 6
_BLOCKS = {"paragraph_open", "bullet_list_open", "ordered_list_open", "blockquote_open", "th_open", "td_open"}
_TAGS = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "strong", "em", "s", "a", "code", "pre", "hr", "br",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def _commonmark() -> MarkdownIt:
    return MarkdownIt("commonmark", {"linkify": False, "html": False, "breaks": False}).enable(["table", "strikethrough"])


_reader = _commonmark()
# Each opening bracket makes the reader look ahead for a link. No text that people read has so many; one that has gets no links.
_MOST_BRACKETS = 5_000
_linkless = _commonmark().disable(["link", "image"])


def _lowered(tokens: list[Token]) -> list[Token]:
    """A page has one `h1`, and it is not in its text. Whatever level somebody begins with, no level below it is left out."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            written = int(token.tag[1])
            above = [level for level in above if level < written] + [written]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(len(above) + 1, _LOWEST)}"
        if token.type == "table_open":
            token.attrSet("class", "table")
        if token.type in _BLOCKS:
            # Whoever wrote it wrote from their side, whatever side the page begins on.
            token.attrSet("dir", "auto")
    return tokens


def _led(tokens: list[Token], at: str) -> list[Token]:
    """Let links lead where they lead on the text's own page, wherever else it is shown."""
    for token in tokens:
        if token.type == "link_open":
            with suppress(ValueError):  # What is no address at all leads nowhere here either.
                token.attrSet("href", urljoin(at, str(token.attrGet("href") or "")))
        _led(token.children or [], at)
    return tokens


@lru_cache(maxsize=512)
def markdown(text: str, at: str = "") -> SafeString:
    """Return the text as clean HTML. Images, scripts and styles do not come through; links open without a referrer.

    :param at: the address of the page that the text is written for, where it is shown on another one
    """
    reader = _linkless if text.count("[") > _MOST_BRACKETS else _reader
    tokens = _lowered(reader.parse(text))
    html = reader.renderer.render(_led(tokens, at) if at else tokens, reader.options, {})
    clean = nh3.clean(
        html, tags=_TAGS, attributes={"*": {"dir"}, "a": {"href", "title"}, "ol": {"start"}, "table": {"class"}},
        url_schemes={"http", "https", "mailto", "tel"}, link_rel="nofollow noreferrer",
    )  # fmt: skip
    return mark_safe(clean)
