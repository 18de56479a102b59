"""People, the keys they hold (API tokens), and the tickets that carry them from the server's host to a co-op's."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.tenancy.models import Tenant


class Notice(models.TextChoices):
    """What people are told about, each by the channel they choose. Codes and warnings about the account always arrive."""

    ORDERS = "orders", _("Orders and visits")
    MESSAGES = "messages", _("Messages")
    MONEY = "money", _("Payments and payouts")
    MEMBERSHIP = "membership", _("My memberships")
    DECISIONS = "decisions", _("Decisions of my co-ops")


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """A human being. What a person may do is said by memberships, never by a flag here.

    An e-mail address or a phone number is enough; many people have no mailbox of their own.
    """

    email = models.EmailField(null=True, blank=True)
    phone = models.CharField(max_length=20, null=True, blank=True, unique=True, help_text="E.164, like +353861234567.")
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=40, blank=True)
    notices = models.JSONField(default=dict, help_text="Which notices by which channel; an absent one is the default.")
    is_active = models.BooleanField(default=True)
    # Runs the server. It opens no door inside a co-op: for that there are staff sessions, which the co-op sees.
    is_operator = models.BooleanField(default=False)
    joined_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Gone: name and addresses were taken away.")

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="people_email_once"),
            models.CheckConstraint(
                condition=models.Q(email__isnull=False) | models.Q(phone__isnull=False) | models.Q(closed_at__isnull=False),
                name="people_can_be_reached",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def channel_for(self, notice: str) -> str:
        """Return `email`, `sms` or `none`: what the person chose, or the one address there is."""
        chosen = self.notices.get(notice)
        reachable = {"email": bool(self.email), "sms": bool(self.phone), "none": True}
        if reachable.get(chosen):
            return str(chosen)
        return "email" if self.email else "sms" if self.phone else "none"

    def get_username(self) -> str:
        return self.email or self.phone or ""

    # Django's admin and allauth ask these; no one has powers over every co-op.
    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False

    @property
    def is_staff(self) -> bool:
        return self.is_operator


class ApiToken(models.Model):
    """A key for programs. Only its digest is kept.

    Not a row of a co-op: it belongs to a person, it is read before any scope is known, and it may open all of the
    person's co-ops. Where `coop` is set it opens that one alone.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    coop = models.ForeignKey(Tenant, models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80)
    scopes = models.JSONField(default=list, help_text="Of read, write, money.")
    digest = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4, help_text="The last signs, by which its owner knows it again.")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    # A day is enough to see that a forgotten key is in use, and costs one write a day.
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} (…{self.ending})"


class Handover(models.Model):
    """A ticket, good once and for a minute, that signs a person in at one co-op's own host.

    Not a row of a co-op: it is written at the server's host, where no co-op is in scope.
    """

    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    host = models.CharField(max_length=253)
    path = models.CharField(max_length=500)
    state = models.CharField(max_length=64, help_text="Digest of what the co-op's host gave the browser that asked.")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
