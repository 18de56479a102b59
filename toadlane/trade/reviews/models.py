"""What both sides of an order say about it, complaints and how they end, and reports of what should not be here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person
from toadlane.trade.orders.models import Order


class Side(models.TextChoices):
    CUSTOMER = "customer", _("customer")
    PROVIDER = "provider", _("provider")

    @property
    def other(self) -> Side:
        return Side.PROVIDER if self == Side.CUSTOMER else Side.CUSTOMER


class ReviewWindow(CoopModel):
    """The time in which an order is reviewed. Neither side reads the other's words before both have written, or it is over."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="+")
    listing_id = models.PositiveBigIntegerField(null=True, blank=True)
    provider = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    customer = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(db_index=True)
    # Set once: from then on the reviews of this order count and are read by everybody.
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [models.CheckConstraint(condition=Q(closes_at__gt=models.F("opened_at")), name="reviews_window_length")]
        indexes = [
            models.Index(fields=["coop", "listing_id"], name="reviews_of_listing"),
            models.Index(fields=["coop", "provider"], name="reviews_of_provider"),
        ]


class Review(CoopModel):
    window = models.ForeignKey(ReviewWindow, models.PROTECT, related_name="reviews")
    side = models.CharField(max_length=8, choices=Side.choices, help_text="Who wrote it.")
    stars = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True, max_length=4000)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=60)
    answer = models.TextField(blank=True, max_length=4000)
    answered_at = models.DateTimeField(null=True, blank=True)
    hidden_because = models.TextField(blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("-written_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["window", "side"], name="reviews_one_a_side"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="reviews_one_to_five_stars"),
        ]


class Complaint(CoopModel):
    """Something went wrong with an order: told by one side, answered by the other, decided by whom the bylaws name."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for the other side")
        ANSWERED = "answered", _("waiting for a decision")
        DECIDED = "decided", _("decided")
        APPEALED = "appealed", _("appealed")
        CLOSED = "closed", _("closed")
        DROPPED = "dropped", _("taken back")

    class Outcome(models.TextChoices):
        WHOLE = "whole", _("the whole price goes back")
        PART = "part", _("a part of the price goes back")
        NONE = "none", _("nothing goes back")

    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side.choices, help_text="Who complains.")
    text = models.TextField(max_length=4000)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer_by = models.DateTimeField(help_text="After this it is decided without an answer.")
    answer = models.TextField(blank=True, max_length=4000)
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=5, choices=Outcome.choices, blank=True)
    refund_minor = models.PositiveBigIntegerField(default=0)
    reasons = models.TextField(blank=True, max_length=4000)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    appeal_until = models.DateTimeField(null=True, blank=True)
    appeal = models.TextField(blank=True, max_length=4000)
    appealed_at = models.DateTimeField(null=True, blank=True)
    appealed_by = models.CharField(max_length=8, choices=Side.choices, blank=True)
    final_reasons = models.TextField(blank=True, max_length=4000)
    final_refund_minor = models.PositiveBigIntegerField(default=0, help_text="Given back on top, on appeal.")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=60, blank=True)
    stand_in = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Who decides in place of a mediator who is a party, as the board named them.",
    )  # fmt: skip
    stand_in_at = models.DateTimeField(null=True, blank=True)
    stand_in_by = models.CharField(max_length=60, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("-opened_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=~Q(state__in=["closed", "dropped"]), name="reviews_one_open_complaint"
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | (~Q(reasons="") & Q(decided_at__isnull=False)), name="reviews_a_decision_has_reasons"
            ),
            models.CheckConstraint(
                condition=Q(stand_in=None, stand_in_at=None) | Q(stand_in__isnull=False, stand_in_at__isnull=False),
                name="reviews_a_stand_in_was_named",
            ),
        ]

    @property
    def refund(self) -> Money:
        return Money(self.refund_minor, self.order.currency)

    @property
    def final_refund(self) -> Money:
        return Money(self.final_refund_minor, self.order.currency)


class Report(CoopModel):
    """Somebody says that a listing, a message, a review or a member should not be here."""

    class Reason(models.TextChoices):
        ILLEGAL = "illegal", _("It breaks the law")
        UNSAFE = "unsafe", _("It is dangerous")
        HATE = "hate", _("It demeans people")
        HARASSMENT = "harassment", _("Somebody is harassed")
        FRAUD = "fraud", _("It is a deception")
        PRIVACY = "privacy", _("It shows what is private")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        OPEN = "open", _("waiting for a moderator")
        DECIDED = "decided", _("decided")
        APPEALED = "appealed", _("appealed")
        CLOSED = "closed", _("closed")

    class Decision(models.TextChoices):
        NOTHING = "nothing", _("It stays")
        HIDE = "hide", _("It is hidden")
        SUSPEND = "suspend", _("The member is suspended")

    subject = models.CharField(max_length=60)
    label = models.CharField(max_length=160, help_text="What it was called when it was reported.")
    about = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    text = models.TextField(max_length=4000)
    reported_at = models.DateTimeField()
    reporter = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reporter_order_id = models.PositiveBigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    statement = models.TextField(blank=True, max_length=4000, help_text="The reasons, as both sides read them.")
    rule = models.CharField(max_length=200, blank=True, help_text="The law or the rule of the co-op that it rests on.")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    appeal_until = models.DateTimeField(null=True, blank=True)
    appeal = models.TextField(blank=True, max_length=4000)
    appealed_at = models.DateTimeField(null=True, blank=True)
    final_statement = models.TextField(blank=True, max_length=4000)
    is_upheld = models.BooleanField(null=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=60, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("-reported_at", "-pk")
        indexes = [models.Index(fields=["coop", "state"], name="reviews_reports_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="") | (~Q(statement="") & Q(decided_at__isnull=False)), name="reviews_a_statement_of_reasons"
            )
        ]
