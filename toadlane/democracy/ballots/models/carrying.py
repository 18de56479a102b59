"""Votes that somebody else brings: delegation, proxies, paper, and a count that was made elsewhere."""

from datetime import UTC

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toadlane.democracy.ballots.models.ballots import Ballot, RollEntry
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership


class Delegation(CoopModel):
    """A member lets another vote for them, for one ballot or until further notice. Whoever votes themselves overrides it."""

    giver = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    ballot = models.ForeignKey(
        Ballot, models.PROTECT, null=True, blank=True, related_name="+", help_text="None: for all ballots."
    )
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="ballots_delegation_to_another"),
            models.UniqueConstraint(
                fields=["coop", "giver"], condition=Q(ended_at=None, ballot=None), name="ballots_one_standing_delegation"
            ),
            models.UniqueConstraint(
                fields=["coop", "giver", "ballot"],
                condition=Q(ended_at=None, ballot__isnull=False),
                name="ballots_one_delegation",
            ),
        ]


class Proxy(CoopModel):
    """One member marks the paper of another, in this ballot alone; it cannot be handed on."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="+")
    giver = models.ForeignKey(RollEntry, models.PROTECT, related_name="+")
    holder = models.ForeignKey(RollEntry, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("holder")), name="ballots_proxy_to_another"),
            models.UniqueConstraint(fields=["coop", "giver"], condition=Q(ended_at=None), name="ballots_one_proxy"),
        ]


class PaperBatch(CoopModel):
    """Papers out of a box or an envelope, typed in by two people apart. Where both agree, they are votes."""

    class State(models.TextChoices):
        ONCE = "once", _("entered once, waits for a second person")
        AGREED = "agreed", _("entered twice alike, and counted")
        DIFFERS = "differs", _("the two entries differ")
        DROPPED = "dropped", _("taken back")

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="+")
    label = models.CharField(max_length=120, help_text="Which box or envelope.")
    # {"entries": places of those who handed in a paper, "papers": what is on them}; one after the other in an open ballot,
    # apart and sorted in a secret one. Emptied once it is agreed.
    first = models.JSONField()
    second = models.JSONField(null=True, blank=True)
    count = models.PositiveIntegerField()
    first_by = models.BigIntegerField()
    second_by = models.BigIntegerField(null=True, blank=True)
    entered_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.ONCE)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("first_by")), name="ballots_paper_by_two_people"
            ),
            models.CheckConstraint(condition=~Q(state="agreed") | Q(second_by__isnull=False), name="ballots_paper_agreed_by_two"),
        ]


class Said(CoopModel):
    """One step of a decision that is talked out: consent, an objection, an amendment, advice, a nomination. Never changed."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="said")
    number = models.PositiveIntegerField()
    # None where whoever spoke is not on the roll: a facilitator, an expert.
    entry = models.ForeignKey(RollEntry, models.PROTECT, null=True, blank=True, related_name="+")
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=160, help_text="As the others read it.")
    act = models.CharField(max_length=24)
    about = models.CharField(max_length=80, blank=True, help_text="Whom or which step it is about.")
    text = models.TextField(blank=True, max_length=4000)
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["ballot", "number"], name="ballots_said_in_order")]

    def hashed(self) -> dict[str, object]:
        """Return what stands for it on the board."""
        place = self.entry.place if self.entry else 0
        return {
            "place": place,
            "act": self.act,
            "about": self.about,
            "text": self.text,
            "at": self.at.astimezone(UTC).isoformat(),
        }


class Elsewhere(CoopModel):
    """The result of a ballot that was cast in a system of its own, brought back by one person and confirmed by another."""

    ballot = models.OneToOneField(Ballot, models.PROTECT, related_name="elsewhere")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file as it was brought.")
    contents = models.JSONField(help_text="The file, read.")
    counts = models.JSONField(help_text="Votes by option.")
    brought_by = models.BigIntegerField()
    brought_at = models.DateTimeField()
    confirmed_by = models.BigIntegerField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("brought_by")), name="ballots_elsewhere_by_two_people"
            )
        ]
