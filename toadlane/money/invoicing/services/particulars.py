from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from babel import Locale
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.money.invoicing import queries
from toadlane.money.invoicing.events import ParticularsGiven
from toadlane.money.invoicing.models import Particulars
from toadlane.money.invoicing.permissions import COOPS_OWN, OWN
from toadlane.money.invoicing.policies import taxing
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.members.models import Membership

_CODES = map(str, Locale("en").territories)
COUNTRIES = frozenset(code for code in _CODES if len(code) == 2 and code.isalpha()) - {"EU", "EZ", "UN", "ZZ"}
# Greece writes EL before its numbers, Northern Ireland XI.
PREFIXES = (COUNTRIES - {"GR"}) | {"EL", "XI"}


class Wrong(Expected):
    words = _("Something is missing, or not as it should be.")
    status = 422


class NotANumber(Wrong):
    words = _("This is not a number for value added tax: it begins with the two letters of its country, such as IE1234567FA.")
    hint = _("Look whether a digit is missing or two have changed places.")  # type: ignore[assignment]
    field = "vat_number"


class NumberNeeded(Wrong):
    words = _("Give a number for value added tax, or the number the tax office knows you by: every invoice has to bear one.")
    field = "tax_number"


class NotACountry(Wrong):
    words = _("Give the country as two letters, such as IE.")
    field = "country"


class Incomplete(Wrong):
    words = _("Name, street and town stand on every invoice. Please fill them in.")
    field = "name"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody says of itself for invoices and yearly reports."""

    name: str
    street: str
    city: str
    country: str
    postcode: str = ""
    vat_number: str = ""
    tax_number: str = ""
    registration: str = ""
    born_on: date | None = None
    is_small: bool = False
    excluded_as: str = ""
    agrees: bool = False


@transaction.atomic
def give(*, membership: Membership | None, said: Said, by: Principal, at: datetime) -> Particulars:
    """Say what invoices of a member, or of the co-op itself (no membership), need to know.

    :raises Incomplete, NotACountry, NotANumber, NumberNeeded:
    """
    by.must(OWN if membership else COOPS_OWN, membership)
    said = _cleaned(said)
    Tenant.lock_current()
    before = queries.particulars_of(membership.pk if membership else None)
    facts = asdict(said)
    if before and all(getattr(before, name) == value for name, value in facts.items()):
        return before
    given = Particulars.objects.create(membership=membership, **facts, given_at=at, given_by=str(by))
    events.publish(ParticularsGiven(membership_id=membership.pk if membership else None))
    return given


def _cleaned(said: Said) -> Said:
    facts: dict[str, Any] = asdict(said)
    for name, value in facts.items():
        if isinstance(value, str):
            facts[name] = " ".join(value.split())
    facts["country"] = facts["country"].upper()
    given = facts["vat_number"]
    facts["vat_number"] = taxing.number(given)
    said = Said(**facts)
    if not (said.name and said.street and said.city):
        raise Incomplete
    if said.country not in COUNTRIES:
        raise NotACountry
    if given and said.vat_number[:2] not in PREFIXES:
        raise NotANumber
    if said.excluded_as and said.excluded_as not in Particulars.Excluded.values:
        raise Wrong(field="excluded_as")
    if not said.vat_number and not said.tax_number:
        raise NumberNeeded
    return said
