"""How one can pay here."""

import base64
from uuid import UUID

from toadlane.money.payments.models import Method
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id

# A sandbox never becomes a real co-op: asking once is enough.
_sandboxes: set[int] = set()


def methods() -> list[str]:
    """Return the ways to pay this co-op. Cards are for sandboxes, until a card company that moves money is set up."""
    coop_id = current_coop_id()
    if coop_id not in _sandboxes and Tenant.objects.filter(pk=coop_id, is_sandbox=True).exists():
        _sandboxes.add(coop_id)
    return [*([Method.CARD] if coop_id in _sandboxes else []), Method.TRANSFER, Method.CASH]


def forget_sandboxes() -> None:
    """For tests, whose co-ops come and go."""
    _sandboxes.clear()


def reference_of(payment_id: UUID) -> str:
    """Return what a payer writes on a transfer: short, without letters that look alike."""
    # The end of the id is the random part.
    code = base64.b32encode(payment_id.bytes[-5:]).decode()
    return f"TL-{code[:4]}-{code[4:]}"
