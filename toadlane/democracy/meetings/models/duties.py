"""What the law asks of a co-op by a day, done by somebody with a note."""

from django.db import models
from django.db.models import Q

from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.people.models import Person


class DutyDone(CoopModel):
    """Somebody did what the law asks for. What is owed is worked out of what happened; that it was done is kept. Append-only."""

    key = models.CharField(max_length=80, help_text="What it was about, like `newspaper:meeting:3`.")
    title = models.CharField(max_length=200)
    law = models.CharField(max_length=120)
    due_on = models.DateField()
    note = models.TextField(max_length=2000, help_text="Where it can be found: a number of the register, a page.")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        ordering = ("-done_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="meetings_duty_done_once"),
            models.CheckConstraint(condition=~Q(note=""), name="meetings_duty_done_with_a_note"),
        ]
