"""Meetings over REST: the same services as the pages."""

# In this order: `/book` is no number of a meeting.
from toadlane.democracy.meetings.api import minutes, duties, calling, holding  # isort: skip
from toadlane.democracy.meetings.api.shapes import router

__all__ = ["calling", "duties", "holding", "minutes", "router"]
