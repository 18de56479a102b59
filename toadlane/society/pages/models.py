from django.db import models
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.tenancy.models import CoopModel


class Place(models.TextChoices):
    """Where a page is linked from."""

    NOWHERE = "nowhere", _("Nowhere: only who has the address finds it")
    BOARD = "board", _("On the board over the door")
    FOOT = "foot", _("At the foot of every page")


class Page(CoopModel):
    """A page that the co-op wrote itself. What it says is its latest version; earlier ones are kept."""

    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    text = models.TextField(help_text="Markdown.")
    place = models.CharField(max_length=10, choices=Place.choices, default=Place.NOWHERE)
    position = models.PositiveSmallIntegerField(default=50)
    is_up = models.BooleanField(default=True)
    number = models.PositiveIntegerField(default=1, help_text="The number of its latest version.")
    changed_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "slug"], name="pages_one_slug"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="pages_number_from_one"),
        ]
        indexes = [models.Index(fields=["coop", "place", "position"], name="pages_by_place")]

    def __str__(self) -> str:
        return self.title


class PageVersion(CoopModel):
    """What a page said, from one moment on. Never changed: triggers say so."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    by = models.CharField(max_length=60)
    person_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="pages_version_number")]
