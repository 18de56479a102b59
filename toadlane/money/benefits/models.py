"""Wallets of workers, what clients pay into them, what is taken out, and the help that one-use codes bring."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.people.models import Person


class Wallet(CoopModel):
    """One worker's ring-fenced money in this co-op. It belongs to the person, member or not, and stays when a membership ends.

    The money itself is in the ledger: the holder's part of account 2125.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    code = models.CharField(max_length=22, unique=True, help_text="Part of the address at which clients find it.")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=60, help_text="Whoever filled the form in: the worker, or somebody who helped.")

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "person"], name="benefits_one_wallet_a_person")]

    def __str__(self) -> str:
        return self.person.name

    @property
    def holder(self) -> str:
        return f"wallet:{self.pk}"


class Rhythm(models.TextChoices):
    MONTH = "month", _("every month")
    VISIT = "visit", _("after each visit")


class Invitation(CoopModel):
    """A text message to a phone number, and nothing else known of whoever has it."""

    class Role(models.TextChoices):
        WORKER = "worker", _("to open a wallet")
        CLIENT = "client", _("to pay into one")

    role = models.CharField(max_length=6, choices=Role.choices)
    # Emptied when it is answered or has lapsed: whoever never answered is nobody's business.
    phone = models.CharField(max_length=20, blank=True)
    digest = models.CharField(max_length=64, unique=True, help_text="Of the token in the address that was sent.")
    wallet = models.ForeignKey(Wallet, models.PROTECT, null=True, blank=True, related_name="invitations")
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(condition=Q(role="worker") | Q(wallet__isnull=False), name="benefits_clients_pay_somewhere"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(wallet__isnull=False), name="benefits_answered_with_a_wallet"
            ),
        ]
        indexes = [models.Index(fields=["coop", "invited_by", "-invited_at"], name="benefits_invited_by")]


class Plan(CoopModel):
    """A client's promise: so much, every month or after each visit. A change ends it and begins another."""

    class State(models.TextChoices):
        STARTING = "starting", _("waiting for the first payment")
        RUNNING = "running", _("running")
        ENDED = "ended", _("ended")

    class Method(models.TextChoices):
        CARD = "card", _("by card")
        DEBIT = "debit", _("by direct debit")

    wallet = models.ForeignKey(Wallet, models.PROTECT, related_name="plans")
    payer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    rhythm = models.CharField(max_length=5, choices=Rhythm.choices)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    rule_version = models.PositiveIntegerField(help_text="The bylaws whose minimum it met.")
    method = models.CharField(max_length=5, choices=Method.choices, default=Method.CARD)
    state = models.CharField(max_length=8, choices=State.choices, default=State.STARTING)
    began_on = models.DateField(help_text="The day of the month on which it is asked for.")
    next_on = models.DateField(null=True, blank=True, help_text="When it is asked for next; nothing for plans by visit.")
    months = models.PositiveIntegerField(default=0, help_text="How many months after the first one were asked for.")
    kept_card = models.CharField(max_length=80, blank=True, help_text="The provider's name for the card.")
    card_hint = models.CharField(max_length=4, blank=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(
        max_length=10, blank=True, help_text="payer, worker, changed, failed, gone, mandate or returned."
    )

    class Meta(CoopModel.Meta):
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="benefits_plan_is_something"),
            models.CheckConstraint(
                condition=Q(method="card") | Q(method="debit", kept_card="", card_hint=""),
                name="benefits_plan_by_debit_has_no_card",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) & ~Q(ended_because="")
                | ~Q(state="ended") & Q(ended_at__isnull=True, ended_because=""),
                name="benefits_plan_ends_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["coop", "wallet", "payer", "rhythm"], condition=Q(state="running"), name="benefits_one_plan_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["coop", "next_on"], name="benefits_plans_due", condition=Q(state="running"))]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Contribution(CoopModel):
    """One payment into a wallet: asked for once, and credited once."""

    class Kind(models.TextChoices):
        MONTH = "month", _("for a month")
        VISIT = "visit", _("for a visit")
        ONCE = "once", _("given once")
        ORDERS = "orders", _("put aside by orders")
        CARRIED = "carried", _("brought from another co-op")

    class State(models.TextChoices):
        ASKED = "asked", _("on its way")
        PAID = "paid", _("in the wallet")
        FAILED = "failed", _("not paid yet")
        DROPPED = "dropped", _("not paid")

    wallet = models.ForeignKey(Wallet, models.PROTECT, related_name="contributions")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="contributions")
    payer = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    key = models.CharField(max_length=120, help_text="From the intent: asked for once.")
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    note = models.CharField(max_length=120, blank=True, help_text="Which visit, or which co-op it comes from.")
    tried = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(null=True, blank=True, help_text="When the kept card is charged; nothing where the payer pays.")
    trouble = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="benefits_contributed_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="benefits_contribution_is_something"),
        ]
        indexes = [
            models.Index(fields=["coop", "try_at"], name="benefits_to_charge", condition=Q(try_at__isnull=False)),
            models.Index(fields=["coop", "wallet", "-id"], name="benefits_into_wallet"),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def subject(self) -> str:
        return f"contribution:{self.pk}"


class GiveBack(CoopModel):
    """Part or all of a contribution that was a mistake, on its way back to who paid it: asked by one, agreed to by another."""

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="given_back")
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=400)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="benefits_gives_something_back"),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False, dropped_at__isnull=True) & ~Q(agreed_by=F("asked_by")),
                name="benefits_given_back_by_two",
            ),
            models.UniqueConstraint(
                fields=["contribution"], condition=Q(agreed_at=None, dropped_at=None), name="benefits_one_give_back_at_a_time"
            ),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def is_open(self) -> bool:
        return self.agreed_at is None and self.dropped_at is None


