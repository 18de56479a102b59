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


class SellerCopy(CoopModel):
    """A seller was sent their copy of what is reported of a year."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "membership", "year"], name="billing_one_copy_a_year")]
