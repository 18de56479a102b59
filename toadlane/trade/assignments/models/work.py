"""Contracts of work and expenses."""

from datetime import date
from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership
from toadlane.trade.assignments.models.orders import Activity, Assignment


class Contract(CoopModel):
    """Somebody works on some days for a wage: for a client's order, or paid out of what the activity has."""

    class State(models.TextChoices):
        PLANNED = "planned", _("to be paid")
        PAID = "paid", _("paid")
        CANCELLED = "cancelled", _("cancelled")

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="contracts")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, blank=True, related_name="contracts")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    trade = models.SlugField(max_length=40)
    first_day = models.DateField()
    last_day = models.DateField()
    days = models.PositiveSmallIntegerField(help_text="On how many of them work is done.")
    part = models.CharField(max_length=20, default="1", help_text="Which part of a whole day each is.")
    currency = models.CharField(max_length=3)
    gross_minor = models.PositiveBigIntegerField()
    employer_minor = models.PositiveBigIntegerField()
    provisions_minor = models.PositiveBigIntegerField()
    worker_minor = models.PositiveBigIntegerField()
    tax_minor = models.PositiveBigIntegerField()
    cost_minor = models.PositiveBigIntegerField()
    net_minor = models.PositiveBigIntegerField()
    floor_minor = models.PositiveBigIntegerField(help_text="The least a whole day had to bring.")
    rule_version = models.PositiveIntegerField()
    pay_by = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)
    paid_at = models.DateTimeField(null=True, blank=True)
    drawn_minor = models.PositiveBigIntegerField(default=0, help_text="What the guarantee fund advanced of its cost.")
    short_since = models.DateTimeField(null=True, blank=True, help_text="Since when the fund cannot advance it.")

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(cost_minor=F("gross_minor") + F("employer_minor") + F("provisions_minor")),
                name="assignments_wage_costs_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("worker_minor") + F("tax_minor")), name="assignments_wage_is_its_parts"
            ),
            models.CheckConstraint(condition=Q(gross_minor__gt=0, days__gt=0), name="assignments_wage_of_something"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="assignments_contract_days_in_order"),
            models.CheckConstraint(condition=~Q(state="paid") | Q(paid_at__isnull=False), name="assignments_wage_paid_at"),
            models.CheckConstraint(condition=Q(drawn_minor=0) | Q(drawn_minor=F("cost_minor")), name="assignments_drawn_whole"),
        ]
        indexes = [
            models.Index(fields=["coop", "state", "pay_by"], name="assignments_wages_due"),
            models.Index(fields=["coop", "membership", "last_day"], name="assignments_of_worker"),
        ]

    @property
    def subject(self) -> str:
        return f"contract:{self.pk}"

    @property
    def gross(self) -> Money:
        return Money(self.gross_minor, self.currency)

    @property
    def cost(self) -> Money:
        return Money(self.cost_minor, self.currency)

    @property
    def net(self) -> Money:
        return Money(self.net_minor, self.currency)

    @property
    def daily(self) -> Money:
        """Return what a day brings, rounded down: shown, and never compared."""
        return Money(self.gross_minor // self.days, self.currency)

    @property
    def share(self) -> Fraction:
        return Fraction(self.part)

    def is_over(self, today: date) -> bool:
        return self.last_day < today


class Outlay(CoopModel):
    """Something was bought for an activity: paid back out of its budget, once its adviser has said so."""

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for the adviser")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="outlays")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=200)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="assignments_outlay_of_something"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="assignments_outlay_seen_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="assignments_outlay_declined_with_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["coop", "state", "asked_at"], name="assignments_outlays_waiting")]

    @property
    def subject(self) -> str:
        return f"outlay:{self.pk}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
