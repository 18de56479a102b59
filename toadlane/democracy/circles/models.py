"""Circles: what they are for, who sits in them by which decision, and who stands for the next election."""

from datetime import UTC
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toadlane.democracy.circles.policies import Ticket
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership, Office
from toadlane.society.people.models import Person


class Sits(models.TextChoices):
    """How somebody comes to sit in a circle."""

    SEAT = "seat", _("seat")
    # The double link: one is sent down to see the aim through, the other up to be heard. Both sit in both circles.
    LEAD = "lead", _("link from the circle above")
    REPRESENTATIVE = "representative", _("link to the circle above")


class Chosen(models.TextChoices):
    """How the seats of a circle are filled."""

    ELECTION = "election", _("by election")
    LOT = "lot", _("by lot, among all who may stand")


class Circle(CoopModel):
    """A team with a purpose and a part of the co-op that it decides about by itself. Its seats are offices of its slug.

    The organs that the bylaws name, as the board, are circles without a row until a decision says more about them.
    """

    slug = models.SlugField(max_length=40)
    names = models.JSONField(help_text="By language.")
    purpose = models.TextField()
    scope = models.TextField(blank=True, help_text="What it decides by itself.")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    seats = models.JSONField(default=dict, help_text="How many, by class of members; under an empty name those open to all.")
    term_months = models.PositiveSmallIntegerField(default=24)
    chosen = models.CharField(max_length=8, choices=Chosen.choices, default=Chosen.ELECTION)
    review_on = models.DateField(null=True, help_text="When members look again at whether it is still needed.")
    founded_on = models.DateField()
    founded_by = models.CharField(max_length=100, help_text="The name of the decision.")
    ended_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=100, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "slug"], name="circles_slug"),
            models.CheckConstraint(condition=~Q(founded_by=""), name="circles_founded_by_a_decision"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_by="") | (Q(ended_on__isnull=False) & ~Q(ended_by="")),
                name="circles_ended_by_a_decision",
            ),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="circles_not_under_itself"),
        ]

    def __str__(self) -> str:
        return self.slug


class Charter(CoopModel):
    """What one decision said of a circle. Append-only: the circle is what its last charter says."""

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="charters")
    number = models.PositiveIntegerField()
    terms = models.JSONField()
    decision = models.CharField(max_length=100)
    from_on = models.DateField()

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "circle", "number"], name="circles_charter_number"),
            models.UniqueConstraint(fields=["coop", "circle", "decision"], name="circles_charter_once_a_decision"),
        ]


class Seat(CoopModel):
    """What an office in a circle is, besides who holds it and for how long: for which class, and as which link."""

    office = models.OneToOneField(Office, models.PROTECT, related_name="seat")
    sits = models.CharField(max_length=14, choices=Sits.choices, default=Sits.SEAT)
    member_class = models.SlugField(max_length=40, blank=True)
    # A link sits in the circle above because of this one.
    via = models.ForeignKey(Circle, models.PROTECT, null=True, blank=True, related_name="+")
    ended_by = models.CharField(max_length=100, blank=True, help_text="The decision that ended it before its term.")

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(via__isnull=True) | ~Q(sits="seat"), name="circles_only_a_link_sits_above")
        ]


class Election(CoopModel):
    """Seats to be filled: who stands is found until the deadline, then members vote on it as on any proposal."""

    class State(models.TextChoices):
        OPEN = "open", _("nominations are open")
        CLOSED = "closed", _("nominations are closed")
        PROPOSED = "proposed", _("with the members")
        DECIDED = "decided", _("decided")
        CANCELLED = "cancelled", _("cancelled")

    office = models.SlugField(max_length=40)
    sits = models.CharField(max_length=14, choices=Sits.choices, default=Sits.SEAT)
    member_class = models.SlugField(max_length=40, blank=True)
    seats = models.PositiveSmallIntegerField()
    term_months = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=60)
    closes_at = models.DateTimeField()
    cancelled_because = models.TextField(blank=True)
    proposal = models.CharField(max_length=40, blank=True, help_text="Where it is voted on.")
    decision = models.CharField(max_length=100, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(seats__gte=1), name="circles_election_of_somebody"),
            models.UniqueConstraint(
                fields=["coop", "office", "sits", "member_class"], condition=Q(state__in=("open", "closed", "proposed")),
                name="circles_one_election_at_a_time",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["closes_at"], condition=Q(state="open"), name="circles_elections_to_close")]


