"""How a wallet comes to be: somebody invites a phone number, and whoever has it says yes."""

import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from toadlane.money.benefits import policies, queries
from toadlane.money.benefits.events import WalletOpened
from toadlane.money.benefits.models import Invitation, Wallet
from toadlane.money.benefits.permissions import CLAIM, HELP, INVITE, OPEN, RUN, SEE_WALLET
from toadlane.money.benefits.services.errors import (
    InvitationOver,
    NotAName,
    NotAPhone,
    NotTheNumber,
    NoWallets,
    TooManyInvitations,
)
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.sending import services as sending
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.people import policies as words
from toadlane.society.people import queries as people
from toadlane.society.people import services as accounts
from toadlane.society.people.models import Person
from toadlane.ui.phones import e164


def must_be_open() -> None:
    """:raises NoWallets: where members have not decided to have wallets"""
    if not queries.is_open():
        raise NoWallets


def number(phone: str) -> str:
    """:raises NotAPhone:"""
    try:
        return e164(phone, coops.of_scope(current_coop_id()).country)
    except ValidationError as error:
        raise NotAPhone from error


@transaction.atomic
def invite_worker(*, phone: str, language: str, by: Principal, at: datetime) -> Invitation:
    """Ask whoever has a phone number to open a wallet. Nothing is paid before they have said yes.

    :raises NotAPhone, TooManyInvitations:
    """
    by.must(INVITE)
    must_be_open()
    return _invite(Invitation.Role.WORKER, number(phone), language=language, by=by, at=at)


@transaction.atomic
def invite_client(*, wallet: Wallet, phone: str, language: str, by: Principal, at: datetime) -> Invitation:
    """Ask whoever has a phone number to pay into a wallet: its worker asks, or who helps her.

    :raises NotAPhone, TooManyInvitations:
    """
    by.must(SEE_WALLET, wallet)
    must_be_open()
    return _invite(Invitation.Role.CLIENT, number(phone), wallet=wallet, language=language, by=by, at=at)


def _invite(role: str, phone: str, *, language: str, by: Principal, at: datetime, wallet: Wallet | None = None) -> Invitation:
    # One after the other: the count of a day is taken once.
    Tenant.lock_current()
    of_today = Invitation.objects.filter(invited_at__gt=at - timedelta(days=1))
    if of_today.filter(invited_by_id=by.person_id).count() >= policies.INVITATIONS_A_DAY:
        raise TooManyInvitations
    if of_today.filter(phone=phone).count() >= policies.MESSAGES_A_DAY:
        raise TooManyInvitations(_("This number has had as many messages from here as one may get in a day."))
    token = secrets.token_urlsafe(12)
    made = Invitation.objects.create(
        role=role, phone=phone, digest=words.digest(token), wallet=wallet, invited_by_id=by.person_id, invited_at=at,
        expires_at=at + timedelta(days=policies.INVITATION_DAYS),
    )  # fmt: skip
    coop = coops.of_scope(current_coop_id())
    url = coops.address(coop, "benefits:give", wallet.code) if wallet else coops.address(coop, "benefits:claim", token)
    about = {"coop": coop.name, "url": url, "by": people.names({by.person_id or 0}).get(by.person_id or 0, "")}
    if wallet:
        about["worker"] = wallet.person.name
    template = "benefits/pay_in" if wallet else "benefits/invited"
    sending.send(to=sending.Recipient(phone=phone), template=template, context=about, language=language, by=by, at=at)
    return made


@transaction.atomic
def claim(*, token: str, name: str, phone: str, language: str, by: Principal, at: datetime) -> Wallet:
    """Open the wallet one was invited to. A name and the number are all that is asked; the message proves the number.

    Whoever has an account with this number keeps it, with the name they gave it.

    :raises InvitationOver, NotTheNumber, NotAName:
    """
    by.must(CLAIM)
    must_be_open()
    invitation = queries.invitation(token, at=at)
    if invitation is None:
        raise InvitationOver
    if number(phone) != invitation.phone:
        raise NotTheNumber
    # Conditional: an invitation is answered once, whoever presses twice.
    wallet = _wallet_of(_person(invitation.phone, name, language, by, at), by, at)
    open_ = Invitation.objects.filter(pk=invitation.pk, answered_at=None)
    if not open_.update(answered_at=at, wallet=wallet, phone=""):
        raise InvitationOver
    events.publish(WalletOpened(wallet_id=wallet.pk, invited_by=invitation.invited_by_id))
    return wallet


@transaction.atomic
def open_for(*, name: str, phone: str, language: str, by: Principal, at: datetime) -> Wallet:
    """Open a wallet for a worker who sits beside one who helps: her name and number, and nothing else.

    The number is not proven by it: she proves it when she signs in for the first time.
    """
    by.must(HELP)
    must_be_open()
    wallet = _wallet_of(_person(number(phone), name, language, by, at, is_proven=False), by, at)
    events.publish(WalletOpened(wallet_id=wallet.pk, invited_by=0))
    return wallet


@transaction.atomic
def open_own(*, by: Principal, at: datetime) -> Wallet:
    """Open one's own wallet, as a member."""
    by.must(OPEN)
    must_be_open()
    return _wallet_of(Person.objects.get(pk=by.person_id or 0), by, at)


def _person(
    phone: str, name: str, language: str, by: Principal, at: datetime, *, is_proven: bool = True
) -> Person:  # fmt: skip
    if not (name := words.readable_name(name)):
        raise NotAName
    if known := people.by_phone(phone):
        return known
    return accounts.welcome(phone=phone, name=name, language=language, is_proven=is_proven, by=by, at=at)


def _wallet_of(person: Person, by: Principal, at: datetime) -> Wallet:
    if known := queries.of_person(person.pk):
        return known
    try:
        with transaction.atomic():
            return Wallet.objects.create(
                person=person, currency=coops.of_scope(current_coop_id()).currency, code=secrets.token_urlsafe(12),
                opened_at=at, opened_by=str(by),
            )  # fmt: skip
    except IntegrityError:
        # Opened by somebody else a moment ago.
        return Wallet.objects.get(person=person)


def forget_unanswered(*, by: Principal, at: datetime) -> int:
    """Take the numbers off invitations that nobody answered in time."""
    by.must(RUN)
    return Invitation.objects.filter(expires_at__lte=at).exclude(phone="").update(phone="")
