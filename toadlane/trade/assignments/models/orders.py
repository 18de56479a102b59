"""Activities, and what clients order of them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.money.invoicing.models import Invoice
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.people.models import Person
from toadlane.trade.assignments.policies.standing import Standing


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
        CREDITED = "credited", _("credited: nothing is to be paid")
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
    version = models.PositiveSmallIntegerField(default=1, help_text="Of the quote: each that a client was sent is another.")
    credited_net_minor = models.PositiveBigIntegerField(default=0, help_text="What credit notes took off, before VAT.")
    credited_vat_minor = models.PositiveBigIntegerField(default=0)
    received_minor = models.PositiveBigIntegerField(default=0, help_text="What was paid of what is owed now.")
    released_minor = models.PositiveBigIntegerField(default=0, help_text="What came into the budget with the client’s money.")
    unearned_minor = models.PositiveBigIntegerField(default=0, help_text="What credit notes undid of what the budget was given.")
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
                condition=Q(credited_net_minor__lte=F("net_minor"), credited_vat_minor__lte=F("vat_minor")),
                name="assignments_credited_within_invoice",
            ),
            models.CheckConstraint(
                condition=Q(
                    received_minor__lte=F("net_minor") + F("vat_minor") - F("credited_net_minor") - F("credited_vat_minor")
                ),
                name="assignments_received_within_owed",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid")
                | Q(received_minor=F("net_minor") + F("vat_minor") - F("credited_net_minor") - F("credited_vat_minor")),
                name="assignments_paid_in_full",
            ),
            models.CheckConstraint(
                condition=~Q(state="credited")
                | Q(credited_net_minor=F("net_minor"), credited_vat_minor=F("vat_minor"), received_minor=0),
                name="assignments_credited_in_full",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("invoiced", "paid", "credited", "defaulted"))
                | Q(invoice__isnull=False, due_on__isnull=False),
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
    def standing(self) -> Standing:
        """Return how its invoice stands, but for what the guarantee fund did: `queries.standing` adds that."""
        return Standing(
            net=self.net_minor, vat=self.vat_minor, fee=self.fee_minor, credited_net=self.credited_net_minor,
            credited_vat=self.credited_vat_minor, received=self.received_minor,
            given=self.released_minor - self.unearned_minor,
        )  # fmt: skip

    @property
    def to_pay(self) -> Money:
        """Return what the client still has to pay of it, credit notes taken off."""
        return Money(self.standing.owed, self.currency)

    @property
    def received(self) -> Money:
        return Money(self.received_minor, self.currency)

    @property
    def credited(self) -> Money:
        return Money(self.credited_net_minor + self.credited_vat_minor, self.currency)

    @property
    def fee(self) -> Money:
        return Money(self.standing.live_fee, self.currency)

    @property
    def labor(self) -> Money:
        """Return what is left for those who work, once credit notes and the fee are taken off."""
        return Money(self.standing.labor, self.currency)

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


# Nothing is to come for it any more: its wages are paid out of the budget.
SETTLED = (Assignment.State.PAID, Assignment.State.CREDITED)
