from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.money.bank import queries
from toadlane.money.bank.events import BankDetailsChanged
from toadlane.money.bank.models import Details, Wish
from toadlane.money.bank.permissions import COOPS_OWN, OWN
from toadlane.money.payments.policies import accounts
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Membership

HOLD_DAYS = 3


class NotAnIban(Expected):
    words = _("This is not an account number (IBAN). Look at it again: its check digits do not fit.")
    status = 422
    field = "iban"


class NameNeeded(Expected):
    words = _("Say whose account it is, as the bank knows it.")
    status = 422
    field = "name"


class NotAnInterval(Expected):
    words = _("Choose how often you want to be paid.")
    status = 422
    field = "every"


class NotSoLittle(Expected):
    words = _("The bylaws let less than this come together before it is paid out.")
    status = 422
    field = "least_minor"


@transaction.atomic
def wish(*, membership: Membership, every: str, least_minor: int, by: Principal, at: datetime) -> Wish:
    """Say how often a member wants to be paid, and from which amount on.

    :raises NotSoLittle: for an amount below what the bylaws let come together
    """
    by.must(OWN, membership)
    if every not in Wish.Every.values:
        raise NotAnInterval
    if (least_minor and least_minor < queries.least_payout()) or least_minor < 0:
        raise NotSoLittle
    said, _is_new = Wish.objects.update_or_create(
        membership=membership, defaults={"every": every, "least_minor": least_minor, "given_at": at}
    )
    return said


@transaction.atomic
def give(*, membership: Membership | None, name: str, iban: str, by: Principal, at: datetime) -> Details:
    """Say where a member wants their money, or which account is the co-op's own (no membership).

    The first account can be used at once. A changed one rests, since whoever steals a password changes the account first.

    :raises NotAnIban, NameNeeded:
    """
    by.must(OWN if membership else COOPS_OWN, membership)
    if not name.strip():
        raise NameNeeded
    number = accounts.iban(iban)
    if not number:
        raise NotAnIban
    Tenant.lock_current()
    before = queries.details_of(membership.pk if membership else None)
    if before and (before.iban, before.name) == (number, name.strip()):
        return before
    days = bylaws.book().maybe("pay.hold_days")
    rest = timedelta(days=HOLD_DAYS if days is None else int(days)) if before and membership else timedelta(0)
    given = Details.objects.create(
        membership=membership, name=name.strip()[:70], iban=number, given_at=at, given_by=str(by), usable_from=at + rest
    )
    if before and membership:
        events.publish(BankDetailsChanged(membership_id=membership.pk, until=given.usable_from.isoformat()))
    return given
