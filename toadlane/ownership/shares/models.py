"""The register of shares: movements that are never changed, what is asked for before one is made, and what is paid after."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person


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
    interest_minor = models.BigIntegerField(default=0, help_text="On a rest that is paid late.")
    back_minor = models.BigIntegerField(default=0, help_text="What came and could not be entered any more: it goes back.")
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
            models.CheckConstraint(
                condition=Q(back_minor__gte=0, back_minor__lte=F("paid_minor") + F("fee_minor") + F("interest_minor")),
                name="shares_subscription_back_at_most_what_came",
            ),
            models.CheckConstraint(
                condition=Q(interest_minor=0) | Q(interest_minor__gt=0, shares=0), name="shares_interest_on_a_rest_only"
            ),
        ]

    @property
    def to_pay(self) -> Money:
        return Money(self.paid_minor + self.fee_minor + self.interest_minor, self.currency)

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
        LOST = "lost", _("written down for a loss")
        # What of a payment the payer's bank has taken back, and what came again where the co-op won.
        RETURNED = "returned", _("taken back by the bank")

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
                | Q(shares=0, nominal_minor=0)
                | Q(shares=0, nominal_minor__lt=0, unpaid_minor=0, kind="lost"),
                name="shares_movement_one_way",
            ),
        ]
        indexes = [models.Index(fields=["coop", "membership", "share_class"], name="shares_by_member")]

    @property
    def nominal(self) -> Money:
        return Money(self.nominal_minor, self.currency)

    @property
    def amount(self) -> Money:
        """What the line is about: shares at their nominal value, what came off it, or what was paid of them later."""
        return self.nominal if self.nominal_minor else Money(-self.unpaid_minor, self.currency)


class Estate(CoopModel):
    """What somebody who has died held here. It passes to heirs who are members, and what is left over is repaid.

    One person says that they died, another confirms it; then their memberships are over.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    died_on = models.DateField()
    until_on = models.DateField(help_text="The last day on which heirs can take it over.")
    reported_by = models.BigIntegerField()
    reported_at = models.DateTimeField()
    confirmed_by = models.BigIntegerField(null=True, help_text="Another person who has seen it too.")
    confirmed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True, help_text="When it turned out to be an error.")
    ended_at = models.DateTimeField(null=True, help_text="When nothing was left that could pass to an heir.")

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "person"], condition=Q(dropped_at=None), name="shares_estate_once_a_person"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False, dropped_at=None) & ~Q(confirmed_by=F("reported_by"))
                ),
                name="shares_estate_seen_by_two",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(confirmed_at__isnull=False), name="shares_estate_ended_once_seen"
            ),
            models.CheckConstraint(condition=Q(until_on__gte=F("died_on")), name="shares_estate_until_after_death"),
        ]

    @property
    def holder(self) -> str:
        """Return to whom the books owe what is repaid: nobody pays a dead person's account."""
        return f"estate:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None


class Bequest(CoopModel):
    """Shares of an estate for one heir. One person writes it down with what proves it, another makes it so."""

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="bequests")
    source = models.ForeignKey(Membership, models.PROTECT, related_name="+", help_text="The membership that held them.")
    heir = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    share_class = models.SlugField(max_length=40)
    shares = models.PositiveIntegerField()
    proof = models.CharField(max_length=200, help_text="What says so, such as a certificate of inheritance with its number.")
    recorded_by = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    confirmed_by = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(shares__gt=0) & ~Q(proof=""), name="shares_bequest_of_something_proven"),
            models.CheckConstraint(condition=~Q(source=F("heir")), name="shares_bequest_to_somebody_else"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False, dropped_at=None) & ~Q(confirmed_by=F("recorded_by"))
                ),
                name="shares_bequest_seen_by_two",
            ),
        ]


class Redemption(CoopModel):
    """A member asks for their capital back. They are served in the order of asking."""

    class Cause(models.TextChoices):
        ASKED = "asked", _("asked for")
        LEFT = "left", _("has left")
        DIED = "died", _("has died")

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
    unpaid_minor = models.BigIntegerField(default=0, help_text="What was never paid in of it, and so is not paid back.")
    kept_minor = models.BigIntegerField(default=0, help_text="What stays in the reserve, of whoever left early.")
    excused = models.CharField(max_length=300, blank=True, help_text="The good reason for leaving early, as the board saw it.")
    excused_by = models.BigIntegerField(null=True)
    cause = models.CharField(max_length=5, choices=Cause.choices, default=Cause.ASKED)
    estate = models.ForeignKey(Estate, models.PROTECT, null=True, blank=True, related_name="redemptions")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    approved_on = models.DateField(null=True)
    paid_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(shares__gt=0, nominal_minor__gt=0), name="shares_redemption_of_something"),
            models.CheckConstraint(
                condition=Q(unpaid_minor__gte=0, unpaid_minor__lte=F("nominal_minor")), name="shares_redemption_of_what_was_paid"
            ),
            models.CheckConstraint(
                condition=Q(kept_minor=0)
                | Q(kept_minor__gt=0, kept_minor__lte=F("nominal_minor") - F("unpaid_minor"), cause="left", excused=""),
                name="shares_redemption_kept_of_an_early_leaver",
            ),
            models.CheckConstraint(
                condition=Q(excused="", excused_by=None) | (~Q(excused="") & Q(excused_by__isnull=False)),
                name="shares_redemption_excused_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(cause="died", estate__isnull=False) | (~Q(cause="died") & Q(estate=None)),
                name="shares_redemption_of_an_estate",
            ),
        ]
        indexes = [models.Index(fields=["coop", "state", "asked_at"], name="shares_redemption_queue")]

    @property
    def amount(self) -> Money:
        """Return what is paid back: the shares at their price, less what was never paid in or stays in the reserve."""
        return Money(self.nominal_minor - self.unpaid_minor - self.kept_minor, self.currency)

    @property
    def kept(self) -> Money:
        return Money(self.kept_minor, self.currency)

    @property
    def holder(self) -> str:
        return self.estate.holder if self.estate is not None else self.membership.holder


class Part(CoopModel):
    """One payment of a redemption: all of it at once, or a part each year with interest on what is still owed."""

    redemption = models.ForeignKey(Redemption, models.PROTECT, related_name="parts")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    principal_minor = models.BigIntegerField()
    interest_minor = models.BigIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True, help_text="When it went to the payouts.")
    paid_at = models.DateTimeField(null=True, help_text="When it was sent.")

    class Meta(CoopModel.Meta):
        ordering = ("redemption", "number")
        constraints = [
            models.UniqueConstraint(fields=["coop", "redemption", "number"], name="shares_part_once"),
            models.CheckConstraint(condition=Q(principal_minor__gt=0, interest_minor__gte=0), name="shares_part_of_something"),
            models.CheckConstraint(
                condition=Q(paid_at=None) | Q(handed_over_at__isnull=False), name="shares_part_paid_once_sent"
            ),
        ]
        indexes = [models.Index(fields=["coop", "due_on"], condition=Q(handed_over_at=None), name="shares_part_due")]

    @property
    def subject(self) -> str:
        return f"shares_part:{self.pk}"

    @property
    def principal(self) -> Money:
        return Money(self.principal_minor, self.redemption.currency)

    @property
    def interest(self) -> Money:
        return Money(self.interest_minor, self.redemption.currency)


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
