"""Quotes, checkouts, orders and what happened to them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from toadlane.kernel import ids
from toadlane.kernel.money import Money
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person


class ProcessVersion(CoopModel):
    """One process as it was when orders began to follow it. Never changed: a new process is a new row."""

    name = models.CharField(max_length=30)
    hash = models.CharField(max_length=64)
    document = models.JSONField()

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "hash"], name="orders_process_once")]


class Priced(CoopModel):
    """What is bought, for how much, and where the money will go: worked out once and never again."""

    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=30, help_text="The name of its process.")
    listing_id = models.PositiveBigIntegerField(null=True, blank=True)
    provider = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    net_minor = models.PositiveBigIntegerField()
    vat_minor = models.PositiveBigIntegerField(default=0)
    tip_minor = models.PositiveBigIntegerField(default=0)
    on_top_minor = models.PositiveBigIntegerField(default=0, help_text="The platform's fee on top, with the tax on it.")
    total_minor = models.PositiveBigIntegerField()
    lines = models.JSONField(default=list, help_text="What is bought, line by line.")
    split = models.JSONField(default=list, help_text="Each share with its rule and the rule's version.")
    tax = models.JSONField(default=dict, help_text="Why no VAT is charged on the price, and on the fee: `why`, `fee_why`.")
    spec = models.JSONField(default=dict, help_text="What was asked for: size, level, add-ons, quantity, area.")
    # The version in force when it was placed: a later vote never changes an order under way.
    bylaws_version = models.PositiveIntegerField()

    class Meta(CoopModel.Meta):
        abstract = True

    @property
    def net(self) -> Money:
        return Money(self.net_minor, self.currency)

    @property
    def vat(self) -> Money:
        return Money(self.vat_minor, self.currency)

    @property
    def tip(self) -> Money:
        return Money(self.tip_minor, self.currency)

    @property
    def on_top(self) -> Money:
        return Money(self.on_top_minor, self.currency)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)


def _sums(name: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(
            condition=models.Q(
                total_minor=models.F("net_minor") + models.F("vat_minor") + models.F("tip_minor") + models.F("on_top_minor")
            ),
            name=f"orders_{name}_adds_up",
        ),
        models.CheckConstraint(
            condition=models.Q(starts_at__isnull=True, ends_at__isnull=True) | models.Q(ends_at__gt=models.F("starts_at")),
            name=f"orders_{name}_has_length",
        ),
    ]


class Quote(Priced):
    """A price we stand by for a while."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    process_hash = models.CharField(max_length=64)
    every_weeks = models.PositiveSmallIntegerField(default=0, help_text="0 is once.")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    # The rules it was worked out by, while they are at hand. No column.
    rules: Any = None

    class Meta(Priced.Meta):
        abstract = False
        constraints = _sums("quote")


class Checkout(CoopModel):
    """One intent to pay for one or several orders: one key, one charge."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    key = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64, help_text="What was sent with the key, hashed.")
    method = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    total_minor = models.PositiveBigIntegerField()
    placed_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "key"], name="orders_checkout_key")]

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def subject(self) -> str:
        return f"checkout:{self.pk}"


class Series(CoopModel):
    """Visits that come again. Each is an order of its own, placed when its time comes near."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        ENDED = "ended", _("ended")

    every_weeks = models.PositiveSmallIntegerField()
    spec = models.JSONField(default=dict)
    customer = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    first_at = models.DateTimeField()
    # The local wall time is what was agreed: a visit at nine stays at nine when the clocks change.
    next_on = models.DateField()
    local_time = models.TimeField()
    minutes = models.PositiveIntegerField()
    until = models.DateField(null=True, blank=True)
    skipped = models.JSONField(default=list, help_text="Dates that were skipped.")
    moved = models.JSONField(default=dict, help_text="Dates that were moved, and to when.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    trouble = models.CharField(max_length=300, blank=True, help_text="Why the last visit could not be placed.")
    contact = models.JSONField(default=dict, help_text="Who ordered, and where to.")
    kept_card = models.CharField(max_length=80, blank=True, help_text="The provider's name for the card of the first visit.")

    class Meta(CoopModel.Meta):
        indexes = [models.Index(fields=["state", "next_on"], name="orders_series_due")]
        constraints = [
            models.CheckConstraint(condition=models.Q(every_weeks__gte=1, every_weeks__lte=12), name="orders_series_rhythm")
        ]


# In these nobody has agreed to anything, or no longer does.
NOT_TAKEN_ON = ("unpaid", "requested", "offered", "lapsed", "declined", "cancelled")


class Order(Priced):
    """One thing bought from one provider, on its way through its process."""

    checkout = models.ForeignKey(Checkout, models.PROTECT, null=True, blank=True, related_name="orders")
    quote = models.OneToOneField(Quote, models.PROTECT, null=True, blank=True, related_name="order")
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="orders")
    visit_on = models.DateField(null=True, blank=True, help_text="Which date of the series this is.")
    process = models.ForeignKey(ProcessVersion, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20)
    state_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    due_to = models.CharField(max_length=30, blank=True, help_text="The transition its timer makes.")
    customer = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120)
    company = models.CharField(max_length=160, blank=True, help_text="The business it is bought for.")
    vat_number = models.CharField(max_length=20, blank=True, help_text="Of that business.")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=300, blank=True)
    notes = models.TextField(blank=True, max_length=2000)
    language = models.CharField(max_length=10, default="en")
    worker = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    worker_name = models.CharField(max_length=120, blank=True)
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    captured_minor = models.PositiveBigIntegerField(default=0)
    refunded_minor = models.PositiveBigIntegerField(default=0)
    # What is left of each share after refunds: the remaining-balance method counts from here.
    left = models.JSONField(default=list)

    class Meta(Priced.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["due_at"], name="orders_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["coop", "provider", "-id"], name="orders_of_provider"),
            models.Index(fields=["coop", "customer", "-id"], name="orders_of_customer"),
            models.Index(fields=["coop", "state", "-id"], name="orders_by_state"),
        ]
        constraints = [
            *_sums("order"),
            models.CheckConstraint(
                condition=models.Q(refunded_minor__lte=models.F("captured_minor")), name="orders_refund_at_most_what_was_paid"
            ),
            models.UniqueConstraint(
                fields=["series", "visit_on"], name="orders_one_order_a_visit", condition=models.Q(series__isnull=False)
            ),
        ]

    AMOUNTS: ClassVar = ("net_minor", "vat_minor", "tip_minor", "on_top_minor", "total_minor")

    def __str__(self) -> str:
        return f"{self.pk}: {self.title}"

    @property
    def subject(self) -> str:
        return f"order:{self.pk}"

    @property
    def is_taken_on(self) -> bool:
        """Whether the other side has said yes, or been paid: from then on the two sides may know where to find each other."""
        return self.kind != "inquiry" and self.state not in NOT_TAKEN_ON

    @property
    def visits_home(self) -> bool:
        """Whether members come for it: their calendars count, not the listing's."""
        return self.kind == "visit"

    @property
    def captured(self) -> Money:
        return Money(self.captured_minor, self.currency)

    @property
    def refunded(self) -> Money:
        return Money(self.refunded_minor, self.currency)

    @property
    def contact(self) -> str:
        return self.email or self.phone


