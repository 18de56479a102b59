"""A share offer: below its minimum everybody is refunded, above its maximum all are scaled back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.conftest import browser
from tests.money.payments.cards import card, euro
from toadlane.money.ledger import queries as books
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment
from toadlane.ownership.shares import handlers, queries, services
from toadlane.ownership.shares.models import Offer
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


def test_whoever_applied_before_reads_it_beside_the_largest_stake(offer, apply, member):
    dana, eli = member("Dana"), member("Eli")
    Offer.objects.update(opens_at=timezone.now() - timedelta(days=1))  # Pages live in the present.

    def shown(who):
        return browser(who[0].person).get(f"/c/sparkle/shares/offers/{offer.pk}/").content.decode()

    assert "You have asked for" not in shown(dana)
    apply(dana, 19)
    assert "You have asked for €475.00 before. Together it may come to €800.00." in shown(dana)
    assert "You have asked for" not in shown(eli)
    Offer.objects.update(closes_at=timezone.now() - timedelta(seconds=1), state="refunded")
    assert "came together, of the €750.00 we hoped for" in shown(eli) and "It did not reach its minimum" in shown(eli)
    Offer.objects.update(state="issued")
    assert "stand in the register" in shown(eli)


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
    edges = [codes(closes_at=(at + timedelta(seconds=more)).isoformat(), opens_at=at.isoformat()) for more in (1, 0, -1)]
    assert edges == [[], ["closes"], ["closes"]], "what is over before it begins is no offer"
    assert codes(maximum_minor=100_001) == ["whole_shares"] and codes(opens_at="tomorrow") == ["unreadable"]
    assert len(handlers.describe(payload, "en")) == 4


def begun(offer, who, count, key, at, method="card"):
    return services.apply(
        offer=offer, membership=who[0], shares=count, method=method, key=key, by=who[1], at=at
    )  # fmt: skip


def pay(placed, who, job, at):
    payments.authorise(payment=placed.payment, instrument=card(), by=who[1], at=at)
    return services.settle(subscription=placed.subscription, by=job, at=at)


def test_what_comes_when_the_offer_is_over_goes_back(offer, apply, member, job, at):
    dana, eli = member("Dana"), member("Eli")
    apply(dana, 25)
    late = begun(offer, eli, 10, "late", at)
    services.close_due(by=job, at=offer.closes_at)
    after = offer.closes_at + timedelta(days=1)
    pay(late, eli, job, after)
    assert books.balance("2100", "EUR") == euro(-25_000)
    for _ in range(2):
        services.give_back_due(by=job, at=after)
        services.settle(subscription=late.subscription, by=job, at=after)
    assert books.balance("2100", "EUR") == euro(0) == books.balance("1100", "EUR") + euro(-62_500)
    late.subscription.refresh_from_db()
    assert held(dana, eli) == [25, 0] and late.subscription.state == "refunded"


def test_two_applications_at_once_do_not_pass_the_largest_stake(offer, member, job, at):
    dana = member("Dana")
    first, second = (begun(offer, dana, count, key, at) for count, key in ((20, "a"), (13, "b")))
    pay(first, dana, job, at)
    pay(second, dana, job, at)
    services.close_due(by=job, at=offer.closes_at)
    assert held(dana) == [20] and books.balance("2100", "EUR") == euro(0), "what goes beyond it is not held for the offer"


def test_what_is_taken_meanwhile_leaves_no_room_above_the_cap(offer, apply, take, member, job, at):
    dana, eli = member("Dana"), member("Eli")
    apply(dana, 20)
    apply(eli, 20)
    take(dana, 90)
    services.close_due(by=job, at=offer.closes_at)
    assert held(dana, eli) == [90, 20] and books.balance("2100", "EUR") == euro(0)
    assert queries.register_equals_ledger().faults == []


def test_an_application_that_is_charged_back_is_none_and_one_that_is_won_counts_again(offer, apply, member, job, at):
    dana, eli = member("Dana"), member("Eli")
    apply(eli, 20)
    for won_in_time in (False, True):
        done = pay(begun(offer, dana, 10, f"k{won_in_time}", at), dana, job, at)
        payment = Payment.objects.get(subject=done.subject)
        about = {"payment": payment, "provider_ref": f"dp_{won_in_time}", "by": job, "at": at}
        payments.open_dispute(**about, amount=euro(25_000), fee=euro(0))
        assert books.balance("2100", "EUR") == euro(-50_000) and queries.promised(offer) == 50_000
        if won_in_time:
            payments.close_dispute(**about, won=True)
            assert queries.promised(offer) == 75_000
    services.close_due(by=job, at=offer.closes_at)
    assert held(dana, eli) == [10, 20] and books.balance("2100", "EUR") == euro(0)
    late = Payment.objects.get(subject__endswith=f":{done.pk - 1}")
    payments.close_dispute(payment=late, provider_ref="dp_False", won=True, by=job, at=offer.closes_at)
    assert books.balance("2100", "EUR") == euro(-25_000)
    services.give_back_due(by=job, at=offer.closes_at)
    assert held(dana, eli) == [10, 20] and books.balance("2100", "EUR") == euro(0)
    assert queries.register_equals_ledger().faults == []
