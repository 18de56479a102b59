"""A co-op of co-ops on its first day: nobody can be sent, and it says so to customers and board instead of taking orders."""

import pytest
from django.test import Client

from tests.conftest import browser
from tests.trade.orders.conftest import at, slate  # noqa: F401
from toadlane.society.members import services as joining
from toadlane.society.members.models import Worker

pytestmark = pytest.mark.django_db
CLEAN = "/c/sparkle/orders/book/?size=two&level=once_over"


def test_before_anybody_takes_jobs_no_time_is_offered(inside, bob):
    page = Client().get(CLEAN).content.decode()
    assert "Nobody takes jobs here yet" in page and 'name="slot"' not in page
    desk = browser(bob).get("/c/sparkle/members/desk/").content.decode()
    assert "Nobody can take a job yet" in desk and "/members/join/" in desk


def test_with_the_first_member_times_are_offered(inside, bob, slate):  # noqa: F811
    page = Client().get(CLEAN).content.decode()
    assert "Nobody takes jobs here yet" not in page and 'name="slot"' in page
    assert "Nobody can take a job yet" not in browser(bob).get("/c/sparkle/members/desk/").content.decode()


def test_a_worker_is_added_with_their_account_by_the_page(inside, slate, alice, at):  # noqa: F811
    address = f"/c/sparkle/members/{slate.membership.pk}/"
    delegate = browser(slate.delegate)
    said = {"deed": "add_worker", "worker-name": "Alice", "worker-contact": "nobody@nowhere.test"}
    answer = delegate.post(address, said)
    assert answer.status_code == 422 and "Nobody has signed up here with this address" in answer.content.decode()
    assert 'value="Alice"' in answer.content.decode()
    assert delegate.post(address, said | {"worker-contact": alice.email}).status_code == 302
    assert Worker.objects.get(name="Alice").person == alice
    assert delegate.post(address, {"deed": "add_worker", "worker-name": "Ida"}).status_code == 302
    assert Worker.objects.get(name="Ida").person is None, "nobody needs an account to work"


def test_who_speaks_for_an_organisation_stands_on_its_application(inside, bob, alice, at):  # noqa: F811
    from toadlane.plumbing.access.principals import Channel
    from toadlane.society.members import queries as members

    by = members.principal(person_id=alice.pk, channel=Channel.WEB)
    asked = joining.apply(
        person=alice, member_class="co_op", answers={"people": "3", "where": "West"}, organisation="Tidy West", by=by, at=at
    )
    page = browser(bob).get(f"/c/sparkle/members/applications/{asked.pk}/").content.decode()
    assert "Tidy West wants to join" in page and f"{alice.name} speaks for it." in page
