"""A meeting, its agenda, whom it was called for, and how each of them was told."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person


class Meeting(CoopModel):
    class Kind(models.TextChoices):
        GENERAL = "general", _("general meeting")
        CIRCLE = "circle", _("meeting of a circle")

    class State(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        CALLED = "called", _("called")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        CANCELLED = "cancelled", _("cancelled")

    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    office = models.SlugField(max_length=40, blank=True, help_text="Whose meeting it is, where it is not everybody's.")
    title = models.CharField(max_length=160)
    about = models.TextField(blank=True)
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=300, blank=True, help_text="Where those who are not in the room take part.")
    starts_at = models.DateTimeField()
    second_at = models.DateTimeField(null=True, help_text="The second call, for which fewer are enough.")
    is_urgent = models.BooleanField(default=False)
    urgent_because = models.TextField(blank=True)
    alternates = models.BooleanField(default=False, help_text="Speakers of the classes take turns.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=60)
    demand = models.ForeignKey("Demand", models.PROTECT, null=True, blank=True, related_name="+")
    called_at = models.DateTimeField(null=True)
    called_by = models.CharField(max_length=60, blank=True)
    # By these rules it is called and held, whatever changes meanwhile.
    bylaws_version = models.PositiveIntegerField(null=True)
    items_until = models.DateTimeField(null=True, help_text="Until then members may have items added.")
    opened_at = models.DateTimeField(null=True)
    opened_call = models.PositiveSmallIntegerField(null=True)
    opened_with = models.JSONField(default=dict, help_text="How many were there, of how many, and how many it took.")
    closed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.TextField(blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "number"], name="meetings_number"),
            models.CheckConstraint(
                condition=Q(kind="general", office="") | (Q(kind="circle") & ~Q(office="")), name="meetings_whose"
            ),
            models.CheckConstraint(condition=~Q(is_urgent=True) | ~Q(urgent_because=""), name="meetings_urgent_with_a_reason"),
            models.CheckConstraint(
                condition=Q(second_at__isnull=True) | Q(second_at__gt=models.F("starts_at")), name="meetings_second_call_later"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("called", "open", "closed")) | Q(called_at__isnull=False, bylaws_version__isnull=False),
                name="meetings_called_before_held",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("open", "closed")) | Q(opened_at__isnull=False, opened_call__isnull=False),
                name="meetings_opened_with_a_quorum",
            ),
            models.CheckConstraint(condition=~Q(state="closed") | Q(closed_at__isnull=False), name="meetings_closed_at_a_time"),
            models.CheckConstraint(condition=~Q(state="cancelled") | ~Q(cancelled_because=""), name="meetings_cancelled_why"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["coop", "-starts_at"], name="meetings_by_day")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_general(self) -> bool:
        return self.kind == self.Kind.GENERAL


class Item(CoopModel):
    """One point of the agenda, in the order in which it was published."""

    class Kind(models.TextChoices):
        FREE = "free", _("to talk about")
        REPORT = "report", _("report")
        PROPOSAL = "proposal", _("proposal to vote on")
        ELECTION = "election", _("election")

    class State(models.TextChoices):
        WAITING = "waiting", _("to come")
        OPEN = "open", _("under way")
        CLOSED = "closed", _("done")

    class Origin(models.TextChoices):
        CALLER = "caller", _("whoever called the meeting")
        MEMBERS = "members", _("members")
        FLOOR = "floor", _("the meeting itself")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.FREE)
    title = models.CharField(max_length=160)
    text = models.TextField(blank=True)
    subject = models.CharField(max_length=60, blank=True, help_text="What it is about, such as `proposal:31`.")
    minutes = models.PositiveSmallIntegerField(null=True, help_text="How long it may take.")
    origin = models.CharField(max_length=7, choices=Origin.choices, default=Origin.CALLER)
    demand = models.ForeignKey("Demand", models.PROTECT, null=True, blank=True, related_name="+")
    # On the floor of the meeting only what the law lists may still be taken up.
    matter = models.CharField(max_length=20, blank=True)
    added_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    notes = models.TextField(blank=True, help_text="What the minute-taker wrote down.")
    conclusion = models.TextField(blank=True, help_text="What came of it.")
    ballot = models.CharField(max_length=60, blank=True, help_text="The ballot that was opened on it.")

    class Meta(CoopModel.Meta):
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["coop", "meeting", "position"], name="meetings_item_position"),
            models.CheckConstraint(
                condition=~Q(kind__in=("proposal", "election")) | ~Q(subject=""), name="meetings_item_has_its_subject"
            ),
            models.CheckConstraint(condition=~Q(origin="floor") | ~Q(matter=""), name="meetings_floor_only_what_is_listed"),
            models.CheckConstraint(condition=~Q(state="closed") | Q(closed_at__isnull=False), name="meetings_item_closed_at"),
        ]

    def __str__(self) -> str:
        return self.title


class Helper(CoopModel):
    """Somebody with a task in a meeting. It begins and ends with it."""

    class Task(models.TextChoices):
        CHAIR = "chair", _("chair")
        MINUTES = "minutes", _("takes the minutes")
        DOOR = "door", _("at the door")
        TELLER = "teller", _("teller")
        SIGNER = "signer", _("approves the minutes")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="helpers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    task = models.CharField(max_length=7, choices=Task.choices)
    named_at = models.DateTimeField()
    named_by = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["coop", "meeting", "person", "task"], condition=Q(ended_at__isnull=True), name="meetings_task_once"
            ),
            models.UniqueConstraint(
                fields=["coop", "meeting", "task"], condition=Q(ended_at__isnull=True, task__in=("chair", "minutes")),
                name="meetings_one_chair",
            ),
        ]  # fmt: skip


class Invitation(CoopModel):
    """Somebody who may take part and counts for the quorum: a member, or who sits in the circle whose meeting it is."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invitations")
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    member_class = models.SlugField(max_length=40, blank=True)
    # Whoever left the co-op or the circle between call and meeting no longer counts.
    is_entitled = models.BooleanField(default=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(membership__isnull=False) | Q(person__isnull=False), name="meetings_somebody_is_invited"
            ),
            models.UniqueConstraint(
                fields=["coop", "meeting", "membership"], condition=Q(person__isnull=True), name="meetings_member_invited_once"
            ),
            models.UniqueConstraint(
                fields=["coop", "meeting", "person"], condition=Q(membership__isnull=True), name="meetings_person_invited_once"
            ),
            # A member comes as a member, and who sits in a circle comes in person.
            models.CheckConstraint(
                condition=Q(membership__isnull=True) | Q(person__isnull=True), name="meetings_invited_as_one_thing"
            ),
        ]


