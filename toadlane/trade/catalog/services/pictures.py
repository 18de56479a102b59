from collections.abc import Sequence
from datetime import datetime
from typing import IO

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.files import services as files
from toadlane.plumbing.outbox import events
from toadlane.trade.catalog.events import ListingChanged
from toadlane.trade.catalog.models import Listing, ListingPicture
from toadlane.trade.catalog.permissions import EDIT

MOST = 12


class TooManyPictures(Expected):
    words = lazy("A listing has room for twelve pictures.")
    field = "file"


class NotItsPicture(Expected):
    words = lazy("This listing has no such picture.")
    status = 422
    field = "picture_ids"


def add_picture(*, listing: Listing, file: IO[bytes], alt: str = "", by: Principal, at: datetime) -> ListingPicture:
    """Check a photo, keep it without its camera data, and hang it last in the row.

    :raises TooManyPictures: when there are twelve already
    :raises files.NotAPicture: when it is not one we can show, or too large
    """
    by.must(EDIT, listing)
    if listing.pictures.count() >= MOST:
        raise TooManyPictures(hint=_("Remove one first."))
    # Encoding takes a second: it is done before the transaction, which holds up everybody else on SQLite.
    picture = files.add_picture(file=file, by=by, at=at)
    with transaction.atomic():
        listing = Listing.objects.select_for_update().get(pk=listing.pk)
        last = listing.pictures.aggregate(last=Max("position", default=-1))["last"]
        hung, _created = ListingPicture.objects.get_or_create(
            listing=listing, picture=picture, defaults={"position": last + 1, "alt": alt.replace("\x00", "").strip()[:160]}
        )
        _choose_cover(listing, at)
    return hung


@transaction.atomic
def remove_picture(*, listing: Listing, picture_id: int, by: Principal, at: datetime) -> None:
    """Take a picture off a listing. The file goes with the nightly sweep, when nothing shows it any more."""
    by.must(EDIT, listing)
    listing = Listing.objects.select_for_update().get(pk=listing.pk)
    listing.pictures.filter(picture_id=picture_id).delete()
    _choose_cover(listing, at)


@transaction.atomic
def arrange_pictures(*, listing: Listing, picture_ids: Sequence[int], by: Principal, at: datetime) -> None:
    """Put the pictures in this order; those not named come after, as they were.

    :raises NotItsPicture: when one of them is not the listing's
    """
    by.must(EDIT, listing)
    listing = Listing.objects.select_for_update().get(pk=listing.pk)
    wanted = {picture_id: place for place, picture_id in enumerate(picture_ids)}
    hung = list(listing.pictures.all())
    if not wanted.keys() <= {row.picture_id for row in hung}:
        raise NotItsPicture
    rows = sorted(hung, key=lambda row: (wanted.get(row.picture_id, len(wanted)), row.position))
    for place, row in enumerate(rows):
        row.position = place
    ListingPicture.objects.bulk_update(rows, ["position"])
    _choose_cover(listing, at)


def _choose_cover(listing: Listing, at: datetime) -> None:
    first = listing.pictures.order_by("position", "pk").first()
    listing.cover_id = first.picture_id if first else None
    listing.changed_at = at
    listing.save(update_fields=["cover", "changed_at"])
    events.publish(ListingChanged(listing_id=listing.pk))
