"""Years that were closed, and what members claim to have given that no order shows."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toadlane.kernel.money import Money
from toadlane.money.ledger.models import coop_without_lock
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership


class Year(CoopModel):
    """One year on its way from the books to the members. What is decided is what was worked out, to the byte."""

    class State(models.TextChoices):
        DRAFT = "draft", _("worked out")
        PROPOSED = "proposed", _("put to the members")
        BOOKED = "booked", pgettext_lazy("in the books", "booked")

    name = models.CharField(max_length=20, help_text="Like 2027.")
    starts_on = models.DateField()
    ends_on = models.DateField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    tax_minor = models.BigIntegerField(default=0)
    facts = models.JSONField()
    terms = models.JSONField()
    result = models.JSONField()
    hash = models.CharField(max_length=64)
    bylaws_version = models.PositiveIntegerField()
    worked_out_at = models.DateTimeField()
    worked_out_by = models.CharField(max_length=60)
    proposal = models.PositiveIntegerField(null=True, help_text="The number of the proposal.")
    decision = models.CharField(max_length=100, blank=True)
    booked_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True, help_text="When what is paid in money went to the payouts.")
    paid_at = models.DateTimeField(null=True, help_text="When the last of those was sent.")

    # The decision of what members brought along in their capital accounts: its days are in no books here.
    ARRIVED = "arrival"

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "name"], name="surplus_year_once"),
            models.CheckConstraint(condition=Q(ends_on__gt=models.F("starts_on")), name="surplus_year_ends"),
            models.CheckConstraint(condition=~Q(state="booked") | ~Q(decision=""), name="surplus_booked_by_a_decision"),
            models.CheckConstraint(
                condition=Q(handed_over_at=None, paid_at=None) | Q(state="booked"), name="surplus_paid_once_booked"
            ),
        ]

    @property
    def subject(self) -> str:
        return f"year:{self.name}"

    @property
    def title(self) -> str:
        """How a page calls it: what was brought along is of no single year."""
        if self.decision == self.ARRIVED:
            return str(_("the years before %(year)s")) % {"year": self.ends_on.year + 1}
        return self.name


class PublishedRate(CoopModel):
    """A rate that others publish for a year and the law measures interest by. A correction is another row; the last counts."""

    base = models.SlugField(max_length=30, help_text="Which rate, as the jurisdiction pack names it.")
    year = models.PositiveSmallIntegerField(help_text="In which the business year ends.")
    rate = models.DecimalField(max_digits=9, decimal_places=8, help_text="As a part of one.")
    source = models.CharField(max_length=300)
    published_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=60)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lte=1), name="surplus_rate_is_a_rate"),
            models.CheckConstraint(condition=~Q(source=""), name="surplus_rate_has_a_source"),
        ]
        indexes = [models.Index(fields=["coop", "base", "-year"], name="surplus_rate_of_year")]


class Repayment(CoopModel):
    """What members left in their capital accounts, given back in a later year: the oldest year first, as they decided."""

    year = models.ForeignKey(Year, models.PROTECT, related_name="repayments")
    amount_minor = models.BigIntegerField()
    parts = models.JSONField(help_text="By membership, in minor units: in proportion to what was left of each.")
    decision = models.CharField(max_length=100)
    booked_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "decision", "year"], name="surplus_repayment_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="surplus_repayment_of_something"),
        ]

    @property
    def subject(self) -> str:
        return f"repayment:{self.pk}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.year.currency)


class Imputation(CoopModel):
    """Who bears the loss of a year, as it was worked out and put to the members: the reserve, and members by what they did."""

    year = models.ForeignKey(Year, models.PROTECT, related_name="imputations")
    amount_minor = models.BigIntegerField(help_text="The loss; what neither reserve nor members bear of it is carried forward.")
    reserve_minor = models.BigIntegerField()
    parts = models.JSONField(help_text="By membership, in minor units: off their capital accounts.")
    layers = models.JSONField(help_text="The same by year and membership: of which earlier surplus it was.")
    capital = models.JSONField(default=dict, help_text="By membership and share class, in minor units: off their shares.")
    terms = models.JSONField()
    hash = models.CharField(max_length=64)
    bylaws_version = models.PositiveIntegerField()
    worked_out_at = models.DateTimeField()
    worked_out_by = models.CharField(max_length=60)
    proposal = models.PositiveIntegerField(null=True)
    decision = models.CharField(max_length=100, blank=True)
    booked_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["coop", "year"], condition=Q(booked_at__isnull=False), name="surplus_loss_shared_out_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, reserve_minor__gte=0, reserve_minor__lte=models.F("amount_minor")),
                name="surplus_loss_of_something",
            ),
            models.CheckConstraint(condition=Q(booked_at=None) | ~Q(decision=""), name="surplus_loss_by_a_decision"),
        ]

    @property
    def subject(self) -> str:
        return f"loss:{self.pk}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.year.currency)

    @property
    def of_reserve(self) -> Money:
        return Money(self.reserve_minor, self.year.currency)

    @property
    def of_members(self) -> Money:
        return Money(sum(self.parts.values()), self.year.currency)

    @property
    def of_shares(self) -> Money:
        return Money(sum(sum(off.values()) for off in self.capital.values()), self.year.currency)

    @property
    def carried(self) -> Money:
        return self.amount - self.of_reserve - self.of_members - self.of_shares

    def borne_by(self, pk: str) -> int:
        """Return what a member bears of it, on account and shares together, in minor units."""
        return int(self.parts.get(pk, 0) + sum(self.capital.get(pk, {}).values()))


class Claim(CoopModel):
    """What a member gave that no order shows: hours on a circle, points for a talk. A peer says whether it was so."""

    class State(models.TextChoices):
        CLAIMED = "claimed", _("waiting for a peer")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    class Unit(models.TextChoices):
        HOURS = "hours", _("hours")
        POINTS = "points", _("points")
        KILOMETERS = "kilometers", _("kilometers")

    activity = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=10, decimal_places=2, help_text="Hours, points or kilometers.")
    unit = models.CharField(max_length=10, choices=Unit.choices, default=Unit.HOURS)
    done_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.CLAIMED)
    claimed_at = models.DateTimeField()
    judged_by = models.BigIntegerField(null=True)
    judged_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="surplus_claim_of_something"),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="surplus_declined_with_a_reason"),
        ]
        indexes = [models.Index(fields=["coop", "state", "done_on"], name="surplus_claims")]


class Patronage(CoopModel):
    """What one did with the co-op in one month, summed over released orders: sold as a member, or bought as a person."""

    side = models.CharField(max_length=6, help_text="`sold`: `who` is a membership; `bought`: a person. 0 is nobody of ours.")
    month = models.DateField(help_text="Its first day, where the co-op is.")
    who = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    minor = models.BigIntegerField(
        help_text="The prices of what was sold or bought: before tax, without tips and fees on top, less what went back."
    )
    orders = models.BigIntegerField()
    minutes = models.BigIntegerField()
    earned = models.BigIntegerField(help_text="The provider’s own share, before tax.")

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "side", "month", "who", "currency"], name="surplus_patronage_once"),
            models.CheckConstraint(condition=Q(side__in=("sold", "bought")), name="surplus_patronage_side"),
        ]


class Uncounted(CoopModel):
    """The tail of the totals: by how much an order changed what was done. Written by the database with the change itself.

    No row is waited for: it is only ever added, and taken away by the job that folds it into the totals.
    """

    coop = coop_without_lock()
    provider_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    released_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    minor = models.BigIntegerField()
    orders = models.BigIntegerField()
    minutes = models.BigIntegerField()
    earned = models.BigIntegerField()
