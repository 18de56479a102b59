"""Payments, refunds, payouts, disputes: what we asked of a provider, and what it answered."""

from django.db import models
from django.db.models import F, Q

from toadlane.kernel.money import Money
from toadlane.money.ledger.models import coop_without_lock
from toadlane.plumbing.tenancy.models import CoopModel


class State(models.TextChoices):
    """:cvar UNKNOWN: the provider was asked and did not answer clearly; nothing more is tried until that is settled"""

    CREATED = "created"
    REQUIRES_ACTION = "requires_action"
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    FAILED = "failed"
    UNKNOWN = "unknown"
    VOIDED = "voided"
    DISPUTED = "disputed"


class Errand(models.TextChoices):
    """Money that we send: a refund, a payout.

    :cvar RETURNED: it was sent, and the payer's bank sent it back: who was to get it is owed it, and people send it another way
    """

    ASKED = "asked"
    UNKNOWN = "unknown"
    DONE = "done"
    FAILED = "failed"
    RETURNED = "returned"


# Why a refund waits: the payer's bank has taken the money back, and a card company does not send it a second time meanwhile.
CHARGED_BACK = "charged_back"
# Why a refund failed and the payer has the money nevertheless: their bank took it, and kept it.
BY_THE_BANK = "by_the_bank"


class DisputeState(models.TextChoices):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Method(models.TextChoices):
    CARD = "card"
    TRANSFER = "transfer"
    CASH = "cash"
    VOUCHER = "voucher"
    CREDIT = "credit"


class Provider(models.TextChoices):
    """The two that the code itself knows: pretended money and people. Others are folders, and rows keep their names."""

    SANDBOX = "sandbox"
    MANUAL = "manual"


class Payment(CoopModel):
    """What somebody pays for one subject, from the intent to the money.

    `doing` names the call whose answer is not recorded yet, and `call_key` its key. While it is set nothing else is tried.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    coop = coop_without_lock()
    token = models.CharField(max_length=43, unique=True, help_text="Address of the card page; who holds it may pay.")
    key = models.CharField(max_length=120, help_text="Derived from the business intent; the same intent begins once.")
    subject = models.CharField(max_length=80)
    method = models.CharField(max_length=10, choices=Method.choices)
    provider = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    captured_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    capture_at_once = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=State.choices, default=State.CREATED)
    doing = models.CharField(max_length=20, blank=True)
    doing_minor = models.BigIntegerField(default=0)
    call_key = models.CharField(max_length=120, blank=True)
    called_at = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    provider_ref = models.CharField(max_length=80, blank=True)
    action_url = models.CharField(max_length=2000, blank=True, help_text="The provider’s page where the payer goes on.")
    keeps_card = models.BooleanField(default=False, help_text="Whether later visits are paid with the same card.")
    fee_minor = models.BigIntegerField(null=True, help_text="What the provider kept for itself, once it has said so.")
    vouchers_minor = models.BigIntegerField(null=True, help_text="What its vouchers are worth together; the rest was cash.")
    reference = models.CharField(max_length=20, blank=True, help_text="What a payer writes on a transfer.")
    card_hint = models.CharField(max_length=4, blank=True, help_text="Last four digits.")
    reason = models.CharField(max_length=40, blank=True, help_text="Why it failed or is unknown.")
    payer_hint = models.CharField(max_length=120, blank=True)
    return_url = models.CharField(max_length=300, blank=True)
    recorded_by = models.BigIntegerField(null=True, help_text="Person who says the money came.")
    confirmed_by = models.BigIntegerField(null=True, help_text="Another person who has seen it too.")
    begun_by = models.CharField(max_length=60)
    begun_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    # Whether this very object was begun with the intent to ask, which then only its holder does. No column.
    is_ours_to_ask = False

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="payments_payment_key"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payments_payment_of_something"),
            models.CheckConstraint(
                condition=Q(captured_minor__gte=0, captured_minor__lte=F("amount_minor")), name="payments_captured_within_amount"
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("captured_minor")),
                name="payments_refunded_within_captured",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("recorded_by")), name="payments_confirmed_by_a_second_person"
            ),
            models.CheckConstraint(
                condition=Q(vouchers_minor=None) | Q(vouchers_minor__gt=0, method="voucher"), name="payments_vouchers_of_worth"
            ),
        ]
        indexes = [
            models.Index(fields=["coop", "subject"], name="payments_payment_subject"),
            models.Index(fields=["coop", "called_at"], name="payments_payment_open", condition=~Q(doing="")),
            models.Index(fields=["coop", "provider_ref"], name="payments_payment_ref", condition=~Q(provider_ref="")),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def vouchers_worth(self) -> Money | None:
        return None if self.vouchers_minor is None else Money(self.vouchers_minor, self.currency)

    @property
    def in_cash(self) -> Money:
        """What came in cash because the vouchers are worth less. Their worth over the price is given to nobody as change."""
        short = 0 if self.vouchers_minor is None else max(0, self.amount_minor - self.vouchers_minor)
        return Money(short, self.currency)

    @property
    def captured(self) -> Money:
        return Money(self.captured_minor, self.currency)

    @property
    def refunded(self) -> Money:
        return Money(self.refunded_minor, self.currency)

    @property
    def is_open(self) -> bool:
        """Whether somebody may still pay it."""
        return not self.doing and self.state in (State.CREATED, State.REQUIRES_ACTION, State.FAILED)


class Refund(CoopModel):
    """Money on its way back to who paid. `debits` says which accounts it comes from, as the room above decided."""

    id = models.UUIDField(primary_key=True, editable=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    key = models.CharField(max_length=120)
    amount_minor = models.BigIntegerField()
    debits = models.JSONField(default=list)
    state = models.CharField(max_length=20, choices=Errand.choices, default=Errand.ASKED)
    reason = models.CharField(max_length=40, blank=True)
    provider_ref = models.CharField(max_length=80, blank=True)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    recorded_by = models.BigIntegerField(null=True)
    confirmed_by = models.BigIntegerField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="payments_refund_key"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payments_refund_of_something"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("recorded_by")), name="payments_refund_by_a_second_person"
            ),
        ]
        indexes = [models.Index(fields=["coop", "asked_at"], name="payments_refund_open", condition=Q(settled_at=None))]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.payment.currency)

    @property
    def is_booked(self) -> bool:
        """Whether those who bear it bear it: the payer has it from us, their bank took it first, or it came back and is owed."""
        return self.state in (Errand.DONE, Errand.RETURNED) or self.reason == BY_THE_BANK


class Dispute(CoopModel):
    """A chargeback: the money and a fee are gone at once, and come back if we win."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="disputes")
    provider_ref = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    debits = models.JSONField(default=list, help_text="Which accounts it came out of, so that winning it puts back the same.")
    state = models.CharField(max_length=10, choices=DisputeState.choices, default=DisputeState.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "provider_ref"], name="payments_dispute_once")]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.payment.currency)


