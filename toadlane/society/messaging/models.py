"""Threads about a subject, who takes part in them, and what was said."""

from django.db import models

from toadlane.plumbing.tenancy.models import CoopModel
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
