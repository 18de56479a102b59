"""Reviews: each side for itself, both revealed at once, and no average of too few."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from tests.conftest import browser
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.people.models import Person
from toadlane.trade.reviews import policies, queries, services
from toadlane.trade.reviews.models import Review, ReviewWindow

pytestmark = pytest.mark.django_db
VECTORS = Path(__file__).parents[2] / "golden" / "vectors" / "17_fair_work.yaml"


@pytest.mark.parametrize("case", yaml.safe_load(VECTORS.read_text())["ratings"], ids=lambda case: case["id"])
def test_the_vectors_of_mutual_reveal(case):
    shown = policies.visible(
        opened_on=date.fromisoformat(case["worker_rated"]), both_are_in=case["client_rated"] is not None,
        window_days=case["window_days"], today=date.fromisoformat(case["today"]),
    )  # fmt: skip
    assert ("published" if shown else "hidden") == case["expect"]


@pytest.fixture
def window(done, confirm, day) -> ReviewWindow:
    confirm(done, day + timedelta(hours=5))
    return ReviewWindow.objects.get()


def write(order, by, at, stars=5, text="Spotless"):
    return services.write(order=order, stars=stars, text=text, by=by, at=at)


def test_nobody_reads_the_other_before_both_are_in(window, customer, slate):
    order, at = window.order, window.opened_at
    write(order, customer, at)
    assert queries.of_order(order, slate.by, at=at).theirs is None
    assert not queries.published().exists() and queries.summary(queries.about_provider(slate.membership.pk)).count == 0
    # It can still be changed: nobody has read it.
    write(order, customer, at + timedelta(days=1), stars=4)
    write(order, slate.by, at + timedelta(days=2), text="A kind house")
    assert queries.of_order(order, slate.by, at=at).theirs.stars == 4
    assert queries.of_order(order, customer, at=at).theirs.text == "A kind house"
    with pytest.raises(services.NotOpen):
        write(order, customer, at + timedelta(days=2), stars=1)


def test_after_the_days_the_bylaws_give_one_review_stands_alone(window, customer, slate, system):
    order = window.order
    assert window.closes_at - window.opened_at == timedelta(days=7)
    write(order, customer, window.closes_at - timedelta(seconds=1))
    assert services.publish_due(by=system, at=window.closes_at - timedelta(seconds=1)) == 0
    assert queries.of_order(order, slate.by, at=window.closes_at - timedelta(seconds=1)).theirs is None
    assert queries.of_order(order, slate.by, at=window.closes_at).theirs is not None
    with pytest.raises(services.NotOpen):
        write(order, slate.by, window.closes_at)
    assert services.publish_due(by=system, at=window.closes_at) == 1
    assert services.publish_due(by=system, at=window.closes_at) == 0
    assert queries.published().count() == 1


def test_only_the_two_sides_write_and_only_once_it_is_done(done, customer, worker, board, wheels, at):
    with pytest.raises(services.NotOpen):
        write(done, customer, at)
    for other in (worker, board):
        with pytest.raises(Refused):
            write(done, other, at)
    with pytest.raises(Refused), scope(wheels.pk):
        write(done, customer, at)


def test_stars_are_one_to_five(window, customer):
    for wrong in (0, 6):
        with pytest.raises(services.NotStars):
            write(window.order, customer, window.opened_at, stars=wrong)


def test_the_other_side_answers_what_can_be_read(window, customer, slate, system):
    review = write(window.order, customer, window.opened_at, stars=2)
    with pytest.raises(services.NotOpen):
        services.answer(review=review, text="We came back", by=slate.by, at=window.opened_at)
    services.publish_due(by=system, at=window.closes_at)
    with pytest.raises(services.NotOpen):
        services.answer(review=queries.review(review.pk), text="x", by=customer, at=window.closes_at)
    services.answer(review=queries.review(review.pk), text="We came back", by=slate.by, at=window.closes_at)
    assert queries.told(queries.review(review.pk)).answer == "We came back"
    assert queries.told(queries.review(review.pk)).by == "Nuala", "a first name, and no more"


def test_an_average_of_two_is_no_average():
    assert policies.average([5, 1]) is None
    assert policies.average([5, 4, 4]) == 4.3


def test_the_pages_and_the_api(window, customer, nuala, slate, charlie, client, system):
    hers, theirs, stranger = browser(nuala), browser(slate.delegate), browser(charlie)
    page, api = f"/c/sparkle/reviews/orders/{window.order_id}/", f"/api/v1/coops/sparkle/reviews/orders/{window.order_id}"
    assert hers.post(page, {"text": "no stars"}).status_code == 422
    assert hers.post(page, {"stars": "5", "text": "Spotless & kind"}).status_code == 302
    assert "Spotless" not in theirs.get(page).content.decode()
    assert theirs.get(api).json()["theirs"] is None
    for who in (stranger, client):
        assert who.get(page).status_code == 404
    assert stranger.get(api).status_code == stranger.put(api, {"stars": 1}, content_type="application/json").status_code == 404
    assert stranger.get(f"/c/wheels/reviews/orders/{window.order_id}/").status_code == 404
    told = theirs.put(api, {"stars": 5, "text": "A kind house"}, content_type="application/json").json()
    assert told["theirs"]["text"] == "Spotless & kind" and not told["is_open"]
    assert "A kind house" in hers.get(page).content.decode()
    hers.post(f"/c/sparkle/reviews/{Review.objects.get(side='provider').pk}/answer/", {"text": "Thank you"})
    assert Review.objects.get(side="provider").answer == "Thank you"
    public = client.get(f"/c/sparkle/reviews/of/{slate.membership.pk}/").content.decode()
    assert "Spotless &amp; kind" in public and "Brophy" not in public
    listed = client.get(f"/api/v1/coops/sparkle/reviews/members/{slate.membership.pk}").json()
    assert listed["count"] == 1 and listed["stars"] is None and listed["items"][0]["by"] == "Nuala"
    assert client.get(f"/c/wheels/reviews/of/{slate.membership.pk}/").status_code == 404


def test_the_desk_asks_both_sides(window, customer, slate):
    assert [w.action for w in queries.waiting(customer, window.opened_at)] == ["Write a review"]
    write(window.order, customer, window.opened_at)
    assert queries.waiting(customer, window.opened_at) == []
    assert [w.action for w in queries.waiting(slate.by, window.opened_at)] == ["Write a review"]
    assert Person.objects.count() >= 3
