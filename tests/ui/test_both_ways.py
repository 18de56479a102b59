"""In a page that runs from right to left, what somebody wrote from the left keeps its order, and a date beside it stays whole."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

import toadlane
from toadlane.ui import formats, texts

AT = datetime(2026, 10, 22, 17, 30, tzinfo=UTC)


def shown(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_a_name_in_a_sentence_is_kept_apart_in_arabic_and_nowhere_else():
    for language, expected in (("ar", "\u2068Ann & Ben\u2069"), ("en", "Ann & Ben"), ("fr", "Ann & Ben")):
        with translation.override(language):
            assert formats.apart("Ann & Ben") == expected
    with translation.override("ar"):
        assert formats.apart("") == "" and shown("{{ name|apart }}", name="<b>") == "\u2068&lt;b&gt;\u2069"
        assert shown("{{ name|apart }}", name=None) == ""


def test_day_and_time_are_parted_by_the_comma_of_the_language():
    with translation.override("ar"):
        assert formats.moment(AT).count("\u060c") == 2 and "," not in formats.moment(AT) + formats.stamp(AT)
    with translation.override("en"):
        assert ", " in formats.moment(AT) and "\u060c" not in formats.moment(AT)


def test_a_list_is_parted_by_the_comma_of_its_reader_and_each_name_stays_together():
    with translation.override("ar"):
        assert formats.listed(["Ann", 7]) == "\u2068Ann\u2069\u060c \u20687\u2069"
        assert formats.clauses(["a, b", "c"]) == "\u2068a, b\u2069\u061b \u2068c\u2069"
        assert (
            formats.listed(["a", "b"], "en") == "a, b"
            and shown("a{% comma %}b{% semicolon %}c") == "a\u200f\u060c \u200fb\u200f\u061b \u200fc"
        )
    with translation.override("fr"):
        assert (
            formats.listed(["Ann", 7]) == "Ann, 7"
            and formats.clauses(["a, b", "c"]) == "a, b\u00a0; c"
            and formats.listed([]) == ""
        )
        assert shown("{{ names|listed }}", names=["<b>", "c"]) == "&lt;b&gt;, c"
        assert formats.comma("ar") == "\u060c "


def test_a_day_stays_whole_after_a_latin_name_in_arabic():
    with translation.override("ar"):
        assert re.fullmatch("\u2068[^\u2068\u2069]+\u2069", formats.day(AT))
        for text in (formats.days(date(2026, 6, 28), date(2026, 7, 3)), formats.stamp(AT), formats.moment(AT)):
            assert text[0] == "\u2068" and text.count("\u2068") == 1, "one piece, whose letters say which way it runs"
    with translation.override("es"):
        assert "\u2068" not in formats.day(AT) + formats.moment(AT)


@pytest.mark.parametrize(
    "text", ["One.\n\n\u0627\u062b\u0646\u0627\u0646.", "- one\n- two", "1. one", "> said", "|a|b|\n|-|-|\n|c|d|"]
)
def test_each_block_of_a_text_runs_its_own_way(text):
    assert 'dir="auto"' in texts.markdown(text)
    assert texts.markdown("One.\n\n\u0627\u062b\u0646\u0627\u0646.").count('<p dir="auto">') == 2


def test_in_the_rooms_of_decisions_words_of_members_run_their_own_way():
    """Whole paragraphs that somebody wrote; inside a sentence of ours they stand in a `bdi` or are kept `apart`."""
    pages = Path(toadlane.__file__).parent.glob("democracy/*/templates/**/*.html")
    wrong = [f"{page.name}: {line.strip()[:80]}" for page in pages for line in page.read_text().splitlines()
             if "<p>{{" in line and "|linebreaksbr }}</p>" in line.partition("<p>{{")[2][:60]]  # fmt: skip
    assert not wrong, wrong


def test_the_bars_of_a_chart_run_as_their_days_do():
    css = (Path(toadlane.__file__).parent / "ui" / "static" / "ui" / "toadlane.css").read_text()
    mirrored = re.search(r'\[dir="rtl"\] :is\(([^)]*)\) svg \{ transform: scaleX\(-1\)', css)
    assert mirrored and ".plot" in mirrored[1]
