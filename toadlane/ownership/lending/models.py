"""What members lend, and the register of it: movements that are never changed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toadlane.kernel.money import Money
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership


class Loan(CoopModel):
    """A member offers to lend, an office agrees, the money comes, and it goes back at its end with what it has earned."""

    class State(models.TextChoices):
        OFFERED = "offered", pgettext_lazy("a loan", "offered")
        DECLINED = "declined", pgettext_lazy("a loan", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("a loan", "taken back")
        AGREED = "agreed", _("waiting for the money")
        RUNNING = "running", pgettext_lazy("a loan", "running")
        REPAID = "repaid", pgettext_lazy("a loan", "given back")

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    principal_minor = models.BigIntegerField()
    interest = models.DecimalField(max_digits=9, decimal_places=8, help_text="A year, as a part of one.")
    months = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OFFERED)
    key = models.CharField(max_length=120)
    rule_version = models.PositiveIntegerField()
    offered_at = models.DateTimeField()
    offered_by = models.CharField(max_length=60)
    answered_by = models.BigIntegerField(null=True, help_text="The person of an office, never the lender.")
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    received_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    handed_over_at = models.DateTimeField(null=True, help_text="When it went to the payouts.")
    repaid_at = models.DateTimeField(null=True, help_text="When the last of it was sent.")

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="lending_loan_key"),
            models.CheckConstraint(condition=Q(principal_minor__gt=0, months__gt=0), name="lending_loan_of_something"),
            models.CheckConstraint(condition=Q(interest__gte=0, interest__lte=1), name="lending_interest_is_a_rate"),
            models.CheckConstraint(
                condition=Q(state__in=("offered", "withdrawn")) | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="lending_agreed_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="lending_declined_with_a_reason"),
            models.CheckConstraint(
                condition=~Q(state__in=("running", "repaid")) | Q(received_on__isnull=False, ends_on__isnull=False),
                name="lending_runs_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(repaid_at=None, state__in=("offered", "declined", "withdrawn", "agreed", "running"))
                | Q(repaid_at__isnull=False, handed_over_at__isnull=False, state="repaid"),
                name="lending_repaid_once_sent",
            ),
        ]
        indexes = [models.Index(fields=["coop", "state", "ends_on"], name="lending_by_end")]

    @property
    def principal(self) -> Money:
        return Money(self.principal_minor, self.currency)

    @property
    def subject(self) -> str:
        return f"loan:{self.pk}"


class Movement(CoopModel):
    """One line of the register: lent or brought along, interest that was earned, given back. A loan is the sum of its lines."""

    class Kind(models.TextChoices):
        LENT = "lent", pgettext_lazy("a loan", "lent")
        EARNED = "earned", _("interest")
        BROUGHT = "brought", _("brought along")
        REPAID = "repaid", pgettext_lazy("a loan", "given back")
        BOUNCED = "bounced", _("sent back by the bank")

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    principal_minor = models.BigIntegerField(default=0)
    interest_minor = models.BigIntegerField(default=0)
    key = models.CharField(max_length=120)
    on = models.DateField(help_text="Of interest: the last day that is counted.")
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta(CoopModel.Meta):
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="lending_movement_key"),
            models.UniqueConstraint(fields=["loan"], condition=Q(kind__in=("lent", "brought")), name="lending_lent_once"),
            models.CheckConstraint(
                condition=Q(kind="lent", principal_minor__gt=0, interest_minor=0)
                | Q(kind="brought", principal_minor__gt=0, interest_minor__gte=0)
                | Q(kind="earned", principal_minor=0, interest_minor__gt=0)
                | Q(kind="repaid", principal_minor__lt=0, interest_minor__lte=0)
                | Q(kind="repaid", principal_minor=0, interest_minor__lt=0)
                | Q(kind="bounced", principal_minor__gt=0, interest_minor__gte=0)
                | Q(kind="bounced", principal_minor=0, interest_minor__gt=0),
                name="lending_movement_one_way",
            ),
        ]
        indexes = [models.Index(fields=["coop", "loan", "kind", "on"], name="lending_lines_of_loan")]

    @property
    def amount(self) -> Money:
        return Money(self.principal_minor + self.interest_minor, self.loan.currency)
