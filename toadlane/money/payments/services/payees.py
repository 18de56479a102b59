"""Whom a provider pays: members say to it, on its own page, who they are and where their bank is."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.money.payments import queries
from toadlane.money.payments.models import Payee
from toadlane.money.payments.permissions import ONBOARD, RECONCILE
from toadlane.money.payments.services.asking import outside_transactions, provider_of
from toadlane.money.payments.services.once import first
from toadlane.money.payments.services.providers import NoAnswer, PaymentProvider
from toadlane.plumbing.access.principals import Principal


class NoPayees(Expected):
    words = _("Payouts here go to the bank account you gave.")


class NotReached(Expected):
    words = _("The card company cannot be reached just now.")
    hint = _("Nothing is lost. Try again in a few minutes.")  # type: ignore[assignment]
    status = 503


def onboard(
    *, holder: str, name: str, email: str, country: str, back: str, by: Principal, at: datetime
) -> str:  # fmt: skip
    """Return the address of the provider's page where a payee says who they are. Never inside a transaction.

    An account is opened the first time. The address is good for minutes and for one visit: it is asked for anew each time.

    :param holder: `membership:7`
    :raises NoPayees: when the co-op's provider pays to bank accounts
    :raises NotReached: when it does not answer
    """
    by.must(ONBOARD, holder)
    outside_transactions()
    chosen = queries.card_provider()
    provider = provider_of(chosen) if chosen else PaymentProvider()
    if not provider.needs_payees:
        raise NoPayees
    payee, _new = first(Payee(provider=chosen, holder=holder, asked_at=at), unique="provider, holder")
    try:
        if not payee.account:
            # The same payee is the same account, however often the answer is lost.
            key = f"payee:{payee.coop_id}:{holder}"
            account = provider.open_account(key=key, holder=holder, name=name, email=email, country=country)
            _mine(payee).filter(account="").update(account=account)
            payee.account = account
        return provider.onboarding(account=payee.account, back=back)
    except (NoAnswer, OSError) as error:
        raise NotReached from error


def look_at_payee(*, provider: str, account: str, by: Principal, at: datetime) -> None:
    """Ask the provider how a payee's account stands, and keep it. Never inside a transaction.

    :raises NoAnswer: when it does not answer
    """
    by.must(RECONCILE)
    outside_transactions()
    payees = Payee.objects.filter(provider=provider, account=account).exclude(account="")
    if payees.exists():
        standing = provider_of(provider).standing(account=account)
        payees.update(is_ready=standing.is_ready, trouble=standing.trouble[:200], seen_at=at)


def came_from_onboarding(*, holder: str, by: Principal, at: datetime) -> Payee | None:
    """Look at a payee who comes back from the provider's page. Silence is no matter: a notice or the next visit tells."""
    by.must(ONBOARD, holder)
    payee = Payee.objects.filter(provider=queries.card_provider(), holder=holder).exclude(account="").first()
    if payee is None:
        return None
    try:
        look_at_payee(provider=payee.provider, account=payee.account, by=Principal.job(by.coop_id), at=at)
    except (NoAnswer, OSError):
        return payee
    payee.refresh_from_db()
    return payee


def _mine(payee: Payee) -> "QuerySet[Payee]":
    return Payee.objects.filter(provider=payee.provider, holder=payee.holder)
