"""Emergency help: a code from an organizer, one's own word that it is needed, and nothing else asked."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.money.benefits import policies, queries
from toadlane.money.benefits.models import Relief, ReliefCode, Way
from toadlane.money.benefits.permissions import ASK_HELP, MAKE_CODES, RUN
from toadlane.money.benefits.services.errors import (
    FundTooSmallForCodes,
    NeedMissing,
    NotACode,
    NotAName,
    NotAttested,
    TooManyAtOnce,
    WhereTo,
)
from toadlane.money.benefits.services.opening import must_be_open, number
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.people import policies as words

# Read out over the telephone, so without signs that look or sound alike. Ten of them are forty-nine bits.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@transaction.atomic
def make_codes(*, count: int, by: Principal, at: datetime) -> Sequence[str]:
    """Make codes to hand out, and return them: they are shown this once and kept nowhere.

    :raises TooManyAtOnce:
    :raises FundTooSmallForCodes: a code is a promise, and the fund keeps those that are out already first
    """
    by.must(MAKE_CODES)
    must_be_open()
    if not 0 < count <= policies.CODES_AT_ONCE:
        raise TooManyAtOnce(hint=_("At most %(most)s at once.") % {"most": policies.CODES_AT_ONCE})
    # Two who make codes at the same moment promise the same money once.
    Tenant.lock_current()
    if (left := queries.codes_left(at)) < count:
        raise FundTooSmallForCodes(hint=_("It has enough for %(left)s more.") % {"left": left})
    codes = ["".join(secrets.choice(SIGNS) for _sign in range(10)) for _code in range(count)]
    until = at + timedelta(days=policies.CODE_DAYS)
    ReliefCode.objects.bulk_create(
        ReliefCode(digest=words.digest(code), made_by_id=by.person_id or 0, made_at=at, expires_at=until) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def forget_old_help(*, by: Principal, at: datetime) -> int:
    """Take names, numbers and reasons off help that has long been paid or declined: the books need the amounts only."""
    by.must(RUN)
    old = Relief.objects.filter(ended_at__lte=at - timedelta(days=policies.HELP_KEPT_DAYS)).exclude(name="")
    return old.update(name="", phone="", need="", account="")


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())


@transaction.atomic
def ask_help(
    *, code: str, name: str, phone: str, need: str, is_true: bool, way: str, account: str, by: Principal, at: datetime
) -> Relief:  # fmt: skip
    """Ask for emergency help. Their own word is enough; nothing is paid before two people have paid it.

    :param is_true: whether they said that it is true
    :raises NotACode: unknown, lapsed or used: it looks the same
    :raises NotAttested, NotAName, NotAPhone, NeedMissing, WhereTo:
    """
    by.must(ASK_HELP)
    must_be_open()
    if not (name := words.readable_name(name)):
        raise NotAName
    reached = number(phone)
    if not need.strip():
        raise NeedMissing
    if not is_true:
        raise NotAttested
    if Way(way) != Way.CASH and not account.strip():
        raise WhereTo
    terms = queries.terms()
    # The count says who was first, however many send the same code at once.
    rows = ReliefCode.objects.filter(digest=words.digest(_plain(code)), used_at=None, expires_at__gt=at)
    if not rows.update(used_at=at):
        raise NotACode
    return Relief.objects.create(
        code=ReliefCode.objects.get(digest=words.digest(_plain(code))), person_id=by.person_id, name=name, phone=reached,
        need=need.strip()[:400], attested_at=at, rule_version=terms.version, amount_minor=terms.relief.minor,
        currency=terms.relief.currency, way=way, account=account.strip()[:160], asked_at=at,
    )  # fmt: skip
