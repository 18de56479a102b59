from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """A human being. What a person may do is said by memberships, never by a flag here.

    An e-mail address or a phone number is enough; many people have no mailbox of their own.
    """

    email = models.EmailField(null=True, blank=True)
    phone = models.CharField(max_length=20, null=True, blank=True, unique=True, help_text="E.164, like +353861234567.")
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=40, blank=True)
    notices = models.JSONField(default=dict, help_text="Which notices by which channel; an absent one is the default.")
    is_active = models.BooleanField(default=True)
    # Runs the server. It opens no door inside a co-op: for that there are staff sessions, which the co-op sees.
    is_operator = models.BooleanField(default=False)
    joined_at = models.DateTimeField(null=True)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="people_email_once"),
            models.CheckConstraint(
                condition=models.Q(email__isnull=False) | models.Q(phone__isnull=False), name="people_can_be_reached"
            ),
        ]

    def __str__(self) -> str:
        return self.name

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
