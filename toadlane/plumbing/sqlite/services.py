"""How long this process waits for the one writer."""

from toadlane.plumbing.sqlite import base


def be_patient(seconds: float) -> None:
    """Wait for so long before giving up: for work in the background, where nobody waits for a page."""
    base.PATIENCE = seconds
