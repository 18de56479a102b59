"""The register of shares: movements that are never changed, and what is asked for before one is made."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership


class Subscription(CoopModel):
    """Somebody wants shares, or pays what is still unpaid on theirs. It becomes a movement when the money has come."""

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for the money")
        DONE = "done", _("in the register")
        LAPSED = "lapsed", _("not paid, and over")
        REFUNDED = "refunded", _("paid back")

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    share_class = models.SlugField(max_length=40)
    shares = models.PositiveIntegerField(help_text="None where only the rest is paid.")
    currency = models.CharField(max_length=3)
    nominal_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    key = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    offer = models.ForeignKey("Offer", models.PROTECT, null=True, blank=True, related_name="applications")
    rule_version = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    paid_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="shares_subscription_key"),
            models.CheckConstraint(
                condition=Q(paid_minor__gt=0, nominal_minor__gte=0, fee_minor__gte=0), name="shares_subscription_of_something"
            ),
        ]

    @property
    def to_pay(self) -> Money:
        return Money(self.paid_minor + self.fee_minor, self.currency)

    @property
    def subject(self) -> str:
        return f"shares:{self.pk}"


class Movement(CoopModel):
    """One line of the register. What a member holds is the sum of theirs; a mistake is put right by another line."""

    class Kind(models.TextChoices):
        SUBSCRIBED = "subscribed", _("subscribed")
        PAID = "paid", _("paid in")
        GIVEN = "given", _("passed on")
        RECEIVED = "received", _("received")
        REDEEMED = "redeemed", _("repaid")

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    share_class = models.SlugField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    shares = models.IntegerField()
    currency = models.CharField(max_length=3)
    nominal_minor = models.BigIntegerField()
    unpaid_minor = models.BigIntegerField(default=0)
    key = models.CharField(max_length=120, help_text="That of its journal entry too, but for who receives.")
    counterpart = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    rule_version = models.PositiveIntegerField()
    on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta(CoopModel.Meta):
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["coop", "key", "membership"], name="shares_movement_key"),
            models.CheckConstraint(
                condition=Q(shares__gt=0, nominal_minor__gt=0)
                | Q(shares__lt=0, nominal_minor__lt=0)
                | Q(shares=0, nominal_minor=0),
                name="shares_movement_one_way",
            ),
        ]
        indexes = [models.Index(fields=["coop", "membership", "share_class"], name="shares_by_member")]

    @property
    def nominal(self) -> Money:
        return Money(self.nominal_minor, self.currency)


class Redemption(CoopModel):
    """A member asks for their capital back. They are served in the order of asking."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for its turn")
        APPROVED = "approved", _("to be paid")
        PAID = "paid", _("paid")
        WITHDRAWN = "withdrawn", _("taken back")

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    share_class = models.SlugField(max_length=40)
    shares = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    nominal_minor = models.BigIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    because = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    approved_on = models.DateField(null=True)
    recorded_by = models.BigIntegerField(null=True, help_text="Person who says the money was sent.")
    confirmed_by = models.BigIntegerField(null=True, help_text="Another person who has seen it too.")
    paid_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(shares__gt=0, nominal_minor__gt=0), name="shares_redemption_of_something"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("recorded_by")),
                name="shares_redemption_seen_by_two",
            ),
        ]
        indexes = [models.Index(fields=["coop", "state", "asked_at"], name="shares_redemption_queue")]

    @property
    def amount(self) -> Money:
        return Money(self.nominal_minor, self.currency)


class Offer(CoopModel):
    """A community share offer: with a minimum below which everybody is refunded, and a maximum above which it is scaled."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ISSUED = "issued", _("issued")
        REFUNDED = "refunded", _("below its minimum, refunded")

    title = models.CharField(max_length=160)
    text = models.TextField(blank=True)
    share_class = models.SlugField(max_length=40)
    currency = models.CharField(max_length=3)
    minimum_minor = models.BigIntegerField()
    target_minor = models.BigIntegerField()
    maximum_minor = models.BigIntegerField()
    min_stake_minor = models.BigIntegerField()
    max_stake_minor = models.BigIntegerField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    decision = models.CharField(max_length=100, help_text="The members' decision that opened it.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum_minor__gt=0)
                & Q(target_minor__gte=models.F("minimum_minor"))
                & Q(maximum_minor__gte=models.F("target_minor")),
                name="shares_offer_minimum_target_maximum",
            ),
            models.CheckConstraint(
                condition=Q(min_stake_minor__gt=0, max_stake_minor__gte=models.F("min_stake_minor")), name="shares_offer_stakes"
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=models.F("opens_at")), name="shares_offer_ends"),
            models.UniqueConstraint(fields=["coop", "decision"], name="shares_offer_once_a_decision"),
        ]
