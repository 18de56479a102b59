"""A share offer: below its minimum everybody is refunded, above its maximum all are scaled back."""

from datetime import timedelta

import pytest

from tests.money.payments.cards import card, euro
from toadlane.money.ledger import queries as books
from toadlane.money.payments import services as payments
from toadlane.ownership.shares import handlers, queries, services
from toadlane.ownership.shares.policies.offers import AboveMaxStake, BelowMinStake
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.society.bylaws import queries as bylaws

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def payload(at):
    return {
        "title": "A van", "share_class": "ordinary", "minimum_minor": 50_000, "target_minor": 75_000, "maximum_minor": 100_000,
        "min_stake_minor": 2500, "max_stake_minor": 80_000, "opens_at": at.isoformat(),
        "closes_at": (at + timedelta(days=30)).isoformat(),
    }  # fmt: skip


@pytest.fixture
def offer(shares, payload, inside, at):
    act = Principal.job(inside.pk, "enactment")
    for _ in range(2):
        handlers.enact(payload=payload, decision="2027-9", passed_by="simple", by=act, at=at)
    return queries.offers().get()


@pytest.fixture
def apply(offer, job, at):
    def go(who, count, when=at):
        membership, by = who
        about = {"offer": offer, "membership": membership, "shares": count, "method": "card", "key": f"o{by.person_id}"}
        placed = services.apply(**about, by=by, at=when)
        payments.authorise(payment=placed.payment, instrument=card(), by=by, at=when)
        return services.settle(subscription=placed.subscription, by=job, at=when)

    return go


def held(*people):
    return [queries.holding(who[0].pk, "ordinary").shares for who in people]


def test_below_its_minimum_everybody_gets_their_money_back(offer, apply, member, job, at):
    dana = member("Dana")
    apply(dana, 19)
    assert held(dana) == [0] and books.balance("2100", "EUR") == euro(-47_500)
    services.close_due(by=job, at=offer.closes_at)
    services.close_due(by=job, at=offer.closes_at)
    assert held(dana) == [0] and books.balance("2100", "EUR") == euro(0) == books.balance("1100", "EUR")
    assert queries.offers().get().state == "refunded"


def test_between_minimum_and_maximum_everybody_gets_what_they_applied_for(offer, apply, member, job, at):
    dana, eli = member("Dana"), member("Eli")
    apply(dana, 15)
    apply(eli, 5)
    assert services.close_due(by=job, at=offer.closes_at - timedelta(seconds=1)) == []
    services.close_due(by=job, at=offer.closes_at)
    assert held(dana, eli) == [15, 5] and queries.register_equals_ledger().faults == []


def test_above_its_maximum_it_is_scaled_back_and_the_rest_goes_home(offer, apply, member, job, at):
    dana, eli, fay = (member(name) for name in ("Dana", "Eli", "Fay"))
    for who, count in ((dana, 32), (eli, 32), (fay, 1)):
        apply(who, count)
    for _ in range(2):
        services.close_due(by=job, at=offer.closes_at)
    assert held(dana, eli, fay) == [20, 19, 1] and queries.capital() == euro(100_000)
    assert books.balance("2100", "EUR") == euro(0) and queries.register_equals_ledger().faults == []


def test_nobody_applies_too_little_too_much_too_early_or_too_late(offer, member, at):
    dana, by = member("Dana")
    about = {"offer": offer, "membership": dana, "method": "card", "key": "x", "by": by}
    for count, when, error in (
        (33, at, AboveMaxStake), (1, at - timedelta(seconds=1), services.WrongMoment),
        (1, offer.closes_at, services.WrongMoment),
    ):  # fmt: skip
        with pytest.raises(error):
            services.apply(**about, shares=count, at=when)
    offer.min_stake_minor = 5000
    with pytest.raises(BelowMinStake):
        services.apply(**about, shares=1, at=at)


def test_only_a_decision_opens_an_offer(shares, board, at):
    with pytest.raises(Refused):
        services.open_offer(decision="mine", by=board, at=at)


def test_what_cannot_be_offered_is_said_before_the_vote(shares, payload, at):
    def codes(**more):
        return [fault.code for fault in handlers.check({**payload, **more}, bylaws.book(), at)]

    assert codes() == []
    assert codes(minimum_minor=80_000) == ["amounts"] and codes(share_class="golden") == ["no_such_shares"]
    assert codes(max_stake_minor=1) == ["stakes"] and codes(closes_at=payload["opens_at"]) == ["closes"]
    assert codes(maximum_minor=100_001) == ["whole_shares"] and codes(opens_at="tomorrow") == ["unreadable"]
    assert len(handlers.describe(payload, "en")) == 4
