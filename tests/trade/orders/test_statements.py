"""From quote to paid costs at most fourteen statements in the web process: the order path is counted here, and timed in bench."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.trade.orders import market
from tests.trade.orders.conftest import GOOD
from toadlane.plumbing.tenancy.scope import scope

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/coops/market/orders"
MOST = 14
APART = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def test_from_quote_to_paid(at, day):
    coop = market.found(at)
    with scope(coop.pk):
        listing = market.room(market.maker(coop, "hana", at), "Workshop", 1500, at)
    client = Client()

    def order(hour: int) -> str:
        wish = {
            "listing": listing.pk,
            "starts": day.replace(hour=hour).isoformat(),
            "ends": day.replace(hour=hour + 1).isoformat(),
        }
        quote = client.post(f"{ROOT}/quotes", wish, content_type="application/json").json()
        body = {"quotes": [quote["id"]], "contact": {"name": "N", "email": "n@a.test"}, "card": {"number": GOOD}}
        return client.post(ROOT, body, content_type="application/json").json()["payment"]["state"]

    order(9)  # The first one fills what is kept between requests.
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert order(12) == "authorised"
    counted = [q["sql"] for q in caught.captured_queries if not q["sql"].startswith(APART)]
    print(len(counted), "statements")
    assert len(counted) <= MOST, "\n".join(f"{n} {sql[:230]}" for n, sql in enumerate(counted, 1))