# Why a payout waits again: the payee's bank sent it back.
SENT_BACK = "sent_back"
# What can be paid out: what orders brought, dues to give back, and what members have to get of capital and surplus.
EARNED = "2110"
PAYABLE = (EARNED, "2250", "2400", "2410", "2420", "2500", "2510")


class Payout(CoopModel):
    """What is owed to one holder on one account, sent to them."""

    id = models.UUIDField(primary_key=True, editable=False)
    key = models.CharField(max_length=120)
    holder = models.CharField(max_length=60)
    code = models.CharField(max_length=4, default=EARNED, help_text="The account on which it is owed.")
    subject = models.CharField(max_length=80, blank=True, help_text="What it is for; nothing where it is what orders brought.")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    provider = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=Errand.choices, default=Errand.ASKED)
    reason = models.CharField(max_length=40, blank=True)
    provider_ref = models.CharField(max_length=80, blank=True)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    recorded_by = models.BigIntegerField(null=True)
    confirmed_by = models.BigIntegerField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="payments_payout_key"),
            models.CheckConstraint(
                condition=Q(code=EARNED, subject="") | (Q(code__in=PAYABLE) & ~Q(code=EARNED) & ~Q(subject="")),
                name="payments_payout_of_what_is_owed",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payments_payout_of_something"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("recorded_by")), name="payments_payout_by_a_second_person"
            ),
        ]
        indexes = [
            models.Index(fields=["coop", "holder", "-asked_at"], name="payments_payout_holder"),
            models.Index(fields=["coop", "asked_at"], name="payments_payout_open", condition=Q(settled_at=None)),
            models.Index(fields=["coop", "subject"], name="payments_payout_subject", condition=~Q(subject="")),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Payee(CoopModel):
    """Whom a provider pays: the account it knows a holder of 2110 by."""

    provider = models.CharField(max_length=20)
    holder = models.CharField(max_length=60)
    account = models.CharField(max_length=80, blank=True)
    is_ready = models.BooleanField(default=False)
    trouble = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "provider", "holder"], name="payments_payee_once"),
            models.UniqueConstraint(
                fields=["coop", "provider", "account"], condition=~Q(account=""), name="payments_account_of_one_payee"
            ),
            models.CheckConstraint(condition=Q(is_ready=False) | ~Q(account=""), name="payments_ready_with_an_account"),
        ]


class Voucher(CoopModel):
    """A voucher that somebody handed in as money. One is taken once, whoever brings it again."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="vouchers")
    number = models.CharField(max_length=60, help_text="Who gave it out and its number, as capital letters and digits.")
    taken_at = models.DateTimeField()
    let_go_at = models.DateTimeField(null=True, help_text="It was not there after all, or it was given back.")

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "number"], condition=Q(let_go_at=None), name="payments_voucher_once"),
            models.CheckConstraint(condition=~Q(number=""), name="payments_voucher_has_a_number"),
        ]


class TakeBack(CoopModel):
    """Part of a payout that is taken back from who got it, because its order was refunded or charged back afterwards."""

    id = models.UUIDField(primary_key=True, editable=False)
    key = models.CharField(max_length=120, help_text="What it is for, and the payout it is taken from.")
    payout = models.ForeignKey(Payout, models.PROTECT, related_name="taken_back")
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=20, choices=Errand.choices, default=Errand.ASKED)
    reason = models.CharField(max_length=40, blank=True)
    provider_ref = models.CharField(max_length=80, blank=True)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="payments_take_back_key"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payments_take_back_of_something"),
        ]
        indexes = [models.Index(fields=["coop", "asked_at"], name="payments_take_back_open", condition=Q(settled_at=None))]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.payout.currency)
