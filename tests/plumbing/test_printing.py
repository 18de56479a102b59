"""Paper: the same facts are the same bytes, a text is never markup, and it is an archive's PDF."""

from datetime import UTC, datetime, timedelta

import pytest

from toadlane.plumbing.printing import glyphs, paper

AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
FACTS = {"title": "Minutes", "author": "Sparkle", "foot": "Sparkle, 1 March 2027", "text": "#panic() *not bold* <x>"}


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "page.typ"
    path.write_text("= #facts.title\n#facts.text\n")
    return path


def test_the_same_facts_are_the_same_bytes(template):
    first = paper.pdf(template, FACTS, language="en", at=AT)
    assert first == paper.pdf(template, FACTS, language="en", at=AT) and first.startswith(b"%PDF-")
    assert first != paper.pdf(template, FACTS | {"text": "other"}, language="en", at=AT)
    assert first != paper.pdf(template, FACTS, language="en", at=AT + timedelta(seconds=1))


def test_it_says_of_itself_that_it_is_for_archives_and_tagged(template):
    made = paper.pdf(template, FACTS, language="en", at=AT)
    assert b"<pdfaid:part>2</pdfaid:part>" in made and b"<pdfaid:conformance>A</pdfaid:conformance>" in made


def test_arabic_runs_from_the_right(template):
    made = paper.pdf(template, FACTS | {"title": "محضر"}, language="ar", at=AT)
    assert made != paper.pdf(template, FACTS | {"title": "محضر"}, language="en", at=AT)


@pytest.mark.parametrize("name", ["李娜", "Ana 🌷", "\U00057c2b", "Оксана 李", "\u0378\u200f", "שרה"])
def test_a_name_in_signs_that_no_font_of_ours_has_is_still_printed(template, name):
    for fact in ("title", "text"):
        assert paper.pdf(template, FACTS | {fact: name}, language="en", at=AT).startswith(b"%PDF-")


def test_a_sign_that_cannot_be_set_is_a_question_mark_and_the_others_stay():
    assert glyphs.printable("Ana 🌷 é ش") == "Ana ? é ش"
    assert glyphs.printable("Оксана 李") == "Оксана ?" and glyphs.printable("Оксана", own_only=True) == "??????"


def test_a_template_that_cannot_be_set_says_so(tmp_path):
    broken = tmp_path / "broken.typ"
    broken.write_text("#facts.nothing")
    with pytest.raises(paper.NotPrinted):
        paper.pdf(broken, FACTS, language="en", at=AT)
