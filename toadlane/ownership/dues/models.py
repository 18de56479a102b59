"""What members owe for each period, what came, what was waived, and what each chose to pay."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership


class Choice(CoopModel):
    """What a member chose to pay each period, on a sliding scale. The newest one holds; the others are how it was."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    chosen_at = models.DateTimeField()
    chosen_by = models.CharField(max_length=60)

    class Meta(CoopModel.Meta):
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gte=0), name="dues_choice_of_an_amount")]
        indexes = [models.Index(fields=["coop", "membership", "-id"], name="dues_choice_newest")]


class Claim(CoopModel):
    """Dues of one member for one period. How much was charged never changes; it is paid or waived, in parts or whole."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    period = models.CharField(max_length=8, help_text="2027-03, 2027-Q1 or 2027.")
    first_on = models.DateField()
    last_on = models.DateField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(default=0)
    waived_minor = models.BigIntegerField(default=0)
    reversed_minor = models.BigIntegerField(default=0, help_text="What was paid, and taken back by the payer’s bank.")
    waived_because = models.CharField(max_length=200, blank=True)
    due_on = models.DateField()
    reminders = models.PositiveSmallIntegerField(default=0)
    rule_version = models.PositiveIntegerField()
    charged_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        ordering = ("first_on", "pk")
        constraints = [
            models.UniqueConstraint(fields=["coop", "membership", "period"], name="dues_claim_once_a_period"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="dues_claim_of_something"),
            models.CheckConstraint(
                condition=Q(paid_minor__gte=0, waived_minor__gte=0) & Q(amount_minor__gte=F("paid_minor") + F("waived_minor")),
                name="dues_claim_paid_and_waived_within",
            ),
            models.CheckConstraint(condition=Q(reversed_minor__gte=0), name="dues_claim_reversed_an_amount"),
        ]
        indexes = [
            models.Index(
                fields=["coop", "due_on"],
                condition=Q(amount_minor__gt=F("paid_minor") + F("waived_minor")),
                name="dues_claim_open",
            )
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def paid(self) -> Money:
        return Money(self.paid_minor, self.currency)

    @property
    def reversed(self) -> Money:
        return Money(self.reversed_minor, self.currency)

    @property
    def waived(self) -> Money:
        return Money(self.waived_minor, self.currency)

    @property
    def left(self) -> Money:
        return Money(self.amount_minor - self.paid_minor - self.waived_minor, self.currency)


class Remittance(CoopModel):
    """Money of a member for dues. What comes pays the oldest claims; what is over waits for the next ones."""

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for the money")
        PAID = "paid", _("paid")

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    used_minor = models.BigIntegerField(default=0, help_text="What has gone to claims.")
    returned_minor = models.BigIntegerField(default=0, help_text="What was left of it when the member left, and goes back.")
    reversed_minor = models.BigIntegerField(default=0, help_text="What the payer’s bank has taken back.")
    key = models.CharField(max_length=120)
    state = models.CharField(max_length=5, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    paid_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="dues_remittance_key"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, used_minor__gte=0, returned_minor__gte=0, reversed_minor__gte=0)
                & Q(amount_minor__gte=F("used_minor") + F("returned_minor") + F("reversed_minor")),
                name="dues_remittance_used_within",
            ),
            models.CheckConstraint(
                condition=Q(state="paid") | Q(used_minor=0, returned_minor=0, reversed_minor=0),
                name="dues_remittance_used_once_paid",
            ),
        ]
        indexes = [models.Index(fields=["coop", "membership"], name="dues_remittance_of_member")]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def left_minor(self) -> int:
        """Return what waits for claims to come."""
        return self.amount_minor - self.used_minor - self.returned_minor - self.reversed_minor

    @property
    def reversed(self) -> Money:
        return Money(self.reversed_minor, self.currency)

    @property
    def returned(self) -> Money:
        return Money(self.returned_minor, self.currency)

    @property
    def subject(self) -> str:
        return f"dues:{self.pk}"


class Chargeback(CoopModel):
    """The payer's bank took dues back: they are owed again, unless the co-op wins."""

    remittance = models.ForeignKey(Remittance, models.PROTECT, related_name="chargebacks")
    ref = models.CharField(max_length=80, help_text="The card company’s name for it.")
    amount_minor = models.BigIntegerField(help_text="What of it is owed again; the rest had gone back to the member already.")
    opened_at = models.DateTimeField()
    won_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "ref"], name="dues_chargeback_once"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="dues_chargeback_of_an_amount"),
        ]


class Waiver(CoopModel):
    """Somebody need not pay for a while, for a reason. It ends on a day that is known from the beginning."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=200, help_text="Taken away with the person's account.")
    granted_by = models.CharField(max_length=60)
    granted_at = models.DateTimeField()
    ended_on = models.DateField(null=True, help_text="Where it was ended before its day.")

    class Meta(CoopModel.Meta):
        constraints = [models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="dues_waiver_ends_after_it_begins")]
        indexes = [models.Index(fields=["coop", "membership", "until_on"], name="dues_waiver_of_member")]
