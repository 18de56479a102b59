"""What sellers were asked for the yearly report, and what they were sent of it."""

from django.db import models
from django.db.models import F, Q

from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership


class SellerRequest(CoopModel):
    """A seller was asked for what the yearly report needs, and asked again, twice. Whoever answers ends it."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True, help_text="The second reminder: what follows stands in it.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["coop", "membership"], condition=Q(ended_at=None), name="billing_asked_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(reminded_at=None) | Q(reminded_at__gt=F("asked_at")), name="billing_reminded_after_asking"
            ),
            models.CheckConstraint(
                condition=Q(warned_at=None) | Q(reminded_at__isnull=False, warned_at__gt=F("reminded_at")),
                name="billing_warned_after_reminding",
            ),
        ]


class SellerReport(CoopModel):
    """One message of a year's report as it was handed in: the report itself, or what was corrected and added later."""

    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(help_text="Of the year’s messages, from 1.")
    reference = models.CharField(max_length=170, help_text="Its MessageRefId.")
    kind = models.CharField(max_length=6, help_text="DPI401 new data, DPI402 corrections, DPI403 nothing to report.")
    parts = models.JSONField(help_text="Name, mark and digest of each record, by seller, and of who reports.")
    xml = models.BinaryField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "year", "number"], name="billing_report_number_once"),
            models.UniqueConstraint(fields=["coop", "reference"], name="billing_report_reference_once"),
            models.CheckConstraint(
                condition=Q(kind__in=("DPI401", "DPI402", "DPI403"), number__gt=0)
                & (~Q(kind="DPI402") | Q(number__gt=1)) & (~Q(kind="DPI403") | Q(number=1)),
                name="billing_report_kinds",
            ),
        ]  # fmt: skip


class SellerCopy(CoopModel):
    """A seller was sent their copy of what is reported of a year."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "membership", "year"], name="billing_one_copy_a_year")]
