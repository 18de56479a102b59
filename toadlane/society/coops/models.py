import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.functional import cached_property

from toadlane.plumbing.files import queries as files
from toadlane.plumbing.files.models import Picture
from toadlane.plumbing.files.queries import Sources
from toadlane.plumbing.tenancy.models import Tenant

# Set-ups as they were read, by their digests: each stands for one document whatever becomes of a co-op.
_setups: dict[str, Mapping[str, Any]] = {}
MOST_SETUPS = 512


def digest(config: object) -> str:
    return hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()


class Digest(models.CharField[str, str]):
    """The digest of the set-up it stands beside, made whenever both are written."""

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        if "config" not in model_instance.get_deferred_fields():
            setattr(model_instance, self.attname, digest(model_instance.config))
        return super().pre_save(model_instance, add)


class Coops(models.Manager["Coop"]):
    """Leaves a co-op's set-up where it is: ten thousand letters that every request would read and hardly one needs."""

    def get_queryset(self) -> models.QuerySet["Coop"]:
        return super().get_queryset().defer("config")


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
    config_digest = Digest(max_length=64, default="", editable=False)
    founded_at = models.DateTimeField(null=True)

    objects = Coops()

    def __str__(self) -> str:
        return self.name

    @property
    def setup(self) -> Mapping[str, Any]:
        """The `config`, for reading alone: it is the same object for everybody who asks."""
        if (known := _setups.get(self.config_digest)) is not None:
            return known
        if len(_setups) >= MOST_SETUPS:
            _setups.clear()
        # By what it is and not by what it was called: it may have been changed since this row was read.
        return _setups.setdefault(digest(self.config), self.config)

    @cached_property
    def sign(self) -> Sources | None:
        """Return the logo as pages show it. Asked inside the co-op only: elsewhere its pictures are not to be seen."""
        return files.sources(self.logo, alt="") if self.logo_id and self.logo else None

    @property
    def is_sandbox(self) -> bool:
        return self.tenant.is_sandbox