class OrderMoment(CoopModel):
    """Who did what to an order, and when. Never changed: it is the story everybody reads."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="moments")
    at = models.DateTimeField()
    deed = models.CharField(max_length=30, help_text="The transition, or what else happened.")
    state = models.CharField(max_length=20, help_text="The state it led to.")
    actor = models.CharField(max_length=12)
    by = models.CharField(max_length=60)
    facts = models.JSONField(default=dict, help_text="Names, amounts and reasons, for the sentence.")

    class Meta(CoopModel.Meta):
        ordering = ("at", "pk")


class Chore(CoopModel):
    """A call to the payment provider that an order's step asked for. Written with the step, done after its commit."""

    class Kind(models.TextChoices):
        CAPTURE = "capture"
        VOID = "void"
        REFUND = "refund"

    order = models.ForeignKey(Order, models.PROTECT, related_name="chores")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=120)
    minor = models.PositiveBigIntegerField(default=0)
    debits = models.JSONField(default=list, help_text="Which accounts a refund comes out of.")
    asked_at = models.DateTimeField()
    tried = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta(CoopModel.Meta):
        indexes = [models.Index(fields=["asked_at"], name="orders_chore_open", condition=models.Q(done_at__isnull=True))]
        constraints = [models.UniqueConstraint(fields=["coop", "key"], name="orders_chore_key")]


class Refund(CoopModel):
    """Money given back, share by share."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds")
    key = models.CharField(max_length=120)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    shares = models.JSONField(default=list, help_text="What each share gave back, with rule and version.")
    reason = models.CharField(max_length=300, blank=True)
    stage = models.CharField(max_length=12, help_text="Held, released or paid out when it was given back.")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="orders_refund_key"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="orders_refund_is_something"),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Chargeback(CoopModel):
    """What a payer's bank took back of one order: which share gave how much, out of which accounts, and how it ended."""

    class State(models.TextChoices):
        OPEN = "open"
        WON = "won"
        LOST = "lost"

    order = models.ForeignKey(Order, models.PROTECT, related_name="chargebacks")
    ref = models.CharField(max_length=80, help_text="The provider's name for it.")
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    shares = models.JSONField(default=list, help_text="What each share gives back, with rule and version.")
    legs = models.JSONField(default=list, help_text="Which accounts it came out of: who bears it.")
    stage = models.CharField(max_length=12, help_text="Held, released or paid out when it was taken back.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    refund = models.OneToOneField(Refund, models.PROTECT, null=True, blank=True, related_name="chargeback")

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["order", "ref"], name="orders_chargeback_once"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="orders_chargeback_is_something"),
            models.CheckConstraint(
                condition=models.Q(state="lost", refund__isnull=False) | (~models.Q(state="lost") & models.Q(refund=None)),
                name="orders_a_lost_chargeback_is_money_given_back",
            ),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class Cart(CoopModel):
    """Things put aside until they are paid for, from any number of sellers."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["coop", "person"], name="orders_one_cart_a_person", condition=models.Q(person__isnull=False)
            )
        ]


class CartItem(CoopModel):
    """One listing in a cart, or one version of it. The same thing twice is one row with a larger number."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="items")
    listing_id = models.PositiveBigIntegerField()
    quantity = models.PositiveIntegerField(default=1)
    variant = models.CharField(max_length=40, blank=True, default="")
    added_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["cart", "listing_id", "variant"], name="orders_a_thing_once_a_cart"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1, quantity__lte=999), name="orders_cart_quantity"),
        ]
