"""How one can pay here."""

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from toadlane.money.payments.models import Method, Payment, Provider, Voucher
from toadlane.money.payments.rules import NOBODY, known
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops

# A sandbox never becomes a real co-op: asking once is enough.
_sandboxes: set[int] = set()


def methods() -> list[str]:
    """Return the ways to pay this co-op: by card where somebody takes cards for it."""
    named = {Method.CARD: bool(card_provider()), Method.TRANSFER: True, Method.CASH: True, Method.VOUCHER: takes_vouchers()}
    # Credit is nobody's who is no member: the page of a checkout asks for it by itself.
    return [method for method, is_offered in named.items() if is_offered]


def takes_vouchers() -> bool:
    """Whether the members have decided to take vouchers as money."""
    return bool(bylaws.book().maybe("pay.vouchers"))


def vouchers_of(payments: Iterable[Payment]) -> dict[UUID, list[str]]:
    """Return the numbers of the vouchers that were taken for payments, in one statement."""
    asked = [one.pk for one in payments if one.method == Method.VOUCHER]
    found: dict[UUID, list[str]] = {}
    rows = Voucher.objects.filter(payment_id__in=asked, let_go_at=None).order_by("number") if asked else ()
    for row in rows:
        found.setdefault(row.payment_id, []).append(row.number)
    return found


def provider_for(method: str) -> str:
    """Return who is paid in a way: who takes cards now, the one provider that a way is for, or people by hand."""
    if method == Method.CARD:
        return card_provider()
    return next((name for name, one in known.providers().items() if one.method == method), str(Provider.MANUAL))


def serves(provider: str, method: str) -> bool:
    """Whether a provider is for a way of paying."""
    if method != Method.CARD:
        return provider == provider_for(method)
    return provider != Provider.MANUAL and not known.providers()[provider].method


def card_provider() -> str:
    """Return who takes cards for this co-op: whom its bylaws name, if the operator has set them up; else a sandbox pretends.

    Where the operator has set nobody up, the bylaws are not even asked.
    """
    if any(one.is_begun(settings.TOADLANE_PROVIDERS) for one in known.providers().values()):
        chosen = bylaws.book().value("pay.cards")
        if chosen != NOBODY and is_set_up(chosen):
            return str(chosen)
    return Provider.SANDBOX if is_sandbox() else ""


def is_sandbox() -> bool:
    coop_id = current_coop_id()
    if coop_id not in _sandboxes and Tenant.objects.filter(pk=coop_id, is_sandbox=True).exists():
        _sandboxes.add(coop_id)
    return coop_id in _sandboxes


def is_set_up(provider: str) -> bool:
    """Whether the operator has given what a provider asks for, for this co-op."""
    return provider in known.providers() and not faults_of(provider)


def faults_of(provider: str) -> list[str]:
    """Return what the operator has still to set before this co-op can use a provider, as the names of settings."""
    one = known.providers()[provider]
    slug = coops.of_scope(current_coop_id()).slug
    missing = [asked.name for asked in one.missing(settings.TOADLANE_PROVIDERS, slug)]
    trying = [asked.name for asked in one.settings if _is_for_trying(one.value(settings.TOADLANE_PROVIDERS, asked.name, slug))]
    # Whoever moves no money never says "paid" to a real co-op, and no real money comes into a sandbox.
    keyed = [asked for asked in one.settings if any("_test_" in start for start in asked.begins)]
    return missing or ([asked.name for asked in keyed] if keyed and bool(trying) != is_sandbox() else [])


def setting_of(provider: str, name: str) -> str:
    """Return a setting of a provider as it is for this co-op."""
    return known.providers()[provider].value(settings.TOADLANE_PROVIDERS, name, coops.of_scope(current_coop_id()).slug)


def hint_of(provider: str, setting: str) -> str:
    """Return what the operator is told about a setting that is missing or cannot be meant."""
    return next((one.hint for one in known.providers()[provider].settings if one.name == setting), "")


# Money in people's hands, by the sub-ledger that it stands in until it is at the bank.
IN_HAND = (f"{Provider.MANUAL}:{Method.CASH}", f"{Provider.MANUAL}:{Method.VOUCHER}")


def title_of(provider: str) -> str:
    if provider in IN_HAND:
        return {IN_HAND[0]: _("Cash in hand"), IN_HAND[1]: _("Vouchers in hand")}[provider]
    return known.providers()[provider].title if provider in known.providers() else provider


def _is_for_trying(value: str) -> bool:
    return "_test_" in value


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
    """Where a transfer goes: the account of a member, or the co-op's own."""

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
