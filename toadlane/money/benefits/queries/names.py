"""How the books call wallets and what moves in and out of them. Workers and clients are numbers there, not names."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from toadlane.money.ledger.queries.names import Named
from toadlane.plumbing.access.principals import Principal


def wallets_named(ids: list[str], _by: Principal | None) -> Mapping[str, Named]:
    return {pk: Named(_("Wallet %(number)s") % {"number": pk}) for pk in ids}


def contributions_named(ids: list[str], _by: Principal | None) -> Mapping[str, Named]:
    return {pk: Named(_("Into a wallet, payment %(number)s") % {"number": pk}) for pk in ids}


def draws_named(ids: list[str], _by: Principal | None) -> Mapping[str, Named]:
    return {pk: Named(_("Out of a wallet, request %(number)s") % {"number": pk}) for pk in ids}


def reliefs_named(ids: list[str], _by: Principal | None) -> Mapping[str, Named]:
    return {pk: Named(_("Emergency help, request %(number)s") % {"number": pk}) for pk in ids}
