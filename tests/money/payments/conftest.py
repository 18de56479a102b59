from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.money.payments.cards import euro
from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment
from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.models import Coop


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    queries.forget_sandboxes()
    yield
    queries.forget_sandboxes()


@pytest.fixture
def begin(inside: Coop, worker: Principal, at: datetime) -> Callable[..., Payment]:
    def _begin(minor: int = 12_500, **more: Any) -> Payment:
        asked = {"subject": "checkout:9", "method": "card", "key": f"checkout:{uuid4()}"} | more
        return payments.begin(amount=euro(minor), by=worker, at=at, **asked)

    return _begin
