"""From an idea to a rule in force: what was proposed, what was said, what was decided, and what came of it."""

from __future__ import annotations

from datetime import UTC

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.tenancy.models import CoopModel
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person
from toadlane.society.simulations.models import Simulation


class Stage(models.TextChoices):
    IDEA = "idea", _("Idea")
    DISCUSSION = "discussion", _("Being talked about")
    PROPOSAL = "proposal", _("Waiting for the vote")
    VOTING = "voting", _("Being voted on")
    COOLING = "cooling", _("Passed, not yet in force")
    IN_FORCE = "in_force", _("In force")
    HALTED = "halted", _("Suspended")
    FAILED = "failed", _("Passed, and could not be carried out")
    ANNULLED = "annulled", _("Annulled")
    REJECTED = "rejected", _("Rejected")
    BLOCKED = "blocked", _("Blocked")
    VOID = "void", _("Void")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# Before the vote: here it can be talked about, amended and withdrawn.
OPEN = (Stage.IDEA, Stage.DISCUSSION, Stage.PROPOSAL)
# The vote is over and nothing came of it.
LOST = (Stage.REJECTED, Stage.BLOCKED, Stage.VOID, Stage.EXPIRED)
# The members said no. Where too few took part, or the vote was void, they said nothing.
VOTED_DOWN = (Stage.REJECTED, Stage.BLOCKED)
PASSED = (Stage.COOLING, Stage.IN_FORCE, Stage.HALTED, Stage.FAILED, Stage.ANNULLED)


class Outcome(models.TextChoices):
    PASSED = "passed", _("Passed")
    REJECTED = "rejected", _("Rejected")
    BLOCKED = "blocked", _("Blocked")
    VOID = "void", _("Void")
    EXPIRED = "expired", _("Too few took part")


class Proposal(CoopModel):
    """One thing, or several that go together, for the members to decide."""

    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=400, blank=True)
    text = models.TextField(blank=True, max_length=20_000, help_text="Why, in Markdown.")
    # [{"kind": "patch", "payload": {...}}, ...]: what would happen. Voted on as it stands here, and hashed.
    contents = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    procedure = models.CharField(max_length=60, help_text="The way of deciding, as the bylaws name it.")
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.IDEA)
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    author_person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=120)
    is_petition = models.BooleanField(default=False, help_text="Opens by its signatures alone, and its words are fixed.")
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    # Each is set when its stage begins; a notice is given again when what would change has moved.
    opened_at = models.DateTimeField(null=True, blank=True)
    talk_until = models.DateTimeField(null=True, blank=True)
    noticed_at = models.DateTimeField(null=True, blank=True)
    vote_from = models.DateTimeField(null=True, blank=True)
    voting_from = models.DateTimeField(null=True, blank=True)
    voting_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ballot = models.CharField(max_length=60, blank=True, help_text="The name of the ballot: ballots live above this room.")
    stuck_because = models.TextField(blank=True, help_text="What has moved since it was written, for its authors to mend.")
    # A new vote on a decision that members had suspended; a repair of one that could not be carried out.
    about_decision = models.CharField(max_length=40, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "number"], name="proposals_number"),
            models.CheckConstraint(
                condition=~Q(stage="voting") | Q(voting_from__isnull=False, voting_until__isnull=False),
                name="proposals_a_vote_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(stage="proposal") | Q(noticed_at__isnull=False, vote_from__isnull=False),
                name="proposals_a_vote_is_announced",
            ),
        ]
        indexes = [models.Index(fields=["coop", "stage"], name="proposals_by_stage")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN


class Draft(CoopModel):
    """What somebody is writing and has not brought forward yet. Nobody else reads it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    parts = models.JSONField(default=list, help_text="Parts of a proposal, of which some may still be open questions.")
    words = models.JSONField(default=dict, help_text="Title, summary and text.")
    begun_at = models.DateTimeField()
    kept_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        indexes = [models.Index(fields=["coop", "person", "-kept_at"], name="proposals_drafts_of")]


class Revision(CoopModel):
    """How a proposal read at a time. Every version is kept."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=400, blank=True)
    text = models.TextField(blank=True)
    contents = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    # What it would have done to last year's orders, frozen, where it touches money.
    simulation = models.ForeignKey(Simulation, models.PROTECT, null=True, blank=True, related_name="+")
    because = models.CharField(max_length=400, blank=True)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=60)
    written_name = models.CharField(max_length=160, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "proposal", "number"], name="proposals_revision_number")]