class Batch(CoopModel):
    """Payments that one person put together and another approves. Nothing in it is paid before."""

    number = models.PositiveIntegerField()
    prepared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["coop", "number"], name="benefits_batch_number"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False, dropped_at__isnull=True)
                & ~Q(approved_by=F("prepared_by")),
                name="benefits_batch_by_two_people",
            ),
        ]


class Way(models.TextChoices):
    TRANSFER = "transfer", _("by bank transfer")
    VOUCHER = "voucher", _("by prepaid card or voucher")
    CASH = "cash", _("in cash")


class Outgoing(CoopModel):
    """What is to be paid to somebody: asked for, put into a batch, paid by two people."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        PAID = "paid", _("paid")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")

    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    way = models.CharField(max_length=8, choices=Way.choices)
    account = models.CharField(max_length=160, blank=True, help_text="Where to send it: an IBAN, or a postal address.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    reason = models.CharField(max_length=400, blank=True, help_text="Why it was declined.")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        abstract = True

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.ASKED


class Draw(Outgoing):
    """Something a worker takes out of her wallet: time off in units, an insurance premium, or all of it to another co-op."""

    class What(models.TextChoices):
        HALF_DAY = "half_day", _("half a day off")
        DAY = "day", _("a day off")
        INSURANCE = "insurance", _("an insurance premium")
        CARRY = "carry", _("to my wallet at another co-op")

    wallet = models.ForeignKey(Wallet, models.PROTECT, related_name="draws")
    what = models.CharField(max_length=9, choices=What.choices)
    count = models.PositiveSmallIntegerField(default=1)
    credits = models.PositiveIntegerField()
    rule_version = models.PositiveIntegerField(help_text="The bylaws that said what a day is.")
    key = models.CharField(max_length=120)
    note = models.CharField(max_length=160, blank=True, help_text="Which day; which insurance; which reference.")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", help_text="The worker, or somebody who helped.")

    class Meta(Outgoing.Meta):
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="benefits_drawn_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, credits__gt=0, count__gt=0), name="benefits_draw_is_something"
            ),
            models.CheckConstraint(condition=~Q(state="paid") | Q(batch__isnull=False), name="benefits_draw_paid_in_a_batch"),
        ]
        indexes = [models.Index(fields=["coop", "state", "id"], name="benefits_draws_by_state")]

    @property
    def subject(self) -> str:
        return f"draw:{self.pk}"


class ReliefCode(CoopModel):
    """A code that an organizer hands to somebody in need. It opens one request, once. Only its digest is kept."""

    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "digest"], name="benefits_code_once")]


class Relief(Outgoing):
    """Emergency help that somebody asked for with a code, saying themselves that they need it."""

    code = models.OneToOneField(ReliefCode, models.PROTECT, related_name="relief")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20)
    need = models.CharField(max_length=400, help_text="What happened, in their own words.")
    attested_at = models.DateTimeField(help_text="When they said that it is true.")
    rule_version = models.PositiveIntegerField()

    class Meta(Outgoing.Meta):
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="benefits_relief_is_something"),
            models.CheckConstraint(condition=~Q(state="paid") | Q(batch__isnull=False), name="benefits_relief_paid_in_a_batch"),
        ]
        indexes = [models.Index(fields=["coop", "state", "id"], name="benefits_reliefs_by_state")]

    @property
    def subject(self) -> str:
        return f"relief:{self.pk}"


class Pledge(CoopModel):
    """Somebody keeps the code of good work, and says how. Public once the board has looked at it, also after it has ended."""

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for the board")
        KEPT = "kept", _("kept")
        ENDED = "ended", _("ended")
        DECLINED = "declined", _("not shown")

    name = models.CharField(max_length=120)
    website = models.URLField(blank=True, max_length=200)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # Value → what they do about it. The ids are those of the bylaws of the version named.
    actions = models.JSONField(default=dict)
    rule_version = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    reason = models.CharField(max_length=400, blank=True)
    asked_at = models.DateTimeField()
    since = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("kept", "ended")) | Q(since__isnull=False), name="benefits_pledge_since_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_on__isnull=False), name="benefits_pledge_ended_on_a_day"
            ),
        ]
        indexes = [models.Index(fields=["coop", "state", "-id"], name="benefits_pledges_by_state")]

    def __str__(self) -> str:
        return self.name
