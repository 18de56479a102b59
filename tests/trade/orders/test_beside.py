"""What a customer may promise for the days off of whoever comes: one press away once it is known who that is."""

import pytest

from tests.conftest import browser, run_jobs
from tests.trade.orders.conftest import fresh
from tests.trade.orders.test_visit import accepted
from toadlane.money.benefits.models import Wallet
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.society.members import queries as members
from toadlane.society.people.models import Person
from toadlane.trade.orders import services as orders

pytestmark = pytest.mark.django_db


@pytest.fixture
def nuala(inside, at):
    now, act = bylaws.book(), Principal.job(inside.pk, "enactment")
    values = {"benefits.wallets": True, "benefits.suggested": 700}
    ops = tuple(Op(rule, now.rule(rule)["value"], value) for rule, value in values.items() if now.rule(rule)["value"] != value)
    rules.enact(patch=Patch(now.number, ops), decision="2027-1", passed_by="special", by=act, at=at)
    return Person.objects.create(email="nuala@ardmullen.test", name="Nuala")


def test_a_customer_promises_it_on_the_order_once_it_is_known_who_comes(nuala, slate, larkspur, wish, book, at, charlie):
    order = book(wish, by=members.principal(person_id=nuala.pk, channel=Channel.WEB))
    client, page = browser(nuala), f"/c/sparkle/orders/{order.pk}/"

    def beside():
        [one] = client.get(f"/api/v1/coops/sparkle/orders/{order.pk}").json()["beside"]
        return one["amount"]["minor"], one["state"], one["wallet"]

    assert beside() == (700, "suggested", "")
    told = client.get(page).content.decode()
    assert "once it is known who comes" in told and "benefits/give" not in told
    run_jobs()
    member, order = accepted(order, slate, larkspur, at=at)
    orders.assign(order=order, worker=member.worker, by=member.by, at=at)
    assert beside() == (700, "suggested", ""), "whoever comes has no wallet"
    person = fresh(order).worker
    wallet = Wallet.objects.create(person=person, currency="EUR", code="a-code", opened_at=at, opened_by="test")
    assert beside() == (700, "suggested", wallet.code)
    address = "/c/sparkle/benefits/give/a-code/?rhythm=visit"
    assert address in client.get(page).content.decode()
    form = client.get(address).content.decode()
    assert form.index('value="visit"') < form.index("checked") < form.index('value="once"') and "7.00" in form
    assert "a-code" not in browser(charlie).get(page).content.decode()
    assert "a-code" not in browser(person).get(page).content.decode(), "nobody promises their own wallet anything"
