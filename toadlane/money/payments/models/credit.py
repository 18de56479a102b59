"""Mutual credit: what of it is held for orders under way, and how an account of it was closed. Balances are the ledger's."""

from django.db import models
from django.db.models import F, Q

from toadlane.kernel.money import Money
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership


class CreditLine(CoopModel):
    """How much of a member's credit is held for orders, in one currency. Whoever holds more of it changes this one row.

    :cvar limit_minor: how far below zero the member could go when something was last held, by a version of the bylaws
    """

    holder = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    held_minor = models.BigIntegerField(default=0)
    limit_minor = models.BigIntegerField(default=0)
    rule_version = models.PositiveIntegerField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "holder", "currency"], name="payments_credit_line_once"),
            models.CheckConstraint(condition=Q(held_minor__gte=0), name="payments_credit_held_is_no_debt"),
            models.CheckConstraint(condition=Q(limit_minor__gte=0), name="payments_credit_limit_below_zero"),
        ]


class CreditHold(CoopModel):
    """A part of a member's credit that one payment has been promised: taken when it is charged, or let go."""

    class State(models.TextChoices):
        OPEN = "open"
        TAKEN = "taken"
        LET_GO = "let_go"

    id = models.UUIDField(primary_key=True, editable=False)
    line = models.ForeignKey(CreditLine, models.PROTECT, related_name="holds")
    key = models.CharField(max_length=120, help_text="Of the call that asked for it: asked again, it is the same one.")
    amount_minor = models.BigIntegerField()
    limit_minor = models.BigIntegerField(help_text="How far below zero the member could go, by this version of the bylaws.")
    rule_version = models.PositiveIntegerField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="payments_credit_hold_key"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payments_credit_hold_of_something"),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.line.currency)


class CreditClosing(CoopModel):
    """Bringing a member's account of credit to nothing: what they owe is forgiven, or what they have is left to the co-op.

    :cvar amount_minor: what stood on it when it was asked for, as members read it: below nothing where they owe it
    """

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=300, help_text="Why, or which decision said so.")
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    agreed_by = models.BigIntegerField(null=True)
    agreed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "currency"], condition=Q(agreed_at=None, dropped_at=None),
                name="payments_credit_closing_one_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="payments_credit_closing_of_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="payments_credit_closing_says_why"),
            models.CheckConstraint(
                condition=Q(agreed_by=None, agreed_at=None) | (Q(agreed_at__isnull=False) & ~Q(agreed_by=F("asked_by"))),
                name="payments_credit_closing_by_two",
            ),
        ]  # fmt: skip

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
