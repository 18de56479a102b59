"""Components: what they say, and that nothing in them can be mistaken."""

import itertools
import math
import re
from pathlib import Path

import pytest
from django import forms
from django.template import engines
from django.test import Client
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from toadlane.kernel.money import Money
from toadlane.ui import contrast, lines, places, texts, themes
from toadlane.ui.shapes import Decided, Option, Pin, Share, Split
from toadlane.ui.templatetags.ui import unbroken_html
from toadlane.ui.views import FAMILIES

UI = Path(__file__).parents[2] / "toadlane" / "ui"


def drawn(markup: str, **there: object) -> str:
    return engines["django"].from_string(CottonCompiler().process(markup)).render(there)


class Visit(forms.Form):
    email = forms.EmailField(help_text="Where we write to")
    level = forms.ChoiceField(choices=[("a", Option("Once-over", "Three hours", "€81")), ("b", "Deep")], widget=forms.RadioSelect)
    day = forms.DateField()


def test_a_faulty_field_is_named_described_and_keeps_what_was_typed():
    html = drawn('<c-field :field="form.email" />', form=Visit({"email": "ana@"}))
    assert 'value="ana@"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email-hint id_email-error"' in html
    assert 'id="id_email-error"' in html and 'id="id_email-hint"' in html
    assert 'autocomplete="email"' in html


class Wishes(forms.Form):
    news = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, help_text="None: all of it",
        choices=[("orders", [("o1", "Placed"), ("o2", "Moved")]), ("ballots", [("b1", "Opened")])],
    )  # fmt: skip


def test_grouped_boxes_are_folded_but_a_group_with_one_ticked_is_open():
    html = drawn('<c-field :field="form.news" />', form=Wishes({"news": ["o2"]}))
    assert re.findall(r'<details class="fold"( open)?><summary><b>(\w+)</b><span class="quiet num">([\d/]+)', html) == [
        (" open", "orders", "1/2"), ("", "ballots", "0/1"),
    ]  # fmt: skip
    assert re.findall(r'value="(\w+)"', html) == ["o1", "o2", "b1"] and html.count(" checked") == 1
    wrong = Wishes({"news": ["x9"]})
    html = drawn('<c-errors :form="form" /><c-field :field="form.news" />', form=wrong)
    assert 'href="#id_news"' in html and 'id="id_news"' in html and 'aria-describedby="id_news-hint id_news-error"' in html


def test_words_stand_in_their_own_direction_and_figures_from_left_to_right():
    class Place(forms.Form):
        street = forms.CharField()
        about = forms.CharField(widget=forms.Textarea)
        longitude = forms.DecimalField()

    markup = "".join(f'<c-field :field="form.{name}" />' for name in ("street", "about", "longitude"))
    html = drawn(markup, form=Place())
    assert re.findall(r'name="(\w+)"[^>]*dir="auto"', html) == ["street", "about"]
    css = (UI / "static" / "ui" / "toadlane.css").read_text()
    figures = re.search(r'\[dir="rtl"\] \.control:is\(\[type="number"\][^{]*\{ direction: ltr', css)
    assert figures, "a minus stays before its number"


def test_the_summary_links_to_each_field_also_into_a_group():
    html = drawn('<c-errors :form="form" />', form=Visit({}))
    assert re.findall(r'href="#(\w+)"', html) == ["id_email", "id_level_0", "id_day"]


def test_there_is_no_summary_before_anything_was_sent():
    assert drawn('<c-errors :form="form" />', form=Visit()).strip() == ""


def test_a_choice_says_its_price_and_what_it_holds():
    html = drawn('<c-field :field="form.level" />', form=Visit())
    assert "Three hours" in html and "€81" in html and "<legend" in html


def test_a_date_goes_to_the_browsers_calendar_in_iso():
    html = drawn('<c-field :field="form.day" />', form=Visit(initial={"day": __import__("datetime").date(2026, 12, 4)}))
    assert 'type="date"' in html and 'value="2026-12-04"' in html


