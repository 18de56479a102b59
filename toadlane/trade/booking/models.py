"""Resources, their plans, and the one table that says what is taken."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.dates import in_utc
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership
from toadlane.trade.catalog.models import Listing


class Unit(models.TextChoices):
    """What a resource is booked by."""

    HOUR = "hour", _("by the hour")
    DAY = "day", _("by the day")
    NIGHT = "night", _("by the night")


class Resource(CoopModel):
    """Something whose time can be taken: a room, a car, a seat, a pair of hands. It belongs to a listing, a member or both."""

    listing = models.ForeignKey(Listing, models.PROTECT, null=True, blank=True, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=8, choices=Unit.choices, default=Unit.HOUR)
    capacity = models.PositiveSmallIntegerField(default=1)
    time_zone = models.CharField(max_length=64)
    before_minutes = models.PositiveSmallIntegerField(default=0, help_text="Preparation before each booking.")
    after_minutes = models.PositiveSmallIntegerField(default=0, help_text="Clearing up, or the way home.")
    slot_minutes = models.PositiveSmallIntegerField(default=60)
    check_in = models.TimeField(null=True, blank=True, help_text="Local time at which a night or a day begins.")
    check_out = models.TimeField(null=True, blank=True, help_text="Local time at which the last one ends.")
    is_always_open = models.BooleanField(default=False)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(capacity__gte=1, capacity__lte=500), name="booking_resource_capacity"),
            models.CheckConstraint(condition=models.Q(slot_minutes__gte=5), name="booking_resource_slot"),
        ]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def widened(self, starts: datetime, ends: datetime) -> tuple[datetime, datetime]:
        """Return what a booking really takes: itself and the time to prepare and to clear up."""
        return in_utc(starts) - timedelta(minutes=self.before_minutes), in_utc(ends) + timedelta(minutes=self.after_minutes)

    def __str__(self) -> str:
        return self.name


class PlanWindow(CoopModel):
    """Open on a weekday, in local wall time. Midnight as an end is the end of that day; an earlier end is the next day's."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday.")
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta(CoopModel.Meta):
        ordering = ("weekday", "opens")
        constraints = [
            models.UniqueConstraint(fields=["resource", "weekday", "opens"], name="booking_one_window"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="booking_window_weekday"),
        ]


class PlanException(CoopModel):
    """Days that are not as the week says: closed, or open at other hours."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="exceptions")
    first_on = models.DateField()
    last_on = models.DateField()
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    note = models.CharField(max_length=120, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("first_on", "pk")
        constraints = [
            models.CheckConstraint(condition=models.Q(last_on__gte=models.F("first_on")), name="booking_exception_order"),
            models.CheckConstraint(
                condition=models.Q(opens__isnull=True, closes__isnull=True) | models.Q(opens__isnull=False, closes__isnull=False),
                name="booking_exception_hours",
            ),
        ]

    @property
    def is_closed(self) -> bool:
        return self.opens is None


class Booking(CoopModel):
    """One claim on a resource. Only a held or confirmed one takes anything; a request takes nothing until it is accepted."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("asked for")
        HELD = "held", _("held")
        CONFIRMED = "confirmed", _("booked")
        RELEASED = "released", _("released")
        EXPIRED = "expired", _("expired")

    TAKING: ClassVar = (State.HELD, State.CONFIRMED)

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="bookings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    units = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, db_index=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=120, help_text="The same intent books once.")
    subject = models.CharField(max_length=60, blank=True, help_text="What it is for: `order:12`.")
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        ordering = ("starts_at", "pk")
        indexes = [models.Index(fields=["coop", "subject"], name="booking_subject")]
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="booking_key"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="booking_has_length"),
            models.CheckConstraint(condition=models.Q(units__gte=1), name="booking_takes_something"),
            # A hold that never ends would be a booking nobody made.
            models.CheckConstraint(
                condition=~models.Q(state="held") | models.Q(expires_at__isnull=False), name="booking_a_hold_expires"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id}: {self.starts_at:%Y-%m-%d %H:%M}"


class Allocation(CoopModel):
    """One unit of one resource, taken from one instant to another (half-open, UTC, preparation included).

    Nights, hours, seats, vehicles and shifts all live here, and the database refuses an overlap: by an exclusion constraint
    on PostgreSQL (migration 0002), by a trigger on SQLite (`guards`). What is given back is deleted: the booking remembers.
    """

    class Kind(models.TextChoices):
        BOOKING = "booking", _("booking")
        BLOCK = "block", _("blocked by hand")
        OUTSIDE = "outside", _("taken in another calendar")

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="allocations")
    unit = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.BOOKING)
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, blank=True, related_name="allocations")
    outside = models.ForeignKey("OutsideCalendar", models.CASCADE, null=True, blank=True, related_name="allocations")
    note = models.CharField(max_length=120, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("starts_at", "unit")
        indexes = [models.Index(fields=["resource", "unit", "ends_at", "starts_at"], name="booking_taken")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="booking_allocation_length"),
            models.CheckConstraint(
                condition=models.Q(kind="booking", booking__isnull=False)
                | models.Q(kind="block", booking__isnull=True)
                | models.Q(kind="outside", booking__isnull=True, outside__isnull=False),
                name="booking_allocation_kind",
            ),
        ]


class Feed(CoopModel):
    """A calendar address that somebody subscribes to. The address is signed with its name; ending the feed ends the address."""

    name = models.CharField(max_length=32, unique=True, editable=False)
    resource = models.ForeignKey(Resource, models.CASCADE, null=True, blank=True, related_name="feeds")
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resource__isnull=False) ^ models.Q(membership__isnull=False), name="booking_feed_of_one"
            )
        ]


class OutsideCalendar(CoopModel):
    """A calendar kept elsewhere, whose busy times block ours. It never moves or ends a booking of ours."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="outside_calendars")
    name = models.CharField(max_length=80)
    address = models.URLField(max_length=500, blank=True, help_text="Empty for a file that was pasted once.")
    content = models.TextField(blank=True, help_text="What was read last.")
    read_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True, db_index=True)
    trouble = models.CharField(max_length=200, blank=True)
    clashes = models.PositiveIntegerField(default=0, help_text="Times taken there that were already booked here.")

    class Meta(CoopModel.Meta):
        ordering = ("name", "pk")
