from datetime import datetime

from toadlane.money.bank.events import BankDetailsChanged
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.sending import services as sending
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.society.people import queries as people


def tell_of_change(event: BankDetailsChanged, *, by: Principal, at: datetime) -> None:
    """Write to the member whose money goes elsewhere from now on: it may not have been them."""
    membership = members.register().get(pk=event.membership_id)
    coop = coops.of_scope(by.coop_id or 0)
    for person_id in members.speakers_of(membership):
        if (reached := people.reach(person_id, "members")) is None:
            continue
        to = sending.Recipient(email=reached.email, phone=reached.phone, name=reached.name)
        about = {"coop": coop.name, "until": datetime.fromisoformat(event.until), "url": coops.address(coop, "bank:mine")}
        sending.send(to=to, template="bank/changed", context=about, language=reached.language, by=by, at=at)
