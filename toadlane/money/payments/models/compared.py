"""What is carried to the bank, what is compared with what a provider says it has, and what providers told by themselves."""

from django.db import models
from django.db.models import F, Q

from toadlane.kernel.money import Money
from toadlane.money.payments.models.errands import Errand
from toadlane.plumbing.tenancy.models import CoopModel


class Carried(CoopModel):
    """Money that a provider held for the co-op, sent on to the co-op's own bank. One person asks, another one agrees."""

    id = models.UUIDField(primary_key=True, editable=False)
    provider = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=20, choices=Errand.choices, default=Errand.ASKED)
    reason = models.CharField(max_length=40, blank=True)
    provider_ref = models.CharField(max_length=80, blank=True)
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    agreed_by = models.BigIntegerField(null=True)
    agreed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payments_carried_something"),
            models.CheckConstraint(condition=Q(agreed_by=None) | ~Q(agreed_by=F("asked_by")), name="payments_carried_by_two"),
            models.UniqueConstraint(
                fields=["coop", "provider", "currency"], condition=Q(settled_at=None), name="payments_carried_one_at_a_time"
            ),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Comparison(CoopModel):
    """What a provider said it held for the co-op, beside what the books said, at one instant.

    :param under_way: what may be done there and not booked here: its `kind`, how many, and what it would add there
    """

    provider = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    theirs_minor = models.BigIntegerField()
    ours_minor = models.BigIntegerField()
    under_way = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "provider", "currency", "at"], name="payments_compared_once")]

    @property
    def theirs(self) -> Money:
        return Money(self.theirs_minor, self.currency)

    @property
    def ours(self) -> Money:
        return Money(self.ours_minor, self.currency)

    @property
    def difference(self) -> Money:
        return self.theirs - self.ours

    @property
    def is_explained(self) -> bool:
        """Whether the difference is no larger than what is under way could make it."""
        minors = [one["minor"] for one in self.under_way]
        return sum(min(0, minor) for minor in minors) <= self.difference.minor <= sum(max(0, minor) for minor in minors)


class Heard(CoopModel):
    """A notice of a provider, taken in once. It says only what to look at: how that stands is asked of the provider."""

    provider = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    said = models.JSONField(default=dict)
    heard_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "provider", "key"], name="payments_heard_once")]
        indexes = [
            models.Index(fields=["coop", "provider", "-heard_at"], name="payments_heard_latest"),
            models.Index(fields=["coop", "heard_at"], name="payments_heard_open", condition=Q(done_at=None)),
        ]
