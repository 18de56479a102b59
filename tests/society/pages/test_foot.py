"""A co-op's own pages at the foot, on pages that have no co-op in their address."""

import pytest
from django.test import Client

from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.pages import services

pytestmark = pytest.mark.django_db


def test_an_address_of_the_api_that_is_none_is_not_found_where_the_foot_has_pages(inside, board, at):
    services.write(title="Privacy", text="We keep little.", place="foot", by=board, at=at)
    with outside():
        answer = Client().get(f"/api/v1/coops/{inside.slug}/nothing-of-the-kind")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
