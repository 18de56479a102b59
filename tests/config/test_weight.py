"""What goes over the wire: words are compressed, what is compressed already is left as it is."""

import gzip
import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from toadlane.config.compression import Compression
from toadlane.ui.views import FAMILIES

STATIC = Path(__file__).parents[2] / "toadlane" / "ui" / "static"
WORDS, WHOLE = 40_000, 100_000


def answered(kind: str, accepts: str = "gzip") -> HttpResponse:
    request = RequestFactory().get("/", headers={"accept-encoding": accepts})
    return Compression(lambda _request: HttpResponse(b"a line of words " * 200, content_type=kind))(request)


def test_a_page_is_a_fifth_of_its_size(client, db):
    plain = client.get("/styleguide/").content
    answer = client.get("/styleguide/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer["Vary"]
    assert len(answer.content) * 4 < len(plain)


def test_words_are_compressed_and_pictures_and_documents_are_not():
    for kind in ("text/html; charset=utf-8", "application/json", "application/problem+json"):
        assert gzip.decompress(answered(kind).content) == b"a line of words " * 200
    for kind in ("image/avif", "application/pdf"):
        assert "Content-Encoding" not in answered(kind)
    assert "Content-Encoding" not in answered("text/html", accepts="identity")


def test_only_a_page_that_renews_itself_brings_the_script_for_it(client, sparkle):
    assert "htmx" not in client.get("/").content.decode()
    for path in ("/c/sparkle/", "/c/sparkle/rules/", "/sign-in/"):
        page = client.get(path).content.decode()
        assert ("htmx-2.min" in page) == ("data-hx-" in page), path


def weight(client, path: str, language: str) -> tuple[int, int]:
    """Return what a page weighs over the wire: its HTML, styles and scripts alone, and with fonts and drawings."""
    page = gzip.compress(html := client.get(path, {"lang": language}).content)
    named = {name.decode() for name in re.findall(rb'(?:src|href)="/static/([^"#?]+)', html)}
    if language == "ar" or b'lang="ar" dir="rtl"' in html:
        named |= {path.relative_to(STATIC).as_posix() for path in STATIC.glob("ui/fonts/vazirmatn*.woff2")}
    sizes = {}
    for name in named:
        content = (STATIC / name).read_bytes()
        sizes[name] = len(content) if name.endswith((".woff2", ".png")) else len(gzip.compress(content))
    words = len(page) + sum(size for name, size in sizes.items() if name.endswith((".css", ".js")))
    return words, len(page) + sum(sizes.values())


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_of_the_style_guide_weighs_more_than_a_public_page_may(client, db, language):
    for path in ["/", *(f"/styleguide/{family.path}" for family in FAMILIES)]:
        words, whole = weight(client, path, language)
        assert words <= WORDS and whole <= WHOLE, (path, words, whole)


def test_a_page_is_kept_by_nobody_in_between_and_by_a_browser_for_one_language(sparkle, client):
    for path in ("/", "/c/sparkle/", "/api/v1/coops/sparkle/listings", "/c/sparkle/nowhere/"):
        answer = client.get(path)
        assert answer["Cache-Control"] == "private" and "Accept-Language" in answer["Vary"], path
