"""From quote to paid costs at most fourteen statements in the web process: the order path is counted here, and timed in bench.

Fourteen on PostgreSQL, where the figure is claimed. SQLite has no statement that writes to two tables, and takes a few more.
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.trade.orders import market
from tests.trade.orders.conftest import GOOD
from toadlane.plumbing.tenancy.scope import scope

pytestmark = pytest.mark.django_db
APART = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def order(root: str, wish: dict) -> str:
    client = Client()
    quote = client.post(f"{root}/quotes", wish, content_type="application/json").json()
    body = {"quotes": [quote["id"]], "contact": {"name": "N", "email": "n@a.test"}, "card": {"number": GOOD}}
    return client.post(root, body, content_type="application/json").json()["payment"]["state"]


def counted(root: str, first: dict, second: dict) -> list[str]:
    order(root, first)  # The first one fills what is kept between requests.
    with CaptureQueriesContext(connection) as caught:
        assert order(root, second) in ("authorised", "captured")
    return [q["sql"] for q in caught.captured_queries if not q["sql"].startswith(APART)]


def at_most(statements: list[str], on_sqlite: int) -> None:
    most = 14 if connection.vendor == "postgresql" else on_sqlite
    print(len(statements), "statements")
    assert len(statements) <= most, "\n".join(f"{n} {sql[:230]}" for n, sql in enumerate(statements, 1))


@pytest.fixture
def shop(at):
    coop = market.found(at)
    with scope(coop.pk):
        yield market.maker(coop, "hana", at)


def test_a_request_for_a_time(shop, at, day):
    listing = market.room(shop, "Workshop", 1500, at)

    def wish(hour: int) -> dict:
        hours = {"starts": day.replace(hour=hour).isoformat(), "ends": day.replace(hour=hour + 1).isoformat()}
        return {"listing": listing.pk, **hours}

    at_most(counted("/api/v1/coops/market/orders", wish(9), wish(12)), on_sqlite=14)


def test_a_thing_from_stock(shop, at):
    mug = {"listing": market.thing(shop, "Mug", 2000, at, stock=9).pk}
    at_most(counted("/api/v1/coops/market/orders", mug, mug), on_sqlite=16)


def test_a_visit(inside, slate, larkspur, day):
    def wish(hour: int) -> dict:
        return {"size": "one", "level": "once_over", "addons": {"oven": 1}, "starts": day.replace(hour=hour).isoformat()}

    at_most(counted("/api/v1/coops/sparkle/orders", wish(9), wish(14)), on_sqlite=14)
