"""What came pays what is owed, the oldest first. An instrument: whoever calls holds the co-op's lock."""

from toadlane.ownership.dues import policies
from toadlane.ownership.dues.models import Claim, Remittance
from toadlane.ownership.dues.queries import open_claims


def spend(membership_id: int) -> None:
    """Let what a member has paid and nothing used yet pay their open claims."""
    for one in Remittance.objects.filter(membership_id=membership_id, state=Remittance.State.PAID).order_by("paid_at", "pk"):
        if one.left_minor <= 0:
            continue
        owed = {claim.pk: claim for claim in open_claims(membership_ids=[membership_id])}
        parts, over = policies.allot(one.left_minor, [(pk, claim.left.minor) for pk, claim in owed.items()])
        for pk, part in parts.items():
            Claim.objects.filter(pk=pk).update(paid_minor=owed[pk].paid_minor + part)
        Remittance.objects.filter(pk=one.pk).update(used_minor=one.used_minor + one.left_minor - over)
