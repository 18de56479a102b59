"""A job, to whom it is offered, who does it, and what was ticked off."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership, Worker
from toadlane.society.people.models import Person


class Job(CoopModel):
    """Work to be done for something above: `order:12`. What it pays is told there, not here."""

    class State(models.TextChoices):
        OPEN = "open", _("looking for someone")
        OFFERED = "offered", _("offered")
        ACCEPTED = "accepted", _("taken on")
        ASSIGNED = "assigned", _("given to someone")
        STARTED = "started", _("under way")
        FINISHED = "finished", _("done")
        WITHDRAWN = "withdrawn", _("called off")
        UNTAKEN = "untaken", _("nobody could take it")

    ENDED: ClassVar = (State.FINISHED, State.WITHDRAWN, State.UNTAKEN)

    subject = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    skills = models.JSONField(default=list, blank=True)
    area = models.CharField(max_length=120, blank=True, help_text="Coarse, shown with the offer: a quarter, never a street.")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN, db_index=True)
    policy = models.CharField(max_length=20)
    bylaws_version = models.PositiveIntegerField()
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    earliest_at = models.DateTimeField(null=True, blank=True, help_text="When it may be begun; null where nothing is said of it.")
    opened_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("starts_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["coop", "subject"], name="work_job_subject"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="work_job_length"),
            models.CheckConstraint(condition=models.Q(started_at__gte=models.F("earliest_at")), name="work_not_before_its_day"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def whole_hours(self) -> int:
        """Return the length rounded up: what a language chooses between one hour and several by."""
        return -(-self.length // timedelta(hours=1))


class Offer(CoopModel):
    """One member asked, until one instant. Passing costs nothing: no policy looks at who passed on other jobs."""

    class State(models.TextChoices):
        OFFERED = "offered", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        PASSED = "passed", _("passed on")
        EXPIRED = "expired", _("not answered in time")
        WITHDRAWN = "withdrawn", _("called off")

    job = models.ForeignKey(Job, models.CASCADE, related_name="offers")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    reason = models.CharField(max_length=200, help_text="Why this member: written by the allocation policy.")
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("-offered_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["job"], condition=models.Q(state="offered"), name="work_one_open_offer"),
            models.UniqueConstraint(fields=["job"], condition=models.Q(state="accepted"), name="work_one_accepted_offer"),
            models.UniqueConstraint(fields=["job", "membership"], name="work_asked_once"),
        ]


class Assignment(CoopModel):
    """The person the member co-op sends. The member co-op names them; the platform never does.

    A worker need not have an account here; a member who is a person goes themselves and has no worker's row.
    """

    job = models.OneToOneField(Job, models.CASCADE, related_name="assignment")
    worker = models.ForeignKey(Worker, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120, help_text="As the customer is told.")
    assigned_by = models.CharField(max_length=60)
    assigned_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        pass


class TaskTick(CoopModel):
    """One line of the checklist agreed with the customer, and whether it was done."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="tasks")
    position = models.PositiveSmallIntegerField()
    room = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)
    ticked_at = models.DateTimeField(null=True, blank=True)
    ticked_by = models.CharField(max_length=60, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=["job", "position"], name="work_task_position")]


class JobFeed(CoopModel):
    """The calendar address of the jobs somebody is sent to; hers alone, whether she is a member here or works for one."""

    name = models.CharField(max_length=32, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "person"], condition=models.Q(ended_at=None), name="work_one_feed_each")
        ]
