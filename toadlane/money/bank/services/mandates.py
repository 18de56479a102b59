"""Mandates: whoever pays lets the co-op debit an account, and takes that back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel import ids
from toadlane.kernel.errors import Expected
from toadlane.money.bank import queries
from toadlane.money.bank.events import MandateEnded, MandateGiven
from toadlane.money.bank.models import Creditor, Mandate
from toadlane.money.bank.permissions import COOPS_OWN, OWN
from toadlane.money.bank.services.details import NameNeeded, NotAnIban
from toadlane.money.payments.policies import accounts
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person

LAPSED = "lapsed"


class NotACreditor(Expected):
    words = lazy("This is not a creditor identifier. Look at it again: its check digits do not fit.")
    hint = lazy("It begins with a country, as in DE98ZZZ09999999999; your bank or central bank gave it to you.")  # type: ignore[assignment]
    status = 422
    field = "identifier"


class NotReached(Expected):
    words = lazy("Direct debits in euro do not reach an account in this country.")
    status = 422
    field = "iban"


class NoDebits(Expected):
    words = lazy("The co-op collects nothing by direct debit: it has given no creditor identifier.")


class Ended(Expected):
    words = lazy("This mandate has ended already.")


@transaction.atomic
def identify(*, identifier: str, by: Principal, at: datetime) -> Creditor:
    """Say by which identifier the co-op is known to those whom it debits.

    :raises NotACreditor: when its check digits do not fit
    """
    by.must(COOPS_OWN)
    plain = accounts.creditor(identifier)
    if not plain:
        raise NotACreditor
    Tenant.lock_current()
    before = queries.creditor()
    if before and before.identifier == plain:
        return before
    return Creditor.objects.create(identifier=plain, given_at=at, given_by=str(by))


@transaction.atomic
def sign(*, payer: Membership | Person, name: str, iban: str, by: Principal, at: datetime) -> Mandate:
    """Let the co-op debit an account. Another mandate of the same payer ends with it; the same account again changes nothing.

    :param payer: a member, or a person who pays here and is none
    :raises NotAnIban, NameNeeded, NotReached: and NoDebits where the co-op has no creditor identifier
    """
    by.must(OWN, payer)
    if not name.strip():
        raise NameNeeded
    number = accounts.iban(iban)
    if not number:
        raise NotAnIban
    if not accounts.takes_sepa(number):
        raise NotReached
    Tenant.lock_current()
    creditor = queries.creditor()
    if creditor is None:
        raise NoDebits
    is_member = isinstance(payer, Membership)
    whose = {"membership_id": payer.pk} if is_member else {"person_id": payer.pk}
    before = Mandate.objects.filter(**whose, ended_at=None).first()
    if before:
        is_active = before.pk in {one.pk for one in queries.active_mandates_of(payer, at)}
        if is_active and (before.iban, before.name, before.creditor) == (number, name.strip(), creditor.identifier):
            return before
        Mandate.objects.filter(pk=before.pk).update(ended_at=at, ended_by=str(by) if is_active else LAPSED)
        if is_active:
            events.publish(MandateEnded(mandate_id=before.pk))
    made = Mandate.objects.create(
        **whose, name=name.strip()[:70], iban=number, creditor=creditor.identifier, text=queries.words_of(creditor.identifier),
        reference=f"DD{'' if is_member else 'P'}{payer.pk}-{ids.new().hex[-12:]}".upper(), language=get_language() or "en",
        signed_at=at, signed_by=str(by),
    )  # fmt: skip
    events.publish(MandateGiven(mandate_id=made.pk))
    return made


@transaction.atomic
def end(*, mandate: Mandate, by: Principal, at: datetime) -> Mandate:
    """Take a mandate back, at any time. What was approved before and is at the bank is not called back.

    :raises Ended: when it has ended before
    """
    by.must(OWN, mandate.payer)
    # Against a file that is approved at the same time.
    Tenant.lock_current()
    if not Mandate.objects.filter(pk=mandate.pk, ended_at=None).update(ended_at=at, ended_by=str(by)):
        raise Ended
    events.publish(MandateEnded(mandate_id=mandate.pk))
    mandate.refresh_from_db()
    return mandate
