"""Whoever answers a letter at a time keeps nobody waiting for long."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from threading import Thread

import pytest

from toadlane.kernel.deadlines import within
from toadlane.plumbing.webhooks import post
from toadlane.trade.booking.services import fetching


@pytest.fixture
def trickle() -> Iterator[str]:
    """A server that begins to answer, and sends a letter of its head every tenth of a second for a minute."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def answer() -> None:
            there, _address = listening.accept()
            with closing(there):
                there.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                for _ in range(600):
                    time.sleep(0.1)
                    there.sendall(b"a")

        def quietly() -> None:
            with suppress(OSError):  # Nobody listens any more.
                answer()

        Thread(target=quietly, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


def test_a_block_that_is_over_in_time_is_not_stopped():
    stopped: list[bool] = []
    with within(0.2, lambda: stopped.append(True)):
        pass
    time.sleep(0.3)
    assert not stopped
    with within(0.05, lambda: stopped.append(True)):
        time.sleep(0.3)
    assert stopped == [True]


def test_a_listener_that_answers_a_letter_at_a_time_is_given_up(trickle, settings, monkeypatch):
    settings.TOADLANE_SANDBOX, settings.TOADLANE_HOST = True, "127.0.0.1"
    monkeypatch.setattr(post, "SECONDS", 1.0)
    began = time.monotonic()
    with pytest.raises(post.Unreachable):
        post.send(trickle, b"{}", {})
    assert time.monotonic() - began < 8


def test_a_calendar_that_answers_a_letter_at_a_time_is_given_up(trickle, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 1.0)
    monkeypatch.setattr(fetching, "is_public", lambda _address: True)
    began = time.monotonic()
    with pytest.raises(fetching.CannotFetch):
        fetching.fetch(trickle, most_bytes=1000)
    assert time.monotonic() - began < 8


def test_a_name_that_can_be_none_is_not_reached(settings):
    settings.TOADLANE_SANDBOX = False
    with pytest.raises(post.Unreachable):
        post.send(f"https://{'a' * 70}.example/", b"{}", {})
