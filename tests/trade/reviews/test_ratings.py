"""What a search says of a listing's reviews is what its own page says."""

from datetime import timedelta

import pytest

from toadlane.trade.catalog.models import Listing
from toadlane.trade.reviews import policies, queries
from toadlane.trade.reviews.models import Review, ReviewWindow, Side


@pytest.mark.parametrize(("least", "is_published", "told"), [(1, True, (1, 4.0)), (2, True, None), (1, False, None)])
def test_the_columns_of_a_search_say_the_same(done, at, monkeypatch, least, is_published, told):
    monkeypatch.setattr(policies, "LEAST", least)
    listing = Listing.objects.create(kind="clean", title="Clean", currency="EUR", created_at=at, changed_at=at)
    window, _created = ReviewWindow.objects.update_or_create(
        order=done,
        defaults={
            "listing_id": listing.pk,
            "opened_at": at,
            "closes_at": at + timedelta(days=7),
            "published_at": at if is_published else None,
        },
    )
    Review.objects.create(window=window, side=Side.CUSTOMER, stars=4, written_at=at, written_by="web:person:1")
    count, stars = queries.rating_columns()
    row = Listing.objects.annotate(count=count, stars=stars).get(pk=listing.pk)
    rating = queries.ratings([listing.pk]).get(listing.pk)
    assert ((row.count, row.stars) if row.count else None) == told
    assert ((rating.count, rating.stars) if rating else None) == told
