"""The trail of who did what, and the staff sessions in which an operator may act inside a co-op."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.tenancy.models import CoopModel


class Mark(CoopModel):
    """One deed in the trail. Never changed, never taken away: triggers say so."""

    action = models.CharField(max_length=60, help_text="Dotted and stable, like orders.refunded.")
    subject = models.CharField(max_length=80, blank=True, help_text="Like order:12.")
    by = models.CharField(max_length=60)
    # An id and not a foreign key: people live above this room, and a trail outlives an account.
    person_id = models.BigIntegerField(null=True, blank=True)
    staff_session_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta(CoopModel.Meta):
        indexes = [
            models.Index(fields=["coop", "-id"], name="audit_newest_first"),
            models.Index(fields=["coop", "subject"], name="audit_of_subject"),
        ]


class StaffSession(CoopModel):
    """An operator's visit to a co-op: for a reason, for a time, and seen by the co-op."""

    person_id = models.BigIntegerField()
    person_name = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("opened_at")), name="audit_staff_session_ends"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="audit_staff_session_has_a_reason"),
            models.UniqueConstraint(
                fields=["coop", "person_id"], condition=models.Q(ended_at=None), name="audit_one_staff_session",
                violation_error_message=_("This staff session is open already."),
            ),
        ]  # fmt: skip
