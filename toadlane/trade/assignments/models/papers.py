"""What happened with an order: versions, remarks, reminders, money, credit notes."""

from django.db import models
from django.db.models import F, Q

from toadlane.kernel.money import Money
from toadlane.money.invoicing.models import Invoice
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.trade.assignments.models.orders import Assignment


class Revision(CoopModel):
    """A version of a quote that a client was sent, and that another took the place of."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="revisions")
    version = models.PositiveSmallIntegerField()
    text = models.JSONField(help_text="What the client was asked to say yes to.")
    client_email = models.EmailField()
    replaced_at = models.DateTimeField()
    replaced_by = models.CharField(max_length=60)

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["assignment", "version"], name="assignments_revision_once")]


class Remark(CoopModel):
    """What a client asked or said about a quote, or was answered."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="remarks")
    text = models.CharField(max_length=1000)
    is_clients = models.BooleanField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)

    class Meta(CoopModel.Meta):
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="assignments_remark_says_something")]


class Receipt(CoopModel):
    """Money for an invoice: from the client, or from what the client had with the co-op."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="receipts")
    key = models.CharField(max_length=120, help_text="`payment:…`, or the intent to set something off.")
    applied_minor = models.PositiveBigIntegerField()
    over_minor = models.PositiveBigIntegerField(default=0, help_text="More than was owed: the client’s, until somebody decides.")
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="assignments_receipt_once"),
            models.CheckConstraint(
                condition=Q(applied_minor__gt=0) | Q(over_minor__gt=0), name="assignments_receipt_of_something"
            ),
        ]

    @property
    def over(self) -> Money:
        return Money(self.over_minor, self.assignment.currency)

    @property
    def amount(self) -> Money:
        return Money(self.applied_minor + self.over_minor, self.assignment.currency)


class CreditNote(CoopModel):
    """What was taken off an invoice, and who bears what an activity had been given for it already."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="credit_notes")
    key = models.CharField(max_length=120)
    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    net_minor = models.PositiveBigIntegerField()
    vat_minor = models.PositiveBigIntegerField()
    back_minor = models.PositiveBigIntegerField(default=0, help_text="Paid already, and the client’s again.")
    unearned_minor = models.PositiveBigIntegerField(default=0)
    budget_minor = models.PositiveBigIntegerField(default=0, help_text="Of the unearned: taken from the budget.")
    fund_minor = models.PositiveBigIntegerField(default=0, help_text="Of the unearned: borne by the guarantee fund.")
    at = models.DateTimeField()
    made_by = models.CharField(max_length=60)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="assignments_credited_once"),
            models.CheckConstraint(condition=Q(net_minor__gt=0) & ~Q(reason=""), name="assignments_credit_of_something"),
            models.CheckConstraint(
                condition=Q(unearned_minor__gte=F("budget_minor") + F("fund_minor")), name="assignments_unearned_is_its_parts"
            ),
            models.CheckConstraint(condition=Q(back_minor__lte=F("net_minor") + F("vat_minor")), name="assignments_back_within"),
        ]

    @property
    def gross(self) -> Money:
        return Money(self.net_minor + self.vat_minor, self.assignment.currency)

    @property
    def back(self) -> Money:
        return Money(self.back_minor, self.assignment.currency)

    @property
    def lost(self) -> Money:
        """Return what the co-op bears: the activity was given it, and nobody pays for it."""
        return Money(self.unearned_minor - self.budget_minor - self.fund_minor, self.assignment.currency)


class Reminder(CoopModel):
    """A letter to a client who has not paid, once for each step."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reminders")
    step = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["assignment", "step"], name="assignments_reminded_once")]
