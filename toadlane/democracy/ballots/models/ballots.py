"""The frozen question, the roll, and open votes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toadlane.democracy.ballots.policies.papers import TALKED
from toadlane.democracy.proposals.models import Proposal
from toadlane.plumbing.tenancy.models import CoopModel, coop_of_parent
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person


class Secrecy(models.TextChoices):
    OPEN = "open", _("open: members can read who voted how, once it has closed")
    NAMED = "named", _("by name: as an open vote, and it stands in the minutes")
    SECRET = "secret", _("secret: who voted is known, what they voted is known to nobody")


class State(models.TextChoices):
    PREPARING = "preparing", _("being prepared")
    OPEN = "open", _("open")
    COUNTING = "counting", _("being counted")
    CLOSED = "closed", _("counted")
    VOID = "void", _("void")


class Ballot(CoopModel):
    """One question put to a roll. What it asks and how it is counted are frozen when it opens: triggers say so."""

    number = models.PositiveIntegerField()
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1, help_text="A second call, or the second vote after a tie, is round 2.")
    question = models.TextField()
    options = models.JSONField(help_text="[{id, label, text}] in the order of the paper.")
    method = models.SlugField(max_length=40)
    params = models.JSONField(default=dict)
    procedure_name = models.CharField(max_length=60)
    procedure = models.JSONField(help_text="As the bylaws had it when the ballot opened, with the values of the rules it names.")
    secrecy = models.CharField(max_length=6, choices=Secrecy.choices)
    is_replaceable = models.BooleanField(help_text="Whether a vote can be changed until the close.")
    is_elsewhere = models.BooleanField(default=False, help_text="Cast in a system of its own; the signed result is brought back.")
    bylaws_version = models.PositiveIntegerField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    extended_from = models.DateTimeField(null=True, blank=True)
    quorum_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PREPARING)
    frozen = models.JSONField(default=dict, help_text="All that was published when it opened; the hash is taken over this.")
    hash = models.CharField(max_length=64, blank=True)
    roll_hash = models.CharField(max_length=64, blank=True)
    roll_size = models.PositiveIntegerField(default=0)
    # With the server's secret it opens the slips. Taken away once they are counted.
    salt = models.CharField(max_length=64, blank=True)
    present = models.PositiveIntegerField(null=True, blank=True, help_text="At a meeting: how many came through the door.")
    awaits = models.CharField(max_length=10, blank=True, help_text="Who settles a tie: the chair.")
    closed_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True, help_text="When the next round opens, where there is one.")
    result = models.JSONField(null=True, blank=True)
    result_hash = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=128, blank=True)
    key_id = models.CharField(max_length=16, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "number"], name="ballots_number"),
            models.UniqueConstraint(fields=["coop", "proposal", "round"], name="ballots_of_proposal"),
            models.CheckConstraint(condition=Q(closes_at__gt=models.F("opens_at")), name="ballots_close_after_opening"),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "void"]) | Q(result__isnull=True), name="ballots_no_result_before_the_close"
            ),
            models.CheckConstraint(condition=~Q(state="closed") | ~Q(signature=""), name="ballots_result_is_signed"),
            models.CheckConstraint(condition=~Q(secrecy="secret") | Q(is_replaceable=False), name="ballots_secret_is_cast_once"),
        ]
        indexes = [models.Index(fields=["state", "closes_at"], name="ballots_due")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"ballot-{self.number}"

    @property
    def is_secret(self) -> bool:
        return self.secrecy == Secrecy.SECRET

    @property
    def is_guessable(self) -> bool:
        """Say whether a line of its board tells who voted what: a hash of a place on the roll and of one of few choices."""
        return not self.is_secret and self.method not in TALKED

    @property
    def is_over(self) -> bool:
        return self.state in (State.CLOSED, State.VOID)


class RollEntry(CoopModel):
    """One vote of one member on a frozen roll: never changed, never taken away."""

    coop = coop_of_parent()
    # Ballots are never deleted, and the database looks whether this one is being prepared.
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="entries", db_index=False, db_constraint=False)
    # In the order of the register: says nothing about when somebody voted.
    place = models.PositiveIntegerField()
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField(help_text="The member's number in the register; rolls are published without names.")
    # Where an organisation has several votes, each belongs to one of its delegates; else whoever speaks for the member votes.
    seat = models.PositiveSmallIntegerField(default=1)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    member_class = models.CharField(max_length=40)
    college = models.CharField(max_length=40)
    weight = models.PositiveIntegerField(default=1)

    in_bulk: ClassVar[bool] = True

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["ballot", "place"], name="ballots_roll_place"),
            models.UniqueConstraint(fields=["ballot", "membership", "seat"], name="ballots_roll_once"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="ballots_roll_weight"),
        ]
        indexes = [models.Index(fields=["membership"], name="ballots_of_membership")]

    def line(self) -> str:
        """Return how this entry reads in the published roll."""
        return f"{self.place},{self.number},{self.seat},{self.member_class},{self.college},{self.weight}"


class Vote(CoopModel):
    """An open vote, or one by name: one row for each entry, replaced while that is allowed."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="votes", db_index=False)
    entry = models.OneToOneField(RollEntry, models.PROTECT, related_name="vote")
    choice = models.TextField(help_text="The marks on the paper, in the one spelling of the method.")
    reason = models.TextField(blank=True)
    cast_at = models.DateTimeField()
    # Whoever marked the paper; None where two people entered it from paper, or a delegation carried it.
    cast_by = models.BigIntegerField(null=True, blank=True)
    carried_by = models.ForeignKey(RollEntry, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    class Meta(CoopModel.Meta):
        indexes = [models.Index(fields=["ballot", "entry"], name="ballots_votes")]


class VotesAs(CoopModel):
    """In which class somebody votes who is in several of them: each person has one vote. Append-only: the last line holds."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    member_class = models.CharField(max_length=40)
    chosen_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        indexes = [models.Index(fields=["coop", "person", "-id"], name="ballots_votes_as_last")]