class Nomination(CoopModel):
    """Somebody put forward, by themselves or by another member. They stand once they have said yes."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="nominations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    nominated_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField()
    reason = models.TextField(blank=True, help_text="Why, in the words of whoever put them forward.")
    statement = models.TextField(blank=True, help_text="What the candidate says.")
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "election", "person"], name="circles_nominated_once"),
            models.CheckConstraint(condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True), name="circles_yes_or_no"),
        ]

    @property
    def stands(self) -> bool:
        return self.accepted_at is not None


class Draw(CoopModel):
    """Seats filled by lot. Who is in it and what decides it are announced before; the result can be worked out by anybody."""

    class State(models.TextChoices):
        ANNOUNCED = "announced", _("announced")
        DRAWN = "drawn", _("drawn, and those drawn can say no")
        SEATED = "seated", _("those drawn sit")
        CANCELLED = "cancelled", _("called off")

    number = models.PositiveIntegerField()
    office = models.SlugField(max_length=40)
    seats = models.JSONField(help_text="How many are drawn, by class of members; under an empty name those open to all.")
    fills_all = models.BooleanField(help_text="Whether all seats are filled anew, and not only those nobody holds.")
    term_months = models.PositiveSmallIntegerField()
    decline_days = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=100, help_text="By which members chose the lot.")
    source = models.TextField(blank=True, help_text="The public value that decides; empty for the next seal.")
    draws_at = models.DateTimeField()
    roll_hash = models.CharField(max_length=64)
    roll_size = models.PositiveIntegerField()
    hash = models.CharField(max_length=64, help_text="Taken over all that was announced.")
    announced_at = models.DateTimeField()
    announced_by = models.CharField(max_length=60)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ANNOUNCED)
    # What a first person read in the public source; it counts when a second has read the same.
    read = models.CharField(max_length=400, blank=True)
    read_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    value = models.CharField(max_length=400, blank=True, help_text="What nobody knew when it was announced.")
    seed = models.CharField(max_length=64, blank=True)
    drawn_at = models.DateTimeField(null=True)
    drawn_by = models.CharField(max_length=60, blank=True)
    seated_at = models.DateTimeField(null=True)
    cancelled_because = models.TextField(blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "number"], name="circles_draw_number"),
            models.UniqueConstraint(
                fields=["coop", "office"], condition=Q(state__in=("announced", "drawn")), name="circles_one_draw_at_a_time"
            ),
            models.CheckConstraint(condition=Q(draws_at__gt=F("announced_at")), name="circles_draw_is_announced_before"),
            models.CheckConstraint(
                condition=Q(state="announced", seed="")
                | Q(state="cancelled")
                | (Q(state__in=("drawn", "seated"), drawn_at__gte=F("draws_at")) & ~Q(seed="") & ~Q(value="")),
                name="circles_drawn_with_a_seed",
            ),
            models.CheckConstraint(condition=~Q(state="cancelled") | ~Q(cancelled_because=""), name="circles_draw_off_why"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["draws_at"], condition=Q(state__in=("announced", "drawn")), name="circles_draws_to_keep"),
        ]  # fmt: skip

    @property
    def name(self) -> str:
        """Return what the offices of those drawn say they were named by."""
        return f"draw-{self.number}"

    def announced(self) -> dict[str, object]:
        """Return what the hash is taken over."""
        return {
            "coop": self.coop_id, "number": self.number, "office": self.office, "seats": self.seats, "fills_all": self.fills_all,
            "term_months": self.term_months, "decline_days": self.decline_days, "decision": self.decision, "source": self.source,
            "draws_at": self.draws_at.astimezone(UTC).isoformat(), "roll_hash": self.roll_hash, "roll_size": self.roll_size,
        }  # fmt: skip


class DrawEntry(CoopModel):
    """Somebody in a draw, as the register had them when it was announced. Append-only."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField(help_text="In the register of members: lists are published without names.")
    member_class = models.SlugField(max_length=40)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    in_bulk: ClassVar[bool] = True

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["draw", "number"], name="circles_drawn_from_once"),
            models.UniqueConstraint(fields=["draw", "person"], name="circles_one_chance_each"),
        ]

    @property
    def ticket(self) -> Ticket:
        return Ticket(self.number, self.member_class)


class Asked(CoopModel):
    """Somebody whom the lot fell on, and until when they can say no. Silence is a yes."""

    entry = models.OneToOneField(DrawEntry, models.PROTECT, related_name="asked")
    asked_at = models.DateTimeField()
    answer_until = models.DateTimeField()
    declined_at = models.DateTimeField(null=True, help_text="When they said no, or had left the co-op meanwhile.")
