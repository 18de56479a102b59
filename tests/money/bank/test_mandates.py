"""Mandates are written to whoever gave them, and debits fall on days on which banks settle."""

from datetime import date, timedelta

import pytest

from tests.conftest import browser, run_jobs
from tests.money.bank.debiting import CREDITOR, DANA, GUS, approved
from toadlane.money.bank import handlers, queries, services
from toadlane.money.bank.events import MandateEnded, MandateGiven
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import current_coop_id, outside
from toadlane.society.members import queries as members
from toadlane.society.members.models import Organisation
from toadlane.society.members.services import admit, end_delegation, name_delegate


def test_nothing_is_collected_on_a_day_on_which_banks_do_not_settle(cast, board, at):
    for asked, following in ((20, "2027-03-22"), (26, "2027-03-30"), (29, "2027-03-30")):
        with pytest.raises(services.NotABankDay) as refused:
            services.collect(collects_on=date(2027, 3, asked), by=board, at=at)
        assert following in refused.value.hint
    assert services.collect(collects_on=date(2027, 3, 30), by=board, at=at).collects_on == date(2027, 3, 30)


@pytest.mark.parametrize(
    ("today", "notice", "earliest"),
    [
        ((3, 1), 14, (3, 15)), ((3, 12), 14, (3, 30)), ((3, 8), 1, (3, 9)), ((3, 5), 1, (3, 8)), ((3, 6), 1, (3, 9)),
        ((12, 24), 1, (12, 27)),
    ],
)  # fmt: skip
def test_the_bank_has_the_file_a_day_of_its_own_before(cast, monkeypatch, today, notice, earliest):
    monkeypatch.setattr("toadlane.money.bank.queries.debits.debit_notice", lambda: notice)
    assert queries.earliest_debit(date(2027, *today)) == date(2027, *earliest)


def told(kind):
    """Return to whom it was written."""
    with outside():
        run_jobs()
    return sorted(Letter.objects.filter(template=f"bank/{kind}").values_list("address", flat=True))


def text(tell, event, at):
    """What was sent is not kept: written once more, it can be read."""
    tell(event, by=Principal.job(current_coop_id()), at=at)
    return Letter.objects.latest("pk").text


def test_a_mandate_that_is_given_or_ended_is_written_to_its_member(cast, worker, at):
    alice = cast.mandates[0]
    assert told("mandate") == ["alice@sparkle.test", "gus@sparkle.test"]
    given = text(handlers.tell_of_mandate, MandateGiven(mandate_id=alice.pk), at)
    assert "eight weeks" in given and alice.reference in given and CREDITOR in given
    assert DANA not in given and "3000" in given, "the number as it is shown, not whole"
    approved(cast, at)
    other = services.sign(payer=alice.membership, name="Alice", iban=GUS, by=worker, at=at)
    assert told("mandate_ended") == ["alice@sparkle.test"]
    ended = text(handlers.tell_of_end, MandateEnded(mandate_id=alice.pk), at)
    assert alice.reference in ended and "€10.00 is collected on" in ended
    services.end(mandate=other, by=worker, at=at)
    assert len(told("mandate_ended")) == 3, "once for each, and once to be read here"
    last = text(handlers.tell_of_end, MandateEnded(mandate_id=other.pk), at)
    assert other.reference in last and "€10.00" not in last, "what is at the bank is of the other mandate"


def test_who_speaks_for_an_organisation_lets_its_account_be_debited_until_they_do_so_no_more(cast, alice, bob, board, at):
    house = Organisation.objects.create(name="Cleaning Ltd")
    membership = admit(organisation=house, member_class="co_op", by=board, at=at)
    with pytest.raises(Refused):
        services.sign(payer=membership, name="Cleaning Ltd", iban=DANA, by=cast.second, at=at)
    speaks = name_delegate(membership=membership, person=alice, by=board, at=at)
    by = members.principal(person_id=alice.pk, channel=Channel.WEB)
    mandate = services.sign(payer=membership, name="Cleaning Ltd", iban=DANA, by=by, at=at)
    assert mandate.signed_by == str(by) and membership.pk in by.memberships
    # It is written to whoever speaks for it, and its page shows it to them.
    assert told("mandate").count("alice@sparkle.test") == 2
    assert mandate.reference in browser(alice).get("/c/sparkle/bank/mine/").content.decode()
    after = at + timedelta(days=1)
    name_delegate(membership=membership, person=bob, by=board, at=after)
    end_delegation(delegate=speaks, by=board, at=after)
    late = members.principal(person_id=alice.pk, channel=Channel.WEB)
    with pytest.raises(Refused):
        services.end(mandate=mandate, by=late, at=after)
    assert services.end(mandate=mandate, by=members.principal(person_id=bob.pk, channel=Channel.WEB), at=after).ended_at == after
