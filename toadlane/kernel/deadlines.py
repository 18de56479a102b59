"""Doing something within a time, when what is asked may answer a letter at a time and never come to an end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Timer


@contextmanager
def within(seconds: float, stop: Callable[[], object]) -> Iterator[None]:
    """Call `stop` from beside where the block is not over after some seconds; it makes what the block waits for break."""

    def end() -> None:
        with suppress(Exception):  # It may be over at this very moment.
            stop()

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
