"""What people enter by hand, and the days they close: one says so, another has seen it too."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toadlane.kernel.money import Money
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership


class Draft(CoopModel):
    """An entry by hand on its way into the books. It is booked as it was written, or not at all."""

    class Kind(models.TextChoices):
        BILL = "bill", _("a bill to pay later")
        PAID = "paid", _("a bill that was paid")
        RECEIPT = "receipt", _("something paid at once")
        INCOME = "income", _("money that came in")
        DUTY = "duty", _("taxes and contributions paid over")
        CREDIT = "credit", _("a bill that was credited")
        ENTRY = "entry", _("an entry of your own")

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        BOOKED = "booked", pgettext_lazy("in the books", "booked")
        DECLINED = "declined", _("declined")

    kind = models.CharField(max_length=7, choices=Kind.choices)
    text = models.CharField(max_length=200)
    reference = models.CharField(max_length=80, blank=True, help_text="The number on the bill.")
    on = models.DateField()
    currency = models.CharField(max_length=3)
    supplier = models.ForeignKey(
        Membership, models.PROTECT, null=True, related_name="+",
        help_text="The member it was bought of, where the co-op writes their invoice.",
    )  # fmt: skip
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="credits", help_text="The bill of which this takes something back."
    )
    legs = models.JSONField(help_text="Code, amount in minor units (positive is a debit), for each side.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="booked") | Q(decided_by__isnull=False) & ~Q(decided_by=F("made_by")),
                name="bookkeeping_draft_seen_by_two",
            ),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="bookkeeping_declined_with_a_reason"),
            models.CheckConstraint(
                condition=Q(kind="credit", corrects__isnull=False) | (~Q(kind="credit") & Q(corrects=None)),
                name="bookkeeping_credit_names_its_bill",
            ),
        ]
        indexes = [models.Index(fields=["coop", "state", "-id"], name="bookkeeping_drafts")]

    @property
    def amount(self) -> Money:
        """Return what moves: the sum of one side."""
        return Money(sum(minor for _code, minor in self.legs if minor > 0), self.currency)

    @property
    def subject(self) -> str:
        return f"draft:{self.pk}"


class Closing(CoopModel):
    """Days that somebody wants to close, and whoever has seen it too."""

    until_on = models.DateField()
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    confirmed_by = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "until_on"], name="bookkeeping_closing_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")), name="bookkeeping_closing_seen_by_two"
            ),
        ]
