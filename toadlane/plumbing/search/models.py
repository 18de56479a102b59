"""What the PostgreSQL engine keeps. All of it can be rebuilt from the listings."""

from __future__ import annotations

from django.db import models

from toadlane.plumbing.tenancy.models import CoopModel


class Entry(CoopModel):
    """One listing as the PostgreSQL engine searches it: folded text, price, place and facets.

    The database itself adds a generated `words` column (tsvector) and its GIN index; see the migration.
    """

    document_id = models.PositiveBigIntegerField()
    title = models.TextField()
    body = models.TextField()
    facets = models.JSONField(default=list, help_text="`field=value`, folded.")
    price_minor = models.BigIntegerField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta(CoopModel.Meta):
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["coop", "document_id"], name="search_one_entry")]
        indexes = [
            models.Index(fields=["coop", "latitude", "longitude"], name="search_place"),
            models.Index(fields=["coop", "price_minor"], name="search_price"),
        ]
