"""What people offer, and its pictures."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.plumbing.files.models import Picture
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PENDING = "pending", _("Waiting for the curators")
    LIVE = "live", _("In the window")
    PAUSED = "paused", _("Paused")
    HIDDEN = "hidden", _("Taken down")


class Unit(models.TextChoices):
    """What a price is for."""

    HOUR = "hour", _("an hour")
    DAY = "day", _("a day")
    NIGHT = "night", _("a night")
    ITEM = "item", _("each")
    NONE = "none", ""


class Listing(CoopModel):
    """Something offered by a member, or by the co-op itself when it names no provider.

    The exact place is for the two sides of an order; everyone else sees the middle of a hexagon around it.
    """

    provider = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.SlugField(max_length=40, help_text="Which of the co-op's kinds of listing this is.")
    process = models.CharField(
        max_length=20, default="inquiry", help_text="How it is ordered: booking, purchase, inquiry, visit."
    )
    pricing = models.CharField(max_length=20, default="none", help_text="A named pricing policy.")
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True, max_length=8000)
    language = models.CharField(max_length=10, default="en")
    currency = models.CharField(max_length=3)
    price_minor = models.PositiveBigIntegerField(null=True, blank=True)
    prices = models.JSONField(
        default=dict, help_text="What each version of it costs, where its kind has versions; the price is then the least of them."
    )
    unit = models.CharField(max_length=8, choices=Unit.choices, default=Unit.NONE)
    deposit_minor = models.PositiveBigIntegerField(default=0)
    stock = models.PositiveIntegerField(null=True, blank=True, help_text="How many are left; empty where nothing is counted.")
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    cell = models.CharField(max_length=16, blank=True, help_text="The h3 hexagon that the public sees.")
    public_latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    public_longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    area = models.CharField(max_length=80, blank=True)
    values = models.JSONField(
        default=dict, help_text="The kind's fields. A field removed from the kind keeps its old value here."
    )
    cover = models.ForeignKey(Picture, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    reason = models.TextField(blank=True, help_text="Why it was declined or taken down.")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    live_since = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stock__isnull=True) | models.Q(stock__gte=0), name="catalog_stock_not_below_zero"
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="catalog_place_is_on_earth",
            ),
        ]
        indexes = [
            models.Index(fields=["coop", "state", "-id"], name="catalog_by_state"),
            models.Index(fields=["coop", "provider", "-id"], name="catalog_by_provider"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def price(self) -> Money | None:
        return None if self.price_minor is None else Money(self.price_minor, self.currency)

    @property
    def deposit(self) -> Money | None:
        return Money(self.deposit_minor, self.currency) if self.deposit_minor else None

    @property
    def is_live(self) -> bool:
        return self.state == State.LIVE

    @property
    def is_sold_out(self) -> bool:
        return self.stock == 0

    def value(self, field_id: str) -> Any:
        return self.values.get(field_id)


class ListingPicture(CoopModel):
    """A listing's pictures in their order; the first stands in the window."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="pictures")
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    alt = models.CharField(max_length=160, blank=True, help_text="What can be seen, for those who cannot see it.")

    class Meta(CoopModel.Meta):
        ordering = ("position", "pk")
        constraints = [models.UniqueConstraint(fields=["listing", "picture"], name="catalog_a_picture_once")]
