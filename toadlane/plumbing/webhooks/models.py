from django.db import models
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.tenancy.models import CoopModel


class Subscription(CoopModel):
    """Somebody's program that wants to hear of what happens in the co-op."""

    url = models.URLField(max_length=500)
    events = models.JSONField(default=list, help_text="Names of events; an empty list is all of them.")
    note = models.CharField(max_length=120, blank=True)
    is_on = models.BooleanField(default=True)
    # The secret is made of this and the server's own key: who reads the database alone cannot sign.
    salt = models.CharField(max_length=64)
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.note or self.url

    def wants(self, event: str) -> bool:
        return not self.events or event in self.events


class Delivery(CoopModel):
    """One event on its way to one subscription, and what came back."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Given up")

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField()
    event = models.CharField(max_length=80)
    payload = models.JSONField()
    at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    answer = models.PositiveSmallIntegerField(null=True, help_text="The HTTP status of the last answer.")
    error = models.CharField(max_length=200, blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        # Told again, it is not sent again: the event keeps its id over every retry.
        constraints = [models.UniqueConstraint(fields=["subscription", "event_id"], name="webhooks_once_each")]
        indexes = [models.Index(fields=["subscription", "-id"], name="webhooks_latest")]
