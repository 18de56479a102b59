"""Activities, what clients order of them, contracts of work, reminders and expenses."""

from datetime import date
from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.money.invoicing.models import Invoice
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person


class Activity(CoopModel):
    """A project with a budget of its own: a sub-account of the ledger, whose balance nobody keeps but the ledger."""

    name = models.CharField(max_length=120)
    manager = models.ForeignKey(Person, models.PROTECT, related_name="+")
    adviser = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    currency = models.CharField(max_length=3)
    opened_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(adviser=None) | ~Q(adviser=F("manager")), name="assignments_adviser_is_another")
        ]
        indexes = [models.Index(fields=["coop", "manager", "-id"], name="assignments_by_manager")]

    def __str__(self) -> str:
        return self.name

    @property
    def holder(self) -> str:
        return f"activity:{self.pk}"


class Seat(CoopModel):
    """Somebody beside the manager."""

    class Role(models.TextChoices):
        CO_MANAGER = "co_manager", _("manages it too")
        PARTICIPANT = "participant", _("takes part")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(max_length=11, choices=Role.choices)

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="assignments_one_seat")]


class Assignment(CoopModel):
    """What a client orders of an activity, from the quote to the money."""

    class State(models.TextChoices):
        DRAFT = "draft", _("quote, not sent")
        SENT = "sent", _("sent, waiting for the client")
        CONFIRMED = "confirmed", _("confirmed by the client")
        DECLINED = "declined", _("declined by the client")
        DROPPED = "dropped", _("dropped")
        INVOICED = "invoiced", _("invoiced")
        PAID = "paid", _("paid")
        DEFAULTED = "defaulted", _("given up: the client does not pay")

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="assignments")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    trade = models.SlugField(max_length=40)
    first_day = models.DateField()
    last_day = models.DateField()
    lines = models.JSONField(help_text="What is to be paid for: text, and minor units before tax.")
    note = models.CharField(max_length=1000, blank=True)
    currency = models.CharField(max_length=3)
    net_minor = models.PositiveBigIntegerField()
    vat_minor = models.PositiveBigIntegerField()
    vat_rate = models.CharField(max_length=20)
    vat_category = models.CharField(max_length=2)
    vat_reason = models.CharField(max_length=300, blank=True)
    fee_minor = models.PositiveBigIntegerField()
    rule_version = models.PositiveIntegerField()
    client_name = models.CharField(max_length=160)
    client_email = models.EmailField()
    client_street = models.CharField(max_length=160, blank=True)
    client_postcode = models.CharField(max_length=20, blank=True)
    client_city = models.CharField(max_length=80, blank=True)
    client_country = models.CharField(max_length=2)
    client_vat_number = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10, default="en")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)
    sent_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_name = models.CharField(max_length=120, blank=True)
    confirmed_digest = models.CharField(max_length=64, blank=True, help_text="Of the text that the client said yes to.")
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    defaulted_at = models.DateTimeField(null=True, blank=True)
    defaulted_because = models.CharField(max_length=400, blank=True)
    vat_relieved = models.BooleanField(default=False, help_text="Whether the VAT was taken back when it was given up.")

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "number"], name="assignments_number"),
            models.CheckConstraint(condition=Q(net_minor__gt=0, fee_minor__lte=F("net_minor")), name="assignments_of_something"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="assignments_days_in_order"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_digest="", confirmed_name="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_digest="") & ~Q(confirmed_name="")),
                name="assignments_confirmed_by_name_and_text",
            ),
            models.CheckConstraint(
                condition=~Q(state="defaulted") | ~Q(defaulted_because=""), name="assignments_given_up_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("invoiced", "paid", "defaulted")) | Q(invoice__isnull=False, due_on__isnull=False),
                name="assignments_invoiced_has_an_invoice",
            ),
        ]
        indexes = [
            models.Index(fields=["coop", "activity", "-id"], name="assignments_of_activity"),
            models.Index(fields=["coop", "state", "due_on"], name="assignments_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"

    @property
    def subject(self) -> str:
        return f"assignment:{self.pk}"

    @property
    def net(self) -> Money:
        return Money(self.net_minor, self.currency)

    @property
    def vat(self) -> Money:
        return Money(self.vat_minor, self.currency)

    @property
    def gross(self) -> Money:
        return Money(self.net_minor + self.vat_minor, self.currency)

    @property
    def fee(self) -> Money:
        return Money(self.fee_minor, self.currency)

    @property
    def labor(self) -> Money:
        """Return what is left for those who work, once the fee is taken off."""
        return Money(self.net_minor - self.fee_minor, self.currency)

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def is_open(self) -> bool:
        """Whether the client may still answer, and whoever manages it may still drop it."""
        return self.state in (self.State.DRAFT, self.State.SENT)

    @property
    def may_be_invoiced(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.SENT, self.State.CONFIRMED)


class Reminder(CoopModel):
    """A letter to a client who has not paid, once for each step."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reminders")
    step = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["assignment", "step"], name="assignments_reminded_once")]


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