class Entitlement(CoopModel):
    """From when on somebody who was invited counts, or no longer does. Append-only: the last line is what holds."""

    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="entitlements")
    is_entitled = models.BooleanField()
    at = models.DateTimeField()


class Demand(CoopModel):
    """Members ask for a meeting, or for an item on the agenda of one: with enough of them it is their right."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="demands")
    title = models.CharField(max_length=160)
    text = models.TextField()
    subject = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    # Frozen at the opening: how many members could have asked, and how many it takes.
    whole = models.PositiveIntegerField()
    needed = models.PositiveIntegerField()
    reached_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True, help_text="When those who asked may call the meeting themselves.")
    answered_at = models.DateTimeField(null=True)
    bylaws_version = models.PositiveIntegerField()

    class Meta(CoopModel.Meta):
        constraints = [models.CheckConstraint(condition=Q(needed__gte=1), name="meetings_demand_of_somebody")]

    def __str__(self) -> str:
        return self.title


class DemandSupport(CoopModel):
    """One member, once. Who asked stays on record."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="supports")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "demand", "membership"], name="meetings_asked_once")]


class Proxy(CoopModel):
    """A member lets another speak and vote for them in one meeting. In writing, and taken back at any time."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="proxies")
    giver = models.ForeignKey(Invitation, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Invitation, models.PROTECT, related_name="+")
    text = models.TextField(help_text="What the giver wrote.")
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=60)
    revoked_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["coop", "meeting", "giver"], condition=Q(revoked_at__isnull=True), name="meetings_one_proxy"
            ),
            models.CheckConstraint(condition=~Q(giver=models.F("holder")), name="meetings_proxy_is_another"),
            models.CheckConstraint(condition=~Q(text=""), name="meetings_proxy_in_writing"),
        ]
