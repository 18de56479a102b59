"""Threads about a subject, who takes part in them, and what was said; and what everybody was told."""

from typing import ClassVar

from django.db import models

from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.models import CoopModel, coop_of_parent
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person


class Thread(CoopModel):
    """One conversation, about one thing: `order:12`, `listing:4`, `complaint:3`."""

    subject = models.CharField(max_length=80)
    title = models.CharField(max_length=160)
    opened_at = models.DateTimeField()
    last_said_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "subject"], name="messaging_one_thread_a_subject")]
        indexes = [models.Index(fields=["coop", "-last_said_at"], name="messaging_latest_first")]


class Participant(CoopModel):
    """A side's voice in a thread: a person, an organisation that is a member, or a guest with the link to their order."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="participants")
    side = models.CharField(max_length=20, help_text="Like customer, provider, mediator.")
    name = models.CharField(max_length=120, help_text="As the others read it.")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    # A guest has no account: the signed link to this order is who they are.
    order_id = models.BigIntegerField(null=True, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10, default="en")
    read_at = models.DateTimeField(null=True, blank=True)
    shares_contact_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) | models.Q(membership__isnull=False) | models.Q(order_id__isnull=False),
                name="messaging_participant_is_somebody",
            ),
            models.UniqueConstraint(
                fields=["thread", "membership"], condition=models.Q(membership__isnull=False), name="messaging_membership_once"
            ),
            models.UniqueConstraint(
                fields=["thread", "person"], condition=models.Q(person__isnull=False, membership__isnull=True),
                name="messaging_person_once",
            ),
        ]  # fmt: skip


class Message(CoopModel):
    """What somebody said. `text` is as it was typed; contacts in it are hidden when it is read."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages")
    # None is the platform itself: "The visit was moved to Tuesday."
    author = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)
    files = models.JSONField(default=list, help_text="Ids of the documents that came with it; they hang on `thread:<id>`.")
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=60)
    hidden_because = models.TextField(blank=True, help_text="A moderator's reasons; while there are some, nobody reads it.")

    class Meta(CoopModel.Meta):
        indexes = [models.Index(fields=["coop", "thread", "id"], name="messaging_in_order")]


class Announcement(CoopModel):
    """Something that many are told at once: at their desk, and by letter."""

    key = models.CharField(max_length=120, help_text="What makes it one: told twice, it is told once.")
    subject = models.CharField(max_length=80, help_text="Like proposal:12.")
    template = models.CharField(max_length=80)
    context = models.JSONField(default=dict)
    link = models.JSONField(default=list, help_text="The name of a page of the co-op, and what it is of.")
    about = models.CharField(max_length=20, default="decisions")
    # A notice that a right hangs on arrives at once and whatever people chose; other news comes in one letter a day.
    is_urgent = models.BooleanField(default=False)
    # Of a vote that is to be cast there is one line on the desk, not a second one that says so.
    waits_by_itself = models.BooleanField(default=False, help_text="Its room keeps it on the desk until it is done.")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "key"], name="messaging_announced_once")]


class Notice(CoopModel):
    """One person was told one thing: when it lay on their desk, and by which letter it went. The log of delivery."""

    coop = coop_of_parent()
    # Announcements are never deleted, and the database looks whether this one is the co-op's own.
    announcement = models.ForeignKey(Announcement, models.PROTECT, related_name="notices", db_index=False, db_constraint=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="+", db_index=False, help_text="As whom they are told."
    )
    desk_at = models.DateTimeField()
    letter_at = models.DateTimeField(null=True)
    letter_channel = models.CharField(max_length=5, blank=True, help_text="email, sms, or none where there is no way or no wish.")
    letter = models.ForeignKey(Letter, models.SET_NULL, null=True, related_name="+", db_index=False)
    read_at = models.DateTimeField(null=True)

    in_bulk: ClassVar[bool] = True

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "announcement", "person"], name="messaging_told_once")]
        indexes = [
            models.Index(fields=["coop", "person", "-id"], name="messaging_told_to"),
            models.Index(
                fields=["coop", "announcement", "id"], condition=models.Q(letter_at__isnull=True), name="messaging_to_be_written"
            ),
            models.Index(fields=["letter"], condition=models.Q(letter__isnull=False), name="messaging_by_letter"),
        ]