def test_where_the_money_goes_is_drawn_to_the_whole_width_and_told_to_the_cent():
    split = Split(
        Money(100, "EUR"), [Share("A", Money(33, "EUR")), Share("B", Money(67, "EUR"), kind="tax"), Share("C", Money(0, "EUR"))]
    )
    bars = split.bars()
    assert len(bars) == 2  # A share of nothing has no stretch, but it has its line.
    assert float(bars[-1].x) + float(bars[-1].width) == pytest.approx(1000, abs=0.2)
    html = drawn('<c-split :split="split" open="1" />', split=split)
    assert all(amount in html for amount in ("€0.33", "€0.67", "€0.00"))


def test_a_mark_says_which_decision_and_escapes_what_it_is_told():
    html = drawn('<c-decided :by="by" />', by=Decided("v7", "<b>5 %</b>", "81 % of 42", "/rules/"))
    assert "&lt;b&gt;" in html and 'href="/rules/"' in html
    assert drawn('<c-decided :by="by" />', by=None).strip() == ""


def test_the_summary_of_faults_says_in_which_field():
    class Asked(forms.Form):
        town = forms.CharField(label="Town")
        country = forms.CharField(label="Country")

    html = drawn('<c-errors :form="form" />', form=Asked({}))
    assert "“Town” is empty. Fill it in." in html and "“Country” is empty. Fill it in." in html


def test_a_map_names_its_pins_beside_it_and_draws_the_coast():
    html = drawn('<c-map :pins="pins" label="Here" />', pins=[Pin("Shed", 43.26, -2.93, "/c/shed/")])
    assert 'aria-label="Here"' in html and 'href="/c/shed/"' in html and 'class="land"' in html


def test_pins_stay_inside_the_frame_wherever_on_earth_they_are():
    for pins in ([Pin("N", 84, 170), Pin("S", -84, -170)], [Pin("A", 0, 0)], [Pin("A", 51.5, 0), Pin("B", 51.5, 0.0001)]):
        for spot in places.chart(pins).spots:
            assert 0 < float(spot.x) < places.WIDTH and 0 < float(spot.y) < places.HEIGHT


def test_the_pins_of_one_town_are_told_apart_and_the_outlines_of_countries_are_left_out():
    pins = [Pin(str(n), 43.26 + n % 5 * 0.0042, -2.93 + n % 7 * 0.0051) for n in range(12)]
    drawn = places.chart([*pins, pins[0]])
    spots = [(float(spot.x), float(spot.y)) for spot in drawn.spots]
    assert max(x for x, _y in spots) - min(x for x, _y in spots) > places.WIDTH / 3
    nearest = min(math.dist(one, other) for one, other in itertools.combinations(spots, 2))
    assert nearest > 25, "two numbers cover each other"
    assert len(drawn.land) == 1
    assert len(places.chart([Pin("A", 43.26, -2.93), Pin("B", 40.4, -3.7)]).land) >= 1


# ---------------------------------------------------------------------------------------------------------------- words


def test_co_op_does_not_break_at_its_hyphen_but_what_was_typed_is_left_alone():
    html = '<p>A co-op and a Co-operative</p><textarea>co-op</textarea><input value="co-op"><option>co-op</option>'
    fixed = unbroken_html(html)
    assert '<span class="nowrap">co-op</span>' in fixed and '<span class="nowrap">Co-operative</span>' in fixed
    assert fixed.endswith('<textarea>co-op</textarea><input value="co-op"><option>co-op</option>')


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("<p>from −€84.09 to +€74.11 each</p>", ["−€84.09", "+€74.11"]),
        ("<p>less −KWD\u00a01,234.567.</p>", ["−KWD\u00a01,234.567"]),
        ('<td class="r">−€84.09</td>', []), ("<textarea>about −€84.09</textarea>", []), ('<input value="a −€84.09">', []),
        ("<p>−5 and +353 1</p>", []),
    ],
)  # fmt: skip
def test_a_sign_stays_with_its_amount(said, kept):
    fixed = lines.together(said)
    assert re.findall(r'<span class="nowrap">([^<]*)</span>', fixed) == kept
    assert re.sub(r"</?span[^>]*>", "", fixed) == said


