"""The desk: what waits, what is new, my week and what I earned; each for whom it concerns, and for nobody else."""

from datetime import datetime, timedelta

import pytest

from tests.conftest import browser
from tests.trade.orders.conftest import as_guest, at, book, day, guest, larkspur, slate, wish  # noqa: F401
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.desk import registry as desk
from toadlane.society.coops.models import Coop
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Order

pytestmark = pytest.mark.django_db
DESK = "/c/sparkle/members/desk/"


@pytest.fixture
def assigned(inside: Coop, slate, wish, book, at: datetime) -> Order:  # noqa: F811
    order = book(wish)
    offer = orders.offer(order=order, by=Principal.job(inside.pk), at=at)
    assert offer is not None
    orders.accept(offer=offer, by=slate.by, at=at)
    order = orders.assign(order=queries.find(order.pk), worker=slate.worker, by=slate.by, at=at)
    orders.do_chores(order_ids=[order.pk], by=slate.by, at=at)
    return order


def test_my_week_shows_whom_i_go_to_and_the_member_i_speak_for(assigned, slate, larkspur, day):  # noqa: F811
    for who in (slate.delegate, slate.worker.person):
        page = browser(who).get(DESK).content.decode()
        assert "My week" in page and "Today" in page and "Top to Bottom" in page
        assert f"/work/{queries.week.Job.objects.get().pk}/" in page
    assert "Top to Bottom" not in browser(larkspur.delegate).get(DESK).content.decode(), "another member's week is their own"


def test_what_i_earned_is_drawn_week_by_week(assigned, slate, larkspur, inside, day):  # noqa: F811
    orders.start(order=queries.find(assigned.pk), by=slate.worker_by, at=day)
    orders.finish(order=queries.find(assigned.pk), by=slate.worker_by, at=day)
    orders.act(order=queries.find(assigned.pk), transition="confirm", by=as_guest(assigned), at=day + timedelta(hours=5))
    later = day + timedelta(days=1)
    parts = {part.template: part.context for part in desk.parts(slate.by, later, "main")}
    chart = parts["payments/_weeks.html"]["charts"][0]
    share = next(one["minor"] for one in assigned.split if one["kind"] == "provider")
    assert chart["total"].minor == share and chart["chart"].columns[-1].value == share
    assert len(chart["chart"].columns) == 8 and chart["chart"].columns[-1].is_part
    assert not [part for part in desk.parts(larkspur.by, later, "main") if part.template == "payments/_weeks.html"]


def test_who_has_joined_is_news_to_the_members_and_to_nobody_else(inside, alice, charlie, bob, slate, at):  # noqa: F811
    from toadlane.plumbing.access.principals import Channel
    from toadlane.society.members import queries as members

    def told(person) -> list[str]:
        by = members.principal(person_id=person.pk, channel=Channel.WEB)
        return [one.text for one in desk.news(by, at + timedelta(hours=1))]

    assert "slate has joined." in told(bob)
    assert told(charlie) == []
