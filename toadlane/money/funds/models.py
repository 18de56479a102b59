"""What members allowed to be spent, what somebody asks to be paid for, and each payment with the two who made it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toadlane.democracy.proposals.models import Decision
from toadlane.kernel.money import Money
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person


class Approval(CoopModel):
    """Money that members decided to spend. Written by the enactment, and never changed."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, help_text="Of what was decided: one decision may allow several things.")
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    purpose = models.CharField(max_length=200)
    source = models.CharField(max_length=20, help_text="The account that bears it.")
    payee = models.CharField(max_length=160, blank=True, help_text="Who is to be paid; whoever bought it, where nobody is named.")
    until = models.DateField(null=True, blank=True, help_text="The last day on which it may be spent.")
    approved_at = models.DateTimeField()
    # A grant is to one member, and a member has one in a calendar year.
    granted_to = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    grant_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("-approved_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["coop", "granted_to", "grant_year"], condition=Q(granted_to__isnull=False), name="funds_one_grant_a_year"
            ),
            models.CheckConstraint(
                condition=Q(granted_to__isnull=True, grant_year__isnull=True)
                | Q(granted_to__isnull=False, grant_year__isnull=False),
                name="funds_grant_of_a_year",
            ),
            models.UniqueConstraint(fields=["coop", "decision", "digest"], name="funds_approved_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="funds_approval_is_something"),
        ]

    def __str__(self) -> str:
        return self.purpose

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    def pays(self, payee: str) -> bool:
        """Whether it is this payee whom members decided to pay, or they named nobody."""
        return not self.payee or self.payee.casefold().strip() == payee.casefold().strip()


class Expense(CoopModel):
    """Somebody asks that something be paid for."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting")
        ADVANCED = "advanced", _("paid in part, waiting for the receipt")
        PAID = "paid", _("paid")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")

    number = models.PositiveIntegerField()
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    name = models.CharField(max_length=160, help_text="Who asked, as others read it.")
    purpose = models.CharField(max_length=200)
    note = models.TextField(blank=True, max_length=2000)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    source = models.CharField(max_length=20, default="6600")
    payee = models.CharField(max_length=160)
    payee_account = models.CharField(max_length=40, blank=True, help_text="Where to send it. Read by officers and whoever asked.")
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, blank=True, related_name="expenses")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=400, blank=True, help_text="Why it was declined.")
    returned_minor = models.PositiveBigIntegerField(default=0, help_text="What came back of an advance.")
    claimed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["coop", "number"], name="funds_expense_number"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="funds_expense_is_something"),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="funds_declined_with_a_reason"),
        ]
        indexes = [models.Index(fields=["coop", "state", "-number"], name="funds_expenses_by_state")]

    def __str__(self) -> str:
        return f"{self.number}: {self.purpose}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def subject(self) -> str:
        return f"expense:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.OPEN, self.State.ADVANCED)


class Disbursement(CoopModel):
    """One payment for an expense: prepared by one officer, made by another. Once made, the database lets nothing of it change."""

    expense = models.ForeignKey(Expense, models.PROTECT, related_name="disbursements")
    key = models.CharField(max_length=120, help_text="From the intent: prepared once.")
    # The decision it rests on; or, below the officers' limit, that limit and the version of the bylaws that says it.
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, blank=True, related_name="disbursements")
    limit_minor = models.PositiveBigIntegerField(null=True, blank=True)
    rule_version = models.PositiveIntegerField(null=True, blank=True)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    is_advance = models.BooleanField(default=False)
    prepared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    paid_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    paid_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("prepared_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="funds_prepared_once"),
            models.UniqueConstraint(
                fields=["coop", "expense"], condition=Q(paid_at__isnull=True, dropped_at__isnull=True), name="funds_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="funds_payment_is_something"),
            models.CheckConstraint(
                condition=Q(approval__isnull=False, limit_minor__isnull=True)
                | Q(
                    approval__isnull=True, limit_minor__isnull=False, rule_version__isnull=False, is_advance=False,
                    amount_minor__lte=F("limit_minor"),
                ),
                name="funds_paid_by_decision_or_below_the_limit",
            ),
            models.CheckConstraint(
                condition=Q(paid_by__isnull=True, paid_at__isnull=True)
                | Q(paid_by__isnull=False, paid_at__isnull=False, dropped_at__isnull=True) & ~Q(paid_by=F("prepared_by")),
                name="funds_paid_by_two_people",
            ),
        ]  # fmt: skip

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
