from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.tenancy.models import CoopModel


class RecordsFile(CoopModel):
    """The newest file of records of one variant: made by a job, and fetched however often it is asked for."""

    class Variant(models.TextChoices):
        PUBLIC = "public", _("what everybody may read")
        MEMBERS = "members", _("what members may read")
        FULL = "full", _("everything, with the register of shares")

    variant = models.CharField(max_length=7, choices=Variant.choices)
    state = models.CharField(max_length=64, blank=True, help_text="Stands for all that is in it: the same state is packed once.")
    key = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file, and its place.")
    size_bytes = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField(null=True, help_text="None while the first is still to be made.")
    looked_at = models.DateTimeField(null=True, help_text="When somebody last looked whether it is still the newest.")
    asked_at = models.DateTimeField(null=True, help_text="Somebody waits for a newer one.")

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "variant"], name="records_one_file_a_variant"),
            models.CheckConstraint(
                condition=(Q(key="") & Q(made_at__isnull=True)) | (~Q(key="") & Q(made_at__isnull=False)),
                name="records_made_at_an_instant",
            ),
        ]

    @property
    def name(self) -> str:
        return f"records-{self.variant}"
