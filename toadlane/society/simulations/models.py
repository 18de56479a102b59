from django.db import models
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.tenancy.models import CoopModel


class Simulation(CoopModel):
    """A change of the rules, and what it would have done to a stretch of time that is over.

    Once it is done the database refuses to change it: a proposal carries what its readers saw.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for its turn")
        RUNNING = "running", _("being worked out")
        DONE = "done", _("worked out")
        FAILED = "failed", _("could not be worked out")

    key = models.CharField(max_length=64, help_text="Digest of the question: the same question is worked out once.")
    base = models.PositiveIntegerField(help_text="The version of the bylaws that stands for how it is.")
    patch = models.JSONField(help_text="The change.")
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0, help_text="How many things have been replayed so far.")
    of = models.PositiveIntegerField(default=0, help_text="About how many there are.")
    beat_at = models.DateTimeField(null=True, help_text="When whoever works it out was last heard of.")
    trouble = models.CharField(max_length=300, blank=True)
    result = models.JSONField(null=True, help_text="What came out, by replay.")
    own = models.JSONField(null=True, help_text="The part about single people, for those who may read the books.")
    hash = models.CharField(max_length=64, blank=True, help_text="Digest of the result, which holds the digest of `own`.")
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="simulations_asked_once"),
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="simulations_has_length"),
            models.CheckConstraint(
                condition=models.Q(state="done", result__isnull=False, own__isnull=False) & ~models.Q(hash="")
                | ~models.Q(state="done") & models.Q(result__isnull=True, own__isnull=True, hash=""),
                name="simulations_done_has_a_result",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], name="simulations_to_do", condition=models.Q(state__in=("waiting", "running")))
        ]

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)
