"""Pictures anyone may look at, and documents that only those concerned may open."""

from __future__ import annotations

from django.db import models

from toadlane.plumbing.tenancy.models import CoopModel


class Picture(CoopModel):
    """A photo as we keep it: re-encoded, without its camera data, in several widths. Its address is its contents."""

    key = models.CharField(max_length=64, help_text="SHA-256 of the bytes that were sent.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    widths = models.JSONField(default=list, help_text="The widths we made, smallest first.")
    tone = models.CharField(max_length=7, default="#d9d2c3", help_text="Its average color, shown until it has loaded.")
    sender = models.CharField(max_length=60, help_text="Who sent it: ids, never a name.")
    added_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="files_one_picture"),
            models.CheckConstraint(condition=models.Q(width__gt=0, height__gt=0), name="files_picture_has_size"),
        ]

    def __str__(self) -> str:
        return self.key[:12]


class Document(CoopModel):
    """An attachment. Who may open it is answered by the room that its subject belongs to."""

    key = models.CharField(max_length=64, db_index=True)
    subject = models.CharField(max_length=80, db_index=True, help_text="What it hangs on: `order:12`, `complaint:4`.")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size_bytes = models.PositiveIntegerField()
    sender = models.CharField(max_length=60)
    added_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name
