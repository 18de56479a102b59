"""What happens while a meeting is open: who comes and goes, who speaks, what is put to the room."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toadlane.democracy.meetings.models.calling import Invitation, Item, Meeting, Proxy
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.people.models import Person


class Presence(CoopModel):
    """Somebody comes or goes. Append-only: who is there is what these come to."""

    class Deed(models.TextChoices):
        ENTERS = "enters", _("came")
        LEAVES = "leaves", _("left")

    class Mode(models.TextChoices):
        ROOM = "room", _("in the room")
        REMOTE = "remote", _("from elsewhere")
        PROXY = "proxy", _("by proxy")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="presences")
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="presences")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", help_text="Who came, for themselves or for a member.")
    deed = models.CharField(max_length=6, choices=Deed.choices)
    mode = models.CharField(max_length=6, choices=Mode.choices)
    proxy = models.ForeignKey(Proxy, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    recorded_by = models.CharField(max_length=60)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(mode="proxy", proxy__isnull=False) | (~Q(mode="proxy") & Q(proxy__isnull=True)),
                name="meetings_by_a_proxy_there_is",
            )
        ]
        indexes = [models.Index(fields=["coop", "meeting", "invitation", "-id"], name="meetings_last_seen")]


class Hand(CoopModel):
    """Somebody would like to speak."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="hands")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    lowered_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["coop", "meeting", "person"], condition=Q(done_at__isnull=True, lowered_at__isnull=True),
                name="meetings_one_hand",
            ),
            models.UniqueConstraint(
                fields=["coop", "meeting"],
                condition=Q(called_at__isnull=False, done_at__isnull=True, lowered_at__isnull=True),
                name="meetings_one_speaks",
            ),
        ]  # fmt: skip


class Remark(CoopModel):
    """What somebody wants to stand in the minutes: that they object, or what they said. Append-only."""

    class Kind(models.TextChoices):
        OBJECTION = "objection", _("objects")
        STATEMENT = "statement", _("has it recorded")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="remarks")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="remarks")
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="meetings_remark_says_something")]


class Motion(CoopModel):
    """Something the room decides about its own running, by a count of hands. What binds the co-op is voted in a ballot."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="motions")
    text = models.CharField(max_length=300)
    moved_at = models.DateTimeField()
    moved_by = models.CharField(max_length=60)
    present = models.PositiveIntegerField(help_text="How many were there, with those by proxy.")
    votes_for = models.PositiveIntegerField(null=True)
    votes_against = models.PositiveIntegerField(null=True)
    abstained = models.PositiveIntegerField(null=True)
    counted_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(counted_at__isnull=True)
                | Q(present__gte=models.F("votes_for") + models.F("votes_against") + models.F("abstained")),
                name="meetings_no_more_hands_than_people",
            )
        ]

    @property
    def is_carried(self) -> bool:
        return self.counted_at is not None and (self.votes_for or 0) > (self.votes_against or 0)


class Count(CoopModel):
    """What one teller counted. Append-only; two who agree make the result."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="counts")
    teller = models.ForeignKey(Person, models.PROTECT, related_name="+")
    votes_for = models.PositiveIntegerField()
    votes_against = models.PositiveIntegerField()
    abstained = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        indexes = [models.Index(fields=["coop", "motion", "-id"], name="meetings_last_counts")]

    @property
    def figures(self) -> tuple[int, int, int]:
        return self.votes_for, self.votes_against, self.abstained
