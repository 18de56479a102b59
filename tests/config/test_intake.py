"""A refusal takes in what was sent, or the connection is lost for the next request."""

import pytest
from django.test import Client

from toadlane.config import intake


@pytest.fixture
def refused(sparkle):
    client = Client(enforce_csrf_checks=True)

    def post(text: str):
        return client.post("/c/sparkle/jobs/", text, content_type="text/plain")

    return post


def test_what_a_refused_request_sent_is_taken_in(refused):
    answer = refused("x=1")
    assert answer.status_code in (302, 403, 404) and answer.wsgi_request.read() == b""


def test_nobody_waits_for_the_end_of_a_large_upload(refused, monkeypatch):
    monkeypatch.setattr(intake, "MOST", 8)
    assert refused("x" * 8).wsgi_request.read() == b""
    assert refused("x" * 9).wsgi_request.read() == b"x" * 9
