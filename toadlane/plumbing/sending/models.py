"""Letters: what was said to whom, by e-mail or by text message."""

from django.db import models

from toadlane.plumbing.tenancy.models import Tenant


class Letter(models.Model):
    """One message to one address.

    Not a row of a co-op: codes for signing in belong to the server alone, and the worker that sends knows no scope. Where
    a co-op wrote the letter, `tenant` says so and every query that is asked inside a co-op filters by it.
    """

    class Channel(models.TextChoices):
        EMAIL = "email"
        SMS = "sms"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"
        SHOWN = "shown"  # A sandbox sends nothing: the letter lies on the page where everybody may read it.

    tenant = models.ForeignKey(Tenant, models.CASCADE, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    address = models.CharField(max_length=254, db_index=True)
    name = models.CharField(max_length=120, blank=True)
    template = models.CharField(max_length=80)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=250, blank=True)
    # Emptied once sent: letters hold codes and signed links.
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    written_by = models.CharField(max_length=60)
    written_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING, db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=250, blank=True, help_text="Why it could not be sent.")

    def __str__(self) -> str:
        return f"{self.channel} to {self.address}: {self.subject or self.text[:40]}"
