"""Years that were closed, and what members claim to have given that no order shows."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership


class Year(CoopModel):
    """One year on its way from the books to the members. What is decided is what was worked out, to the byte."""

    class State(models.TextChoices):
        DRAFT = "draft", _("worked out")
        PROPOSED = "proposed", _("put to the members")
        BOOKED = "booked", _("booked")

    name = models.CharField(max_length=20, help_text="Like 2027.")
    starts_on = models.DateField()
    ends_on = models.DateField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    tax_minor = models.BigIntegerField(default=0)
    facts = models.JSONField()
    terms = models.JSONField()
    result = models.JSONField()
    hash = models.CharField(max_length=64)
    bylaws_version = models.PositiveIntegerField()
    worked_out_at = models.DateTimeField()
    worked_out_by = models.CharField(max_length=60)
    proposal = models.PositiveIntegerField(null=True, help_text="The number of the proposal.")
    decision = models.CharField(max_length=100, blank=True)
    booked_at = models.DateTimeField(null=True)
    # What is paid in money leaves the bank in one batch, seen by two people.
    paid_recorded_by = models.BigIntegerField(null=True)
    paid_confirmed_by = models.BigIntegerField(null=True)
    paid_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "name"], name="surplus_year_once"),
            models.CheckConstraint(condition=Q(ends_on__gt=models.F("starts_on")), name="surplus_year_ends"),
            models.CheckConstraint(condition=~Q(state="booked") | ~Q(decision=""), name="surplus_booked_by_a_decision"),
            models.CheckConstraint(
                condition=Q(paid_confirmed_by=None) | ~Q(paid_confirmed_by=models.F("paid_recorded_by")),
                name="surplus_paid_seen_by_two",
            ),
        ]

    @property
    def subject(self) -> str:
        return f"year:{self.name}"


class Claim(CoopModel):
    """What a member gave that no order shows: hours on a circle, points for a talk. A peer says whether it was so."""

    class State(models.TextChoices):
        CLAIMED = "claimed", _("waiting for a peer")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    activity = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=10, decimal_places=2, help_text="Hours or points.")
    done_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.CLAIMED)
    claimed_at = models.DateTimeField()
    judged_by = models.BigIntegerField(null=True)
    judged_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="surplus_claim_of_something"),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="surplus_declined_with_a_reason"),
        ]
        indexes = [models.Index(fields=["coop", "state", "done_on"], name="surplus_claims")]
