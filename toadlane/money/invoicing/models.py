"""What invoices need to know of who issues them, and the invoices: numbered without a gap, never changed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person


class Particulars(CoopModel):
    """Name, place and numbers of a member, or the co-op's own. Each change is a row; the latest counts."""

    class Excluded(models.TextChoices):
        """Whom the yearly report on sellers leaves out, whatever they earn (Directive 2011/16/EU, Annex V, section I, B(4))."""

        GOVERNMENT = "government", _("A public body")
        LISTED = "listed", _("Listed on a stock exchange, or owned by such a company")

    membership = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=160)
    street = models.CharField(max_length=160)
    city = models.CharField(max_length=80)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2)
    vat_number = models.CharField(max_length=20, blank=True)
    tax_number = models.CharField(max_length=40, blank=True)
    registration = models.CharField(max_length=60, blank=True)
    born_on = models.DateField(null=True, blank=True, help_text="Of a person: yearly reports on sellers ask for it.")
    is_small = models.BooleanField(default=False, help_text="A small business that charges no VAT.")
    excluded_as = models.CharField(max_length=10, blank=True, choices=Excluded.choices)
    agrees = models.BooleanField(default=False, help_text="That the co-op issues invoices in its name.")
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=60)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(vat_number="") | ~Q(tax_number=""), name="invoicing_a_number_for_tax"),
        ]
        indexes = [models.Index(fields=["coop", "membership", "-given_at"], name="invoicing_particulars_latest")]


class Invoice(CoopModel):
    """One invoice or credit note as it was issued. `series` is the sub-ledger of whoever issues: `coop` or a membership's."""

    class Role(models.TextChoices):
        SUPPLY = "supply", _("What was bought")
        COMMISSION = "commission", _("The platform’s fee")
        ON_TOP = "on_top", _("The platform’s fee, on top")
        BOUGHT = "bought", _("What the co-op bought")

    series = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=40)
    type_code = models.CharField(max_length=3)
    role = models.CharField(max_length=10, choices=Role.choices)
    subject = models.CharField(max_length=80, help_text="What it is about: `order:…`.")
    key = models.CharField(max_length=120)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="credit_notes")
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=60)
    seller = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    buyer = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    customer = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    seller_name = models.CharField(max_length=160)
    buyer_name = models.CharField(max_length=160)
    currency = models.CharField(max_length=3)
    net_minor = models.PositiveBigIntegerField()
    vat_minor = models.PositiveBigIntegerField()
    gross_minor = models.PositiveBigIntegerField()
    line_count = models.PositiveSmallIntegerField()
    tax_count = models.PositiveSmallIntegerField()
    xml = models.BinaryField(help_text="The document itself, as EN 16931 has it: what is shown and printed is read from it.")
    digest = models.CharField(max_length=64)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "series", "year", "sequence"], name="invoicing_number_once"),
            models.UniqueConstraint(fields=["coop", "number"], name="invoicing_shown_number_once"),
            models.UniqueConstraint(fields=["coop", "key"], name="invoicing_once_for_each_intent"),
            models.CheckConstraint(condition=Q(gross_minor=F("net_minor") + F("vat_minor")), name="invoicing_adds_up"),
            models.CheckConstraint(
                condition=Q(type_code__in=("380", "389"), corrects=None)
                | Q(type_code__in=("381", "261"), corrects__isnull=False),
                name="invoicing_credit_note_names_its_invoice",
            ),
        ]
        indexes = [
            models.Index(fields=["coop", "subject", "role"], name="invoicing_of_subject"),
            models.Index(fields=["coop", "seller", "-id"], name="invoicing_of_seller"),
            models.Index(fields=["coop", "buyer", "-id"], name="invoicing_of_buyer"),
            models.Index(fields=["coop", "customer", "-id"], name="invoicing_of_customer"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit(self) -> bool:
        return self.type_code in ("381", "261")

    @property
    def net(self) -> Money:
        return Money(self.net_minor, self.currency)

    @property
    def vat(self) -> Money:
        return Money(self.vat_minor, self.currency)

    @property
    def gross(self) -> Money:
        return Money(self.gross_minor, self.currency)

    @property
    def worth(self) -> Money:
        """Return what it adds to what is owed: a credit note takes it away."""
        return -self.gross if self.is_credit else self.gross


class InvoiceLine(CoopModel):
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300)
    net_minor = models.BigIntegerField()
    category = models.CharField(max_length=2)
    rate = models.CharField(max_length=20)

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["invoice", "position"], name="invoicing_line_once")]


class ReceivedInvoice(CoopModel):
    """An invoice that somebody else wrote to the co-op, as it came. Sums are what it states of itself, and add up."""

    number = models.CharField(max_length=80)
    type_code = models.CharField(max_length=3)
    seller_name = models.CharField(max_length=200)
    seller_vat_number = models.CharField(max_length=40, blank=True)
    buyer_name = models.CharField(max_length=200, blank=True)
    issued_on = models.DateField()
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    due_minor = models.BigIntegerField(help_text="What is left to pay, by its own word.")
    syntax = models.CharField(max_length=3)
    xml = models.BinaryField()
    digest = models.CharField(max_length=64)
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=60)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "digest"], name="invoicing_received_once"),
            models.CheckConstraint(condition=Q(gross_minor=F("net_minor") + F("vat_minor")), name="invoicing_received_adds_up"),
        ]
        indexes = [models.Index(fields=["coop", "-id"], name="invoicing_received_newest")]

    def __str__(self) -> str:
        return f"{self.seller_name} {self.number}"

    @property
    def is_credit(self) -> bool:
        return self.type_code in ("381", "261")

    @property
    def net(self) -> Money:
        return Money(self.net_minor, self.currency)

    @property
    def vat(self) -> Money:
        return Money(self.vat_minor, self.currency)

    @property
    def gross(self) -> Money:
        return Money(self.gross_minor, self.currency)

    @property
    def due(self) -> Money:
        return Money(self.due_minor, self.currency)


class InvoiceTax(CoopModel):
    """What an invoice taxes, by category and rate: the books of value added tax add these up."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="taxes")
    position = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=2)
    rate = models.CharField(max_length=20)
    basis_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoicing_tax_once"),
            models.CheckConstraint(condition=Q(category="S") | Q(tax_minor=0), name="invoicing_untaxed_is_untaxed"),
            models.CheckConstraint(condition=~Q(category__in=("E", "AE")) | ~Q(reason=""), name="invoicing_untaxed_says_why"),
        ]
