"""A co-op that is being thought up. It belongs to no co-op yet, and is gone from here once it does."""

from django.db import models
from django.db.models import Q

from toadlane.society.coops.models import Coop
from toadlane.society.people.models import Person


class FoundingDraft(models.Model):
    """What founders have answered so far. Kept by the browser's session until somebody signs in."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    blueprint = models.CharField(max_length=40)
    answers = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    founded = models.OneToOneField(Coop, models.PROTECT, null=True, related_name="+")


class Cofounder(models.Model):
    """Somebody who is asked to found with the others, and signs for themselves."""

    draft = models.ForeignKey(FoundingDraft, models.CASCADE, related_name="cofounders")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    key = models.CharField(max_length=43, unique=True, help_text="Of the link in the letter.")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    # What they signed: an answer changed afterwards makes the signature void.
    signed_digest = models.CharField(max_length=64, blank=True)

    @property
    def signed_as(self) -> str:
        """The name of the account that signed, where it is not the name they were asked by: a link can be passed on."""
        return self.person.name if self.person and self.person.name != self.name else ""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="founding_cofounder_can_be_reached"),
            models.UniqueConstraint(fields=["draft", "person"], name="founding_cofounder_once"),
        ]