def test_no_line_of_a_french_page_begins_with_a_mark():
    said = "<p>Un vote : « Oui » ou non ?</p><b>Quand</b> : demain ; ici"
    kept = "<p>Un vote\u00a0: «\u00a0Oui\u00a0» ou non\u00a0?</p><b>Quand</b> : demain\u00a0; ici"
    alone = "<style>a :hover {}</style><textarea>quoi ?</textarea>"
    assert lines.french(said + alone) == kept + alone


@pytest.mark.parametrize(
    ("levels", "become"),
    [
        ((1, 2, 2), (2, 3, 3)),
        ((2, 3), (2, 3)),
        ((3, 1, 4), (2, 2, 3)),
        ((1, 2, 3, 4, 5, 6), (2, 3, 4, 5, 6, 6)),
        ((2, 4, 3), (2, 3, 3)),
    ],
)
def test_headings_of_a_text_leave_no_level_out(levels, become):
    html = texts.markdown("\n\n".join("#" * level + " Word" for level in levels))
    assert tuple(int(found) for found in re.findall(r"<h(\d)>", html)) == become


def test_markdown_is_clean_and_below_the_heading_of_its_page():
    html = texts.markdown("# Hi\n\n<script>x</script> [a](javascript:b) [c](https://d.test)")
    assert html.startswith("<h2>Hi</h2>")
    assert "<script" not in html and 'href="javascript' not in html
    assert 'rel="nofollow noreferrer"' in html


def test_a_text_of_nothing_but_brackets_is_read_without_looking_for_links():
    link = "[a](https://d.test) "
    assert texts.markdown(link * 5_000).count("<a ") == 5_000
    beyond = texts.markdown("**So:** " + link * 5_001)
    assert "<a " not in beyond and "[a](https://d.test)" in beyond and "<strong>So:</strong>" in beyond


def test_a_link_of_a_text_leads_to_the_same_place_wherever_the_text_is_shown():
    text = "[up](../../rules/) [here](#so) [away](https://d.test/x) [none](https://[) [no](javascript:b)"
    html = texts.markdown(text, "/c/sparkle/pages/about/")
    assert re.findall(r'href="([^"]*)', html) == ["/c/sparkle/rules/", "/c/sparkle/pages/about/#so", "https://d.test/x"]
    assert 'href="../../rules/"' in texts.markdown(text)


# ---------------------------------------------------------------------------------------------------------------- paint


@pytest.mark.parametrize("name", sorted(themes.PALETTES))
def test_every_palette_can_be_read_by_day_and_after_dark(name):
    assert themes.unreadable(themes.PALETTES[name]) == []


def test_a_theme_is_refused_on_either_side_of_the_edge():
    assert contrast.ratio("#000", "#fff") == pytest.approx(21)
    assert contrast.ratio("#767676", "#ffffff") >= contrast.TEXT > contrast.ratio("#777777", "#ffffff")
    pale = {"paint": ["#bbbbbb", "#bbbbbb"]}
    assert {(fault.text, fault.on, fault.scheme) for fault in themes.unreadable(pale)} >= {("on-paint", "paint", "light")}


def test_a_theme_file_may_set_our_tokens_and_nothing_else():
    assert themes.parse(":root { --paint: light-dark(#1c4b8c, #a9c8f2); }") == {"paint": ["#1c4b8c", "#a9c8f2"]}
    with pytest.raises(ValueError, match="ink"):
        themes.parse(":root { --ink: #fff; }")
    with pytest.raises(ValueError, match="not a color"):
        themes.parse(":root { --paint: url(evil); }")


# ---------------------------------------------------------------------------------------------------------- the sheet


def test_no_template_of_ours_holds_a_script_or_a_style_attribute():
    for template in UI.parents[0].rglob("templates/**/*.html"):
        if "letters" in template.parts:
            continue  # Mail programs read nothing else.
        body = template.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)", body), template
        assert not re.search(r"\s(style|on[a-z]+)=[\"']", body), template


def test_the_sprite_is_the_one_the_drawings_make():
    from tools.sprite import SPRITE, sprite

    assert SPRITE.read_text() == sprite(), "run `python -m tools.sprite`"


