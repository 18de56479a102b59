"""What was said about somebody lately."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.desk.registry import NEW_FOR, News
from toadlane.society.coops.queries import COOP_URLS
from toadlane.trade.reviews.queries import published, told


def of(by: Principal, at: datetime) -> list[News]:
    if not by.memberships:
        return []
    rows = published().filter(window__provider_id__in=by.memberships, window__published_at__gt=at - NEW_FOR)
    return [
        News(
            one.window.published_at,
            ngettext("%(who)s left one star.", "%(who)s left %(n)s stars.", one.stars) % {"who": told(one).by, "n": one.stars},
            reverse("reviews:order", urlconf=COOP_URLS, args=[one.window.order_id]), _("Read it"),
        )
        for one in rows.order_by("-window__published_at")[:3]
    ]  # fmt: skip
