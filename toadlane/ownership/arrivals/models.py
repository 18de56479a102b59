"""What was brought along from before, once; and the files, as long as somebody looks at what they would do."""

from django.db import models

from toadlane.plumbing.tenancy.models import CoopModel


class Draft(CoopModel):
    """The files on trial. They name people who are no members yet, and are gone after a day or when they are taken over."""

    members = models.BinaryField()
    shares = models.BinaryField()
    loans = models.BinaryField(default=bytes)
    balances = models.BinaryField()
    digest = models.CharField(max_length=64)
    made_by = models.BigIntegerField(help_text="Person who sent them.")
    made_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        indexes = [models.Index(fields=["coop", "made_at"], name="arrivals_draft_age")]


class Arrival(CoopModel):
    """That it was done: of which files, and how much it was. The same files again change nothing."""

    digest = models.CharField(max_length=64)
    members = models.PositiveIntegerField()
    shares = models.PositiveIntegerField(help_text="Lines of the register of shares.")
    loans = models.PositiveIntegerField(default=0)
    balances = models.PositiveIntegerField(help_text="Accounts with an opening balance.")
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop"], name="arrivals_once")]