class Support(CoopModel):
    """A member's name under a proposal, or under the demand to suspend a decision; one each."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("author")
        SPONSOR = "sponsor", _("sponsor")
        SUPPORT = "support", _("supports it")
        SUSPEND = "suspend", _("asks to suspend the decision")

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="supports")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    member_class = models.SlugField(max_length=40)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.SUPPORT)
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [
            # Whoever proposed may also ask to suspend what came of it: two questions, one name under each.
            models.UniqueConstraint(
                fields=["coop", "proposal", "membership"], condition=~Q(role="suspend"), name="proposals_support_once"
            ),
            models.UniqueConstraint(
                fields=["coop", "proposal", "membership"], condition=Q(role="suspend"), name="proposals_suspend_once"
            ),
        ]  # fmt: skip


class Contribution(CoopModel):
    """What a member said about it."""

    class Side(models.TextChoices):
        FOR = "for", _("For")
        AGAINST = "against", _("Against")
        QUESTION = "question", _("Question")
        PLAIN = "plain", _("Remark")

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="contributions")
    side = models.CharField(max_length=8, choices=Side.choices, default=Side.PLAIN)
    text = models.TextField(max_length=4000)
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    name = models.CharField(max_length=160, help_text="As the others read it.")
    revision = models.PositiveIntegerField(help_text="Which version of the proposal it is about.")
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=60)
    hidden_because = models.TextField(blank=True, help_text="A moderator's reasons; while there are some, nobody reads it.")

    class Meta(CoopModel.Meta):
        ordering = ("said_at", "pk")
        indexes = [models.Index(fields=["coop", "proposal", "id"], name="proposals_said_in_order")]


class Summary(CoopModel):
    """Where the talk stands, in a few sentences, for whoever comes late."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="summaries")
    text = models.TextField(max_length=4000)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=60)
    name = models.CharField(max_length=160)

    class Meta(CoopModel.Meta):
        ordering = ("-written_at", "-pk")


class Amendment(CoopModel):
    """A change of the proposal itself, offered to its authors."""

    class State(models.TextChoices):
        OFFERED = "offered", _("waiting for the authors")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")
        OVERTAKEN = "overtaken", _("overtaken by another change")

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="amendments")
    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(help_text="Which version it would change.")
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=400, blank=True)
    text = models.TextField(blank=True, max_length=20_000)
    contents = models.JSONField(default=list)
    why = models.TextField(max_length=4000)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    offered_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OFFERED)
    answer = models.TextField(blank=True, max_length=4000)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["coop", "proposal", "number"], name="proposals_amendment_number"),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(answer=""), name="proposals_declined_with_reasons"),
        ]


