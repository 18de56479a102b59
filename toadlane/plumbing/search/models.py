"""What the PostgreSQL engine keeps. All of it can be rebuilt from the listings."""

from __future__ import annotations

from typing import Any

from django.db import models

from toadlane.plumbing.tenancy.models import CoopModel


class Words(models.TextField[str | None, str | None]):
    """Folded words with their weights: a `tsvector`, which only PostgreSQL has and only its engine fills."""

    def db_type(self, connection: Any) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"


class Weighed(models.Func):
    """The words of a title (A) and of a text (C), both folded: `simple` then treats every language alike."""

    output_field = Words()
    arg_joiner = "), 'A') || setweight(to_tsvector('simple', "
    template = "(setweight(to_tsvector('simple', %(expressions)s), 'C'))"


class Entry(CoopModel):
    """One listing as the PostgreSQL engine searches it: words, price, place and facets.

    What is filtered by lies in the row, and the texts themselves do not: thousands of rows are read to find a page of them.
    The GIN index of `words` is made in the migrations.
    """

    document_id = models.PositiveBigIntegerField()
    words = Words(null=True)
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
