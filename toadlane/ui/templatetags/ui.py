"""Tags and filters every template has without loading them."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django import forms, template
from django.forms import BoundField
from django.http import QueryDict
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.urls import get_script_prefix, reverse, set_script_prefix
from django.utils import translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from toadlane.kernel.money import Money
from toadlane.ui import amounts, fields, formats, lines, places, texts, themes, typed, words
from toadlane.ui.context import TONGUES
from toadlane.ui.icons import ICONS
from toadlane.ui.shapes import Pin
from toadlane.ui.sheets import SheetField, drawing

register = template.Library()


@register.simple_tag
def server_url(name: str, *args: object, **kwargs: object) -> str:
    """Link from a co-op's page to a page of the server."""
    before = get_script_prefix()
    set_script_prefix("/")
    try:
        return reverse(name, urlconf="toadlane.config.urls", args=args or None, kwargs=kwargs or None)
    finally:
        set_script_prefix(before)


@register.simple_tag(takes_context=True)
def typed_words(context: Context) -> list[str]:
    """Return what somebody had written on the form that was refused."""
    request = context.get("request")
    return typed.words(request) if request else []


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """Return `?…` of this page with something changed: `{% query cursor=page.next %}`. An empty value takes a key away."""
    request = context.get("request")
    asked: QueryDict = request.GET.copy() if request else QueryDict(mutable=True)
    for key, value in changes.items():
        if value in (None, ""):
            asked.pop(key, None)
        else:
            asked[key] = str(value)
    return f"?{asked.urlencode()}" if asked else "?"


# ------------------------------------------------------------------------------------------------------------- figures


@register.filter
def money(amount: Money | None) -> str:
    return formats.money(amount) if amount is not None else ""


@register.filter
def as_typed(amount: Money) -> str:
    """Write an amount as its reader would type it: what stands in a field."""
    return amounts.typed(amount)


@register.filter
def moved(amount: Money) -> str:
    """Write an amount that was added or taken away with its sign."""
    return formats.moved(amount)


@register.filter
def money_short(amount: Money | None) -> str:
    """Write an amount without the cents where there are none: €27."""
    return formats.money(amount, short=True) if amount is not None else ""


@register.filter
def money_compact(amount: Money | None) -> str:
    """Write a large amount in few signs: €3.4M."""
    return formats.money_compact(amount) if amount is not None else ""


@register.filter
def money_sign(code: str) -> dict[str, str]:
    """Return what stands before and after a box for an amount of this currency, in the language of the page."""
    return formats.affix(code) if code else {"prefix": "", "suffix": ""}


@register.filter
def percent(rate: Fraction | Decimal | str | None) -> str:
    return formats.percent(rate) if rate is not None else ""


@register.filter
def number(value: int | float | Decimal | None) -> str:
    return formats.number(value) if value is not None else ""


@register.filter
def day(at: date | datetime | str | None, style: str = "date") -> str:
    """Write a day as the reader does; a stored one, like 2027-03-01, too."""
    if isinstance(at, str):
        at = date.fromisoformat(at) if at else None
    return formats.day(at, style) if at else ""


@register.filter
def days(first: date, last: date) -> str:
    return formats.days(first, last)


@register.filter
def period(name: str) -> str:
    return formats.period(name)


@register.filter
def clock(at: datetime | None) -> str:
    return formats.clock(at) if at else ""


@register.filter
def moment(at: date | datetime | None, style: str = "day") -> str:
    return formats.moment(at, style) if at else ""


@register.filter
def apart(text: str | None) -> str:
    """Keep what somebody wrote together inside a sentence of ours."""
    return formats.apart(str(text)) if text else ""


@register.simple_tag
def comma() -> str:
    """Return a comma that stands as the reader's language runs, whatever is on either side of it."""
    return formats.in_line(formats.comma())


@register.simple_tag
def semicolon() -> str:
    return formats.in_line(formats.semicolon())


@register.filter
def listed(parts: Iterable[Any]) -> str:
    return formats.listed(parts)


@register.filter
def iso(at: datetime | None) -> str:
    """Write an instant as HTML wants it in `datetime`: browsers know no more than thousandths of a second."""
    return at.isoformat(timespec="seconds") if at else ""


@register.filter
def stamp(at: datetime | None) -> str:
    return formats.stamp(at) if at else ""


@register.filter
def wall_time(text: str, zone: str) -> datetime:
    """Return an instant written down (ISO 8601) as the clocks of a zone show it, for letters that a job writes."""
    return datetime.fromisoformat(text).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@register.filter
def instant(text: str | None) -> datetime | None:
    """Read an instant that was written down as text, as what is told to many is."""
    return datetime.fromisoformat(text) if text else None


@register.filter
def hours(length: timedelta | None) -> str:
    return formats.hours(length) if length is not None else ""


@register.filter
def when(at: object) -> SafeString:
    """Return a `<time>` element for an instant or a day of a story, which may be years old; a text is a time already told."""
    if isinstance(at, datetime):
        return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), formats.moment(at, "brief"))
    if isinstance(at, date):
        return format_html('<time datetime="{}">{}</time>', at.isoformat(), formats.day(at, "brief"))
    return format_html('<span class="at">{}</span>', at)


@register.simple_tag
def facts_for_machines(facts: Mapping[str, Any]) -> SafeString:
    """Write schema.org data. It is no script: nothing in it is run, and nothing in it can end it."""
    told = json.dumps({"@context": "https://schema.org", **facts}, ensure_ascii=False)
    safe = told.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")
    return mark_safe(f'<script type="application/ld+json">{safe}</script>')


@register.filter
def tongue(code: str) -> str:
    """Return what a language is called by those who speak it."""
    return next((name for known, name, _way in TONGUES if known == code), code)


