from collections.abc import Iterable
from datetime import datetime
from typing import Any

from toadlane.kernel.money import Money
from toadlane.money.bank import queries
from toadlane.money.bank.events import BankDetailsChanged, DebitAnnounced, MandateEnded, MandateGiven
from toadlane.money.bank.models import Debit, Mandate
from toadlane.money.payments.events import PayoutCameBack
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.sending import services as sending
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.society.people import queries as people


def tell_of_change(event: BankDetailsChanged, *, by: Principal, at: datetime) -> None:
    """Write to the member whose money goes elsewhere from now on: it may not have been them."""
    _tell(event.membership_id, "bank/changed", {"until": datetime.fromisoformat(event.until)}, by=by, at=at)


def tell_of_debit(event: DebitAnnounced, *, by: Principal, at: datetime) -> None:
    """Write to whoever's account is debited, in time to see to it or to object."""
    debit = Debit.objects.select_related("collection", "mandate").get(pk=event.debit_id)
    about = {
        "amount": debit.amount, "day": debit.collection.collects_on, "mandate": debit.mandate.reference,
        "creditor": debit.collection.creditor, "account": debit.mandate.shown,
    }  # fmt: skip
    _tell_payer(debit.mandate, "bank/debit", about, by=by, at=at)


def tell_of_mandate(event: MandateGiven, *, by: Principal, at: datetime) -> None:
    """Send whoever gave it what was signed: the SEPA rulebook gives them a copy, and it may not have been them."""
    mandate = Mandate.objects.get(pk=event.mandate_id)
    about = {"mandate": mandate.reference, "creditor": mandate.creditor, "account": mandate.shown, "text": mandate.text}
    _tell_payer(mandate, "bank/mandate", about, by=by, at=at)


def tell_of_end(event: MandateEnded, *, by: Principal, at: datetime) -> None:
    """Tell whoever gave it that nothing more is debited, but for what the bank has already."""
    mandate = Mandate.objects.get(pk=event.mandate_id)
    about = {
        "mandate": mandate.reference, "account": mandate.shown,
        "coming": queries.in_words(queries.under_way_of(mandate)),
    }  # fmt: skip
    _tell_payer(mandate, "bank/mandate_ended", about, by=by, at=at)


def tell_of_bounce(event: PayoutCameBack, *, by: Principal, at: datetime) -> None:
    """Tell a member that their bank sent a payout back, and that another account is needed."""
    kind, _colon, pk = event.holder.partition(":")
    given = queries.details_of(int(pk)) if kind == "membership" else None
    if given is not None:
        about = {"amount": Money(event.minor, event.currency), "account": given.shown}
        _tell(int(pk), "bank/bounced", about, by=by, at=at)


def _tell_payer(mandate: Mandate, template: str, about: dict[str, Any], *, by: Principal, at: datetime) -> None:
    if mandate.membership_id:
        _tell(mandate.membership_id, template, about, by=by, at=at)
    elif mandate.person_id:
        _write([mandate.person_id], template, about, by=by, at=at)


def _tell(membership_id: int, template: str, about: dict[str, Any], *, by: Principal, at: datetime) -> None:
    _write(members.speakers_of(members.register().get(pk=membership_id)), template, about, by=by, at=at)


def _write(person_ids: Iterable[int], template: str, about: dict[str, Any], *, by: Principal, at: datetime) -> None:
    coop = coops.of_scope(by.coop_id or 0)
    for person_id in person_ids:
        if (reached := people.reach(person_id, "members")) is None:
            continue
        to = sending.Recipient(email=reached.email, phone=reached.phone, name=reached.name)
        context = {"coop": coop.name, "url": coops.address(coop, "bank:mine"), **about}
        sending.send(to=to, template=template, context=context, language=reached.language, by=by, at=at)
