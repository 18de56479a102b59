from django.db import models

from toadlane.plumbing.tenancy.models import CoopModel


class Answer(models.Model):
    """An answer that was given under a key, to be given again; without a status it is still being worked out."""

    key = models.CharField(max_length=64, help_text="Digest of who sent it and their key.")
    intent = models.CharField(max_length=64, help_text="Digest of what was asked, to tell a retry from a reused key.")
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)  # Sealed; see `services`.
    began_at = models.DateTimeField(db_index=True)
    is_done = models.BooleanField(default=False, help_text="Something was written under it, and stays.")

    class Meta:
        abstract = True


class Replay(Answer, CoopModel):
    """What was asked inside a co-op."""

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "key"], name="once_key")]


class ServerReplay(Answer):
    """What was asked of the server itself: a co-op to be founded, a payment at its own address, a token."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="once_key_of_server")]
