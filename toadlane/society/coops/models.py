from django.db import models
from django.utils.functional import cached_property

from toadlane.plumbing.files import queries as files
from toadlane.plumbing.files.models import Picture
from toadlane.plumbing.files.queries import Sources
from toadlane.plumbing.tenancy.models import Tenant


class Coop(models.Model):
    """A co-op as the street sees it. Its rules are in `bylaws`, its people in `members`."""

    tenant = models.OneToOneField(Tenant, models.PROTECT, primary_key=True, related_name="+")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    host = models.CharField(max_length=253, unique=True, null=True, blank=True, help_text="Its own host name, if it has one.")
    tagline = models.CharField(max_length=160, blank=True)
    about = models.TextField(blank=True)
    sector = models.CharField(max_length=40, blank=True)
    blueprint = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=10, default="en")
    country = models.CharField(max_length=2, blank=True)
    time_zone = models.CharField(max_length=40, default="UTC")
    place = models.CharField(max_length=120, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    legal_name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=200, blank=True)
    picture = models.CharField(max_length=40, blank=True, help_text="Which drawing stands in its window.")
    logo = models.ForeignKey(Picture, models.SET_NULL, null=True, blank=True, related_name="+")
    theme = models.JSONField(default=dict, help_text="Design tokens: paint, on-paint, accent, fascia, tint, spot.")
    words = models.JSONField(default=dict, help_text="What it calls things, by language: {'en': {'worker': 'cleaner'}}.")
    config = models.JSONField(default=dict, help_text="Blueprint data copied at founding: processes, listing kinds, checklists.")
    founded_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @cached_property
    def sign(self) -> Sources | None:
        """Return the logo as pages show it. Asked inside the co-op only: elsewhere its pictures are not to be seen."""
        return files.sources(self.logo, alt="") if self.logo_id and self.logo else None

    @property
    def is_sandbox(self) -> bool:
        return self.tenant.is_sandbox
