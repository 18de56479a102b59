"""Seals over what was written down, each chained to the one before it and signed."""

from datetime import UTC

from django.db import models

from toadlane.plumbing.tenancy.models import CoopModel


class RecordSeal(CoopModel):
    """Everything of a co-op that is dated after the seal before and not after `until`: nothing of it may change, go, or come."""

    number = models.PositiveIntegerField()
    until = models.DateTimeField()
    parts = models.JSONField(help_text="How many rows of each source, and the Merkle root over their digests.")
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    key_id = models.CharField(max_length=16, help_text="Beginning of the digest of the public key.")

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "number"], name="sealing_number")]

    def contents(self) -> dict[str, object]:
        """Return what the hash and the signature are taken over."""
        return {
            "coop": self.coop_id, "number": self.number, "until": self.until.astimezone(UTC).isoformat(), "parts": self.parts,
            "previous": self.previous_hash,
        }  # fmt: skip


class SealedPart(CoopModel):
    """The digests of one source under a seal, so that a row that is not what it was can be named."""

    seal = models.ForeignKey(RecordSeal, models.PROTECT, related_name="sealed")
    source = models.CharField(max_length=60)
    digests = models.TextField(help_text="On each line the key of a row and its digest.")  # None, where it was sealed empty.

    class Meta(CoopModel.Meta):
        constraints = [models.UniqueConstraint(fields=["seal", "source"], name="sealing_part_once")]

    def lines(self) -> list[tuple[int, str]]:
        pairs = (line.split(" ") for line in self.digests.split("\n") if line)
        return [(int(pk), digest) for pk, digest in pairs]
