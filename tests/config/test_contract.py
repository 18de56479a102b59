"""Any input that the document allows, and much that it does not: never a 5xx, never an answer that the document does not name."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tests.conftest import browser
from toadlane.config.api import api
from toadlane.config.wsgi import application

DOCUMENT = api.get_openapi_schema()
EXAMPLES = int(os.environ.get("TOADLANE_EXAMPLES", "5"))
schema = schemathesis.openapi.from_dict({**DOCUMENT, "servers": [{"url": "http://testserver"}]})
schema.app = application


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """A request ends by closing old connections; this test's transaction lives in one."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@pytest.fixture
def cookies(_one_connection: None, sparkle: Any, wheels: Any, bob: Any) -> dict[str, str]:
    return {name: morsel.value for name, morsel in browser(bob).cookies.items()}


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@pytest.mark.django_db
def test_nothing_breaks_and_nothing_is_unnamed(case: Any, cookies: dict[str, str]) -> None:
    """Ask as the board, with a session and without a forged header."""
    if "coop" in (case.path_parameters or {}):
        case.path_parameters["coop"] = "sparkle"
    case.cookies = cookies
    # The client of these tests does not unpack what is compressed.
    answer = case.call(headers={"Accept-Encoding": "identity"})
    checks = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
    case.validate_response(answer, checks=checks)
