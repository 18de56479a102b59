"""The request as views see it, after the middleware has asked who, where and when."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from toadlane.plumbing.access.principals import Principal


class CoopRequest(HttpRequest):
    """A request inside a co-op, or on the server's own pages, where `coop` is None and the principal has no co-op."""

    by: Principal
    now: datetime
    coop: Any
    # The API token that was sent, if any.
    token: Any
    # A person, or somebody who has not signed in; views that need the person ask for a sign-in first.
    user: Any
