"""Any input that the document allows, and much that it does not: never a 5xx, never an answer that the document does not name."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from toadlane.config.api import api
from toadlane.config.wsgi import application
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.people import services

DOCUMENT = api.get_openapi_schema()
EXAMPLES = int(os.environ.get("TOADLANE_EXAMPLES", "5"))
# Who asks: `bob` sits on the board, `alice` is a member, `charlie` is of another co-op; and `nobody`.
WHO = os.environ.get("TOADLANE_AS", "bob")
schema = schemathesis.openapi.from_dict({**DOCUMENT, "servers": [{"url": "http://testserver"}]})
schema.app = application
if paths := os.environ.get("TOADLANE_PATHS"):
    schema = schema.include(path_regex=paths)


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
def headers(_one_connection: None, sparkle: Any, wheels: Any, request: pytest.FixtureRequest) -> dict[str, str]:
    """Who asks sends a token: a session could not be asked to send a forged header as well."""
    if WHO == "nobody":
        return {}
    person = request.getfixturevalue(WHO)
    by = Principal(coop_id=None, channel=Channel.WEB, person_id=person.pk)
    _token, secret = services.issue_token(person=person, name="x", scopes=("money",), by=by, at=datetime.now(UTC))
    return {"Authorization": f"Bearer {secret}"}


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@pytest.mark.django_db
def test_nothing_breaks_and_nothing_is_unnamed(case: Any, headers: dict[str, str]) -> None:
    if "coop" in (case.path_parameters or {}):
        case.path_parameters["coop"] = "sparkle"
    # The client of these tests does not unpack what is compressed.
    answer = case.call(headers={"Accept-Encoding": "identity", **headers})
    checks = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
    # Nobody else is here.
    assert b'"same_moment"' not in answer.content
    case.validate_response(answer, checks=checks)
