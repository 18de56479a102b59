from django.db import models

from toadlane.democracy.proposals.models import Proposal
from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person


class SecretAsked(CoopModel):
    """A member asks for a secret vote on a proposal. How many did is shown, and who is not."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "proposal", "membership"], name="ballots_secret_asked_once"),
        ]  # fmt: skip