@register.filter
def item(things: Mapping[Any, Any] | None, key: object) -> object:
    return (things or {}).get(key)


@register.filter
def times(count: object) -> Sequence[int]:
    return range(int(str(count or 0)))


# ------------------------------------------------------------------------------------------------------------ drawings


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Draw an icon. It is never the only name of a thing, so that readers aloud pass over it."""
    inside = ICONS.get(name, ICONS["info"])
    return mark_safe(f'<svg class="icon{" " + size if size else ""}" viewBox="0 0 24 24" aria-hidden="true">{inside}</svg>')


@register.simple_tag(takes_context=True)
def theme_style(context: Context) -> SafeString:
    """Set the paint of the page's co-op."""
    coop = context.get("coop")
    return _sheet(context, f":root{{{themes.declarations(coop.theme)}}}" if coop is not None and coop.theme else "")


@register.simple_tag(takes_context=True)
def theme_style_of(context: Context, shops: Iterable[Any]) -> SafeString:
    """Set the paint of each shop on a street, under its own class `coop-<slug>`."""
    return _sheet(context, "".join(f".coop-{shop.slug}{{{themes.declarations(shop.theme)}}}" for shop in shops if shop.theme))


def _sheet(context: Context, rules: str) -> SafeString:
    request = context.get("request")
    # What htmx fetches goes into a page that has its paint already, under another nonce.
    if not rules or (request is not None and request.headers.get("HX-Request")):
        return SafeString("")
    return format_html('<style nonce="{}">@layer coop{{{}}}</style>', context.get("CSP_NONCE", ""), mark_safe(rules))


# --------------------------------------------------------------------------------------------------------------- forms


@register.filter
def folds(bound: BoundField) -> list[fields.Fold]:
    return fields.folds(bound)


@register.filter
def field_kind(bound: BoundField) -> str:
    return fields.kind(bound)


@register.simple_tag
def control(bound: BoundField, describedby: str = "", extra: str = "") -> SafeString:
    """Draw a form field's control with what browsers and readers aloud need to know."""
    return fields.control(bound, describedby=describedby, extra=extra)


@register.simple_tag
def sheet_cells(bound: BoundField) -> list[drawing.Drawn]:
    """Return what a list to fill in is drawn from."""
    assert isinstance(bound.field, SheetField)
    return bound.field.drawn(bound)


@register.simple_tag
def form_faults(*filled: forms.BaseForm | forms.BaseFormSet[Any] | None) -> list[fields.Fault]:
    return [fault for form in filled if form is not None for fault in fields.faults(form)]


# ---------------------------------------------------------------------------------------------------------------- words

# "co-op", "co-operative" and "e-mail" do not break at their hyphen; what people type and what cannot hold a span is passed over.
_WORD = re.compile(r"\b(?:[Cc]o-[A-Za-z]+|[Ee]-mail)")
_PIECES = re.compile(
    r"<(textarea|script|style|title|option|svg|select|pre)\b.*?</\1>|>[^<]*\b(?:[Cc]o-[a-z]|[Ee]-mail)[^<]*", re.DOTALL
)


def unbroken_html(html: str) -> str:
    """Wrap words like co-op so that no line ends at their hyphen."""
    if "o-op" not in html and "-mail" not in html:
        return html
    return _PIECES.sub(
        lambda found: found[0] if found[1] else _WORD.sub(lambda word: f'<span class="nowrap">{word[0]}</span>', found[0]), html
    )


@register.filter
def unbroken(text: str) -> SafeString:
    return mark_safe(unbroken_html(f">{conditional_escape(text)}")[1:])


class UnbrokenNode(template.Node):
    def __init__(self, nodes: NodeList) -> None:
        self.nodes = nodes

    def render(self, context: Context) -> SafeString:
        html = lines.breakable(self.nodes.render(context))
        mend = {"en": lambda html: lines.together(unbroken_html(html)), "fr": lines.french}.get(translation.get_language() or "")
        return mark_safe(mend(html) if mend else html)


@register.tag(name="unbroken")
def unbroken_block(parser: Parser, token: Token) -> UnbrokenNode:
    nodes = parser.parse(("endunbroken",))
    parser.delete_first_token()
    return UnbrokenNode(nodes)


# ---------------------------------------------------------------------------------------------- what components ask for


@register.filter
def notice_kind(tags: str) -> str:
    """Return the color of a notice for a message's level, or for the word a template used."""
    for word, tone in (("success", "good"), ("good", "good"), ("warn", "warn"), ("error", "bad"), ("bad", "bad")):
        if word in str(tags):
            return tone
    return ""


@register.filter
def stars(value: object) -> list[bool]:
    full = round(float(str(value or 0)))
    return [n < full for n in range(5)]


@register.filter
def page_numbers(page: Any) -> list[int | None]:
    """Return page numbers to offer; None stands for those left out."""
    return [
        n if isinstance(n, int) else None for n in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]


@register.filter
def describedby(bound: BoundField, hint: str) -> str:
    """Return the ids of a field's hint and errors."""
    ids = [f"{bound.auto_id}-hint"] if hint else []
    return " ".join([*ids, *(f"{bound.auto_id}-error{n if n > 1 else ''}" for n, _ in enumerate(bound.errors, 1))])


@register.simple_tag(takes_context=True)
def word(context: Context, key: str, usual: str) -> str:
    """Return what this co-op calls a thing, or the usual word: `{% word "members" _("Members") %}`."""
    return words.own(context.get("coop"), key) or usual


@register.simple_tag
def chart_of_places(pins: Sequence[Pin] | None) -> places.Chart | None:
    return places.chart(pins) if pins else None


@register.filter
def markdown(text: str | None, at: str = "") -> SafeString:
    return texts.markdown(text or "", at)
