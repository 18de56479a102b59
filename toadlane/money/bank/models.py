"""Where members want their money, what the bank said, and the files that pay."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person


class Details(CoopModel):
    """An account at a bank: a member's, or the co-op's own. Each change is a row; the latest counts, after its hold."""

    membership = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=60)
    usable_from = models.DateTimeField(help_text="Changed details rest for a while: whoever was robbed has time to say so.")

    class Meta(CoopModel.Meta):
        indexes = [models.Index(fields=["coop", "membership", "-given_at"], name="bank_details_latest")]

    @property
    def shown(self) -> str:
        """Return the number as it is shown: country and the last four."""
        return f"{self.iban[:2]}… {self.iban[-4:]}"


class Wish(CoopModel):
    """How often a member wants to be paid, and from which amount on. What they said last counts."""

    class Every(models.TextChoices):
        DAY = "day", _("as soon as it is due")
        WEEK = "week", _("once a week, on Monday")
        MONTH = "month", _("once a month, on the first")
        HOLD = "hold", _("not until I say so")

    membership = models.OneToOneField(Membership, models.PROTECT, related_name="+")
    every = models.CharField(max_length=5, choices=Every.choices, default=Every.DAY)
    least_minor = models.PositiveBigIntegerField(default=0)
    given_at = models.DateTimeField()


class Statement(CoopModel):
    """One statement as it was read, once."""

    iban = models.CharField(max_length=34)
    number = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    opening_minor = models.BigIntegerField(null=True)
    closing_minor = models.BigIntegerField(null=True)
    last_on = models.DateField(null=True, help_text="The last day of which it has a line.")
    digest = models.CharField(max_length=64)
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=60)

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "digest", "number"], name="bank_statement_once")]


class Line(CoopModel):
    """One movement on the account, and what it was for."""

    class State(models.TextChoices):
        MATCHED = "matched", _("matched")
        DOUBTFUL = "doubtful", _("somebody has to look")
        SETTLED = "settled", _("settled by a person")
        IGNORED = "ignored", _("not ours to book")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    key = models.CharField(max_length=200)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    booked_on = models.DateField()
    name = models.CharField(max_length=140, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    end_to_end = models.CharField(max_length=35, blank=True)
    text = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=8, choices=State.choices)
    subject = models.CharField(
        max_length=80, blank=True, help_text="What it paid: `payment:…`, `payout:…`, `returned:…` or `block:…`."
    )
    why = models.CharField(max_length=200, blank=True)
    decided_by = models.BigIntegerField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="bank_line_once"),
            models.UniqueConstraint(fields=["coop", "subject"], condition=~Q(subject=""), name="bank_subject_paid_once"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="bank_line_moves_something"),
            models.CheckConstraint(condition=~Q(state__in=("matched", "settled")) | ~Q(subject=""), name="bank_matched_to_what"),
        ]
        indexes = [models.Index(fields=["coop", "state", "booked_on"], name="bank_lines_by_state")]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class SeenByTwo(CoopModel):
    """A file for the bank. One person makes it, another approves it; only then it is given out."""

    file = models.BinaryField()
    digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    currency = models.CharField(max_length=3, default="EUR")
    total_minor = models.BigIntegerField()
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    approved_at = models.DateTimeField(null=True)
    approved_by = models.BigIntegerField(null=True)
    dropped_at = models.DateTimeField(null=True)
    # The bank has carried it out, as two people say, and all that is in it is booked together.
    recorded_by = models.BigIntegerField(null=True)
    confirmed_by = models.BigIntegerField(null=True)
    booked_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("recorded_by")), name="bank_%(class)s_carried_out_seen_by_two"
            ),
            models.CheckConstraint(
                condition=Q(booked_at=None) | Q(approved_at__isnull=False), name="bank_%(class)s_booked_if_approved"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("made_by")), name="bank_%(class)s_seen_by_two"
            ),
            models.CheckConstraint(condition=Q(approved_at=None) | Q(dropped_at=None), name="bank_%(class)s_one_end"),
        ]

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)


class Batch(SeenByTwo):
    """A file of transfers."""

    pays_on = models.DateField()
    payouts = models.JSONField(help_text="The ids of the payouts in it.")


class Creditor(CoopModel):
    """What the co-op is known by to those who are debited (AT-02). Each change is a row; the latest counts."""

    identifier = models.CharField(max_length=35)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=60)


class Mandate(CoopModel):
    """Somebody lets the co-op debit an account: a member, or whoever pays here and is none. What was signed stays as it was; it
    ends once."""

    membership = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    reference = models.CharField(max_length=35, help_text="AT-01: what the mandate is known by to the bank.")
    creditor = models.CharField(max_length=35)
    text = models.TextField(help_text="What was signed, in the words and the language that the member read.")
    language = models.CharField(max_length=10)
    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=60, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "reference"], name="bank_mandate_reference"),
            models.UniqueConstraint(fields=["coop", "membership"], condition=Q(ended_at=None), name="bank_mandate_one_at_a_time"),
            models.UniqueConstraint(fields=["coop", "person"], condition=Q(ended_at=None), name="bank_mandate_one_a_person"),
            models.CheckConstraint(
                condition=Q(membership=None, person__isnull=False) | Q(membership__isnull=False, person=None),
                name="bank_mandate_of_one",
            ),
            models.CheckConstraint(condition=Q(ended_at=None) | ~Q(ended_by=""), name="bank_mandate_ended_by_somebody"),
        ]

    @property
    def payer(self) -> Membership | Person:
        """Return whose mandate it is."""
        found = self.membership or self.person
        assert found is not None, "a mandate is of one or the other"
        return found

    @property
    def shown(self) -> str:
        """Return the number of the account as it is shown: country and the last four."""
        return f"{self.iban[:2]}… {self.iban[-4:]}"


class Collection(SeenByTwo):
    """A file of direct debits."""

    collects_on = models.DateField()
    creditor = models.CharField(max_length=35)
    message = models.CharField(max_length=27, help_text="What the file is called; its blocks are called after it.")


class Debit(CoopModel):
    """One payment that a file collects."""

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="debits")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="debits")
    payment_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    sequence = models.CharField(max_length=4)
    is_dropped = models.BooleanField(default=False, help_text="Its file was dropped: another one may collect it.")

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "payment_id"], condition=Q(is_dropped=False), name="bank_debit_in_one_file"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="bank_debit_of_something"),
            models.CheckConstraint(condition=Q(sequence__in=("FRST", "RCUR")), name="bank_debit_sequence"),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, "EUR")
