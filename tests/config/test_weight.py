"""What goes over the wire: words are compressed, what is compressed already is left as it is."""

import gzip

from django.http import HttpResponse
from django.test import RequestFactory

from toadlane.config.compression import Compression


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
