"""A theme's colors as they are chosen: seen side by side, with how well they can be read."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from toadlane.ui import contrast, formats, themes

_SHOWN = ("fascia", "paint", "tint", "spot")
_SIDE = 22


def drawn(theme: themes.Theme) -> SafeString:
    """Return swatches by day and after dark, and the weakest contrast of words on them: an AA theme has 4.5 or more."""
    whole = themes.whole(theme)
    squares = format_html_join(
        "", '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
        ((n * _SIDE, row * _SIDE, _SIDE, _SIDE, whole[token][row]) for row in (0, 1) for n, token in enumerate(_SHOWN)),
    )  # fmt: skip
    width, height = _SIDE * len(_SHOWN), _SIDE * 2
    told = _("A contrast of %(ratio)s") % {"ratio": formats.number(weakest(theme))}
    return format_html(
        '<svg class="swatches" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true">{}</svg> <span>{}</span>',
        width, height, width, height, squares, told,
    )  # fmt: skip


def weakest(theme: themes.Theme) -> float:
    """Return the lowest contrast of words in a theme, by day and after dark, rounded down."""
    ratios = [measured.ratio for measured in themes.measured(theme) if measured.least == contrast.TEXT]
    return int(min(ratios) * 10) / 10