def test_sides_are_logical_so_that_pages_mirror():
    css = (UI / "static" / "ui" / "toadlane.css").read_text()
    found = re.findall(r"(?:margin|padding|border)-(?:left|right)\b|\btext-align: (?:left|right)", css)
    assert not found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_style_guide_shows_every_component(client: Client, db: None, language: str):
    pages = [client.get(f"/styleguide/{family.path}?lang={language}").content.decode() for family in FAMILIES]
    assert all(page.count("<h1") == 1 and "<c-" not in page for page in pages)
    said = "".join(pages)
    for part in ("split", "decided", "stages", "timeline", "ballot", "people", "notice", "pager", "plot", "map", "errors"):
        assert f'class="{part}' in said, part
    for page in pages:
        assert all(f'href="/styleguide/{family.path}"' in page for family in FAMILIES)


def test_language_links_keep_the_page_and_its_question(client: Client, db: None):
    said = client.get("/styleguide/?q=a%26b").content.decode()
    assert 'href="?q=a%26b&amp;lang=es"' in said


HAND_DRAWN = re.compile(r"<(?:input|textarea|select)\b[^>]*>")


def bare_controls(html: str) -> list[str]:
    """Return what somebody types into that has neither frame nor size of its own."""
    quiet = ('type="hidden"', 'type="radio"', 'type="checkbox"', 'type="{{', 'class="control')
    return [one for one in HAND_DRAWN.findall(html) if not any(mark in one for mark in quiet)]


def test_whatever_is_typed_into_looks_like_it():
    assert bare_controls('<input name="a"><textarea class="control"></textarea>') == ['<input name="a">']
    house = UI.parent
    pages = [file for file in house.rglob("templates/**/*.html") if "styleguide" not in file.as_posix()]
    bare = [f"{file.relative_to(house)}: {one}" for file in pages for one in bare_controls(file.read_text())]
    assert len(pages) > 200 and not bare, "\n".join(bare)


def test_a_language_is_called_what_its_speakers_call_it():
    assert drawn("{{ 'fr'|tongue }} {{ 'xx'|tongue }}") == "Français xx"


BLOCK_IN_PARAGRAPH = re.compile(
    r"<p\b[^>]*>(?:(?!</p>).)*<(c-decided|c-split|c-notice|c-empty|c-timeline|ul|div|details|form|table|dl)\b"
)


def test_no_paragraph_holds_what_ends_it():
    assert BLOCK_IN_PARAGRAPH.search("<p>Kept <c-decided :by='x' /></p>") and not BLOCK_IN_PARAGRAPH.search("<p>a</p><ul></ul>")
    pages = list(UI.parent.rglob("templates/**/*.html"))
    assert not [file.name for file in pages if BLOCK_IN_PARAGRAPH.search(file.read_text())]


def test_a_very_long_word_has_places_to_break_and_reads_the_same():
    long = "Donaudampfschifffahrtsgesellschaftskapitän"
    html = lines.breakable(f"<p title='{long}'>Der {long} &amp; {long[:27]}</p><textarea>{long}</textarea><code>{long}</code>")
    assert html.count("<wbr>") == 3 and html.replace("<wbr>", "").count(long) == 4
    assert f"title='{long}'" in html and f"<textarea>{long}</textarea>" in html and f"<code>{long}</code>" in html
    # What belongs together stays so: a letter and its marks, a family of people.
    marked, family = "e\u0301" * 28, "👩\u200d👩\u200d👧" * 12
    for word in (marked, family):
        pieces = lines.breakable(f"<p>{word}</p>").split("<wbr>")
        assert len(pieces) > 1 and not any(piece[0] in "\u0301\u200d👧" for piece in pieces[1:])


@pytest.mark.parametrize(
    ("language", "affix"),
    [("en", "<span>€</span><input>"), ("fr", "<input><span>€</span>"), ("es", "<input><span>€ la hora</span>")],
)
def test_the_sign_of_a_currency_stands_where_the_language_writes_it(language: str, affix: str) -> None:
    """A box with the sign before it asks in French for "€ 12,50", which nobody there writes."""
    unit = "la hora" if language == "es" else ""
    with translation.override(language):
        html = drawn(f'<c-field :field="form.email" money="EUR" suffix="{unit}" />', form=Visit())
    assert f'<div class="affix">{affix}</div>' in re.sub(r"<input[^>]*>", "<input>", html)