class Decision(CoopModel):
    """What the members decided. The database refuses to change it, to drop it, or to fork after it."""

    number = models.PositiveIntegerField(help_text="In the chain of all decisions of this co-op.")
    name = models.CharField(max_length=40, help_text="Like 2027-4; rules and payments name it for ever.")
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    kinds = models.CharField(max_length=300, help_text="What it is about, for finding it again: `,patch,elect,`.")
    title = models.CharField(max_length=160)
    contents = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    procedure = models.CharField(max_length=60)
    terms = models.JSONField(default=dict, help_text="The procedure as it stood when the vote began.")
    bylaws_version = models.PositiveIntegerField()
    figures = models.JSONField(default=dict)
    result = models.JSONField(default=dict, help_text="What the ballot told: its name, hashes, plain words, who is elected.")
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "number"], name="proposals_decision_number"),
            models.UniqueConstraint(fields=["coop", "name"], name="proposals_decision_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.title}"

    @property
    def has_passed(self) -> bool:
        return self.outcome == Outcome.PASSED

    def hashed(self) -> dict[str, object]:
        """Return what the hash is taken over."""
        return {
            "coop": self.coop_id, "number": self.number, "name": self.name, "proposal": self.proposal.number,
            "outcome": self.outcome, "title": self.title, "contents": self.contents, "content_hash": self.content_hash,
            "procedure": self.procedure, "terms": self.terms, "bylaws_version": self.bylaws_version, "figures": self.figures,
            "result": self.result, "decided_at": self.decided_at.astimezone(UTC).isoformat(), "decided_by": self.decided_by,
            "previous": self.previous_hash,
        }  # fmt: skip


class Enactment(CoopModel):
    """A passed decision on its way into force: once, on its day, or visibly not."""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("takes effect on its day")
        ENACTED = "enacted", _("in force")
        HALTED = "halted", _("suspended")
        FAILED = "failed", _("could not be carried out")
        ANNULLED = "annulled", _("annulled")

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="enactment")
    state = models.CharField(max_length=9, choices=State.choices, default=State.SCHEDULED)
    effective_on = models.DateField()
    due_at = models.DateTimeField(help_text="The first instant of that day where the co-op is.")
    appeal_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, help_text="Why it could not be carried out, as everybody reads it.")
    error_code = models.CharField(max_length=60, blank=True)
    enacted_at = models.DateTimeField(null=True, blank=True)
    bylaws_version = models.PositiveIntegerField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="enacted") | Q(enacted_at__isnull=False), name="proposals_enacted_at_an_instant"
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="proposals_failed_with_a_reason"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="scheduled"), name="proposals_due"),
        ]


class Appeal(CoopModel):
    """The one whom a decision is about asks the appeals committee to look at it again."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for the committee")
        UPHELD = "upheld", _("upheld: the decision is annulled")
        DISMISSED = "dismissed", _("dismissed: the decision stands")
        LAPSED = "lapsed", _("not decided in time")

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="appeals")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    text = models.TextField(max_length=4000)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    suspended_at = models.DateTimeField(null=True, blank=True)
    decide_by = models.DateTimeField(null=True, blank=True, help_text="Until when the committee decides.")
    on_silence = models.CharField(max_length=6, default="falls", help_text="What the bylaws said of silence on that day.")
    reasons = models.TextField(blank=True, max_length=4000)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "decision", "membership"], name="proposals_one_appeal_each"),
            models.CheckConstraint(condition=Q(state="open") | ~Q(reasons=""), name="proposals_an_appeal_is_reasoned"),
        ]


class Pause(CoopModel):
    """Guardians gather their signatures to pause one action for one cause. Enough of them, and it is paused at once."""

    action = models.CharField(max_length=40)
    cause = models.CharField(max_length=100)
    reasons = models.TextField(max_length=4000)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    needed = models.PositiveSmallIntegerField()
    put_on_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta(CoopModel.Meta):
        ordering = ("-asked_at", "-pk")
        constraints = [models.UniqueConstraint(fields=["coop", "action", "cause"], name="proposals_paused_once_a_cause")]


class PauseSignature(CoopModel):
    pause = models.ForeignKey(Pause, models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "pause", "person"], name="proposals_a_guardian_signs_once")]


class Moment(CoopModel):
    """A dated line in the story of a proposal: who did what. Never changed."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="moments")
    deed = models.CharField(max_length=30)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    name = models.CharField(max_length=160, blank=True)
    facts = models.JSONField(default=dict)

    class Meta(CoopModel.Meta):
        ordering = ("at", "pk")
