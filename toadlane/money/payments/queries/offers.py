"""How one can pay here."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True)
class Account:
    """Where a transfer goes: the co-op's own account at its bank."""

    name: str
    iban: str

    @property
    def number(self) -> str:
        """Return the number in groups of four, as people copy it."""
        return " ".join(self.iban[n : n + 4] for n in range(0, len(self.iban), 4))


Find = Callable[[datetime], Account | None]
_account: Find | None = None


def declare_account(find: Find) -> None:
    """Let the room above say which account is the co-op's own; called once, in its `wiring`."""
    global _account  # noqa: PLW0603
    assert _account is None, "the account has an owner already"
    _account = find


def account(at: datetime) -> Account | None:
    """Return where a transfer to this co-op goes, or None while it has named no account, or has just changed it."""
    return _account(at) if _account else None
