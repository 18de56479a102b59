"""Minutes: drafted from what happened, put right by those who were there, approved, sealed and printed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toadlane.democracy.meetings.models.calling import Invitation, Meeting
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.people.models import Person


class Minutes(CoopModel):
    """The minutes while they are being written. Each revision is approved anew."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes")
    revision = models.PositiveIntegerField(default=1)
    opening = models.TextField(blank=True)
    closing = models.TextField(blank=True)
    drafted_at = models.DateTimeField()
    due_on = models.DateField(help_text="By then they are to be approved.")
    circulated_at = models.DateTimeField(null=True)
    signers_needed = models.PositiveSmallIntegerField()

    class Meta(CoopModel.Meta):
        pass


class Correction(CoopModel):
    """Somebody who was there says what is wrong in the draft."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="corrections")
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()
    is_accepted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            # Whoever is told no is told why.
            models.CheckConstraint(condition=~Q(is_accepted=False) | ~Q(answer=""), name="meetings_correction_refused_why")
        ]


class Approval(CoopModel):
    """One signature under one revision. Append-only."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("chair")
        MINUTES = "minutes", _("took the minutes")
        SIGNER = "signer", _("for the members")

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="approvals")
    revision = models.PositiveIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(max_length=7, choices=Role.choices)
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "minutes", "revision", "person"], name="meetings_approved_once")]


class ApprovedMinutes(CoopModel):
    """The minute book: append-only, each page with the fingerprint of the one before, signed with the server's key."""

    number = models.PositiveIntegerField()
    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="approved")
    document = models.JSONField(help_text="Everything the minutes say.")
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    key_id = models.CharField(max_length=16)
    approved_at = models.DateTimeField()
    kept_until = models.DateField(null=True, help_text="As long as the law asks, at least.")

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "number"], name="meetings_minutes_number")]

    def contents(self) -> dict[str, object]:
        """Return what the hash is taken over."""
        return {
            "coop": self.coop_id, "number": self.number, "meeting": self.meeting_id, "document": self.document,
            "previous_hash": self.previous_hash,
        }  # fmt: skip


class PrintedMinutes(CoopModel):
    """The minutes on paper: the file's own fingerprint, signed. Append-only."""

    approved = models.OneToOneField(ApprovedMinutes, models.PROTECT, related_name="printed")
    file = models.CharField(max_length=64, help_text="The fingerprint of the file, and its place.")
    size_bytes = models.PositiveIntegerField()
    signature = models.CharField(max_length=128)
    key_id = models.CharField(max_length=16)
    printed_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        pass
