"""What a secret vote leaves behind: three things, and nothing leads from one to the other.

That somebody on the roll has voted (`Mark`, later `TookPart`), what was voted (`Slip`, later `Paper`), and the digest of
the voter's receipt, on the `Board`. None of them has a time, and none a number that says in which order votes came in:
marks and slips are made for the whole roll when the ballot opens, are stirred with every vote, and are written anew,
sorted, when it closes.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from toadlane.democracy.ballots.models.ballots import Ballot, RollEntry
from toadlane.plumbing.tenancy.models import CoopModel, coop_of_parent


class Mark(CoopModel):
    """Whether an entry has voted in a secret ballot that is open. Made for the whole roll at once."""

    coop = coop_of_parent()
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    entry = models.OneToOneField(RollEntry, models.PROTECT, related_name="mark", db_constraint=False)
    place = models.PositiveIntegerField()
    has_voted = models.BooleanField(default=False)

    in_bulk: ClassVar[bool] = True

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["ballot", "place"], name="ballots_mark_place")]


class Slip(CoopModel):
    """A secret vote while the ballot is open: sealed, among as many slips as there are entries."""

    coop = coop_of_parent()
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    drawer = models.PositiveIntegerField()
    is_empty = models.BooleanField(default=True)
    # Always of the same length; an empty one holds noise.
    sealed = models.BinaryField()

    in_bulk: ClassVar[bool] = True

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["ballot", "drawer"], name="ballots_slip_drawer")]
        indexes = [models.Index(fields=["ballot", "drawer"], condition=Q(is_empty=True), name="ballots_empty_slips")]


class TookPart(CoopModel):
    """Who took part in a ballot that is closed: written in the order of the roll, all at once."""

    coop = coop_of_parent()
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    entry = models.OneToOneField(RollEntry, models.PROTECT, related_name="took_part", db_constraint=False)

    in_bulk: ClassVar[bool] = True

    class Meta(CoopModel.Meta):
        indexes = [models.Index(fields=["ballot"], name="ballots_took_part")]


class Paper(CoopModel):
    """What was voted in a secret ballot that is closed: equal papers counted together, sorted, written all at once."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="papers")
    college = models.CharField(max_length=40)
    weight = models.PositiveIntegerField()
    choice = models.TextField()
    count = models.PositiveIntegerField()

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["ballot", "college", "weight", "choice"], name="ballots_papers_together"),
            models.CheckConstraint(condition=Q(count__gt=0), name="ballots_papers_counted"),
        ]


class Board(CoopModel):
    """The public board of a closed ballot: a digest for each vote, sorted. A voter finds their own by their receipt."""

    ballot = models.OneToOneField(Ballot, models.PROTECT, related_name="board")
    digests = models.TextField(help_text="One on each line, in alphabetical order.")
    count = models.PositiveIntegerField()
    root = models.CharField(max_length=64, help_text="The Merkle root over them.")

    def lines(self) -> list[str]:
        return self.digests.split("\n") if self.digests else []


class Rounds(CoopModel):
    """The log of a count, round by round: too long for the page of the ballot, and read by its own."""

    ballot = models.OneToOneField(Ballot, models.PROTECT, related_name="rounds")
    log = models.JSONField()
