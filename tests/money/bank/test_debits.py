"""What members owe is collected by direct debit: with a mandate, told beforehand, seen by two, and undone when it returns."""

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import browser, run_jobs
from tests.money.bank.debiting import CREDITOR, DANA, GUS, OWN, approved, day
from tests.money.bank.test_bank import camt, read, valid
from tests.money.bank.test_files import ODD
from tests.money.payments.cards import euro
from toadlane.kernel import ids
from toadlane.money.bank import handlers, queries, services
from toadlane.money.bank.events import DebitAnnounced
from toadlane.money.bank.models import Collection, Creditor, Debit, Line, Mandate
from toadlane.money.bank.policies import debits, files
from toadlane.money.ledger import queries as books
from toadlane.money.payments.models import Payment
from toadlane.money.payments.policies import accounts
from toadlane.ownership.dues import queries as dues
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.members import queries as members


def the(data, name):
    return [node.text for node in ElementTree.fromstring(data).iter() if node.tag.endswith("}" + name)]


@pytest.mark.parametrize(
    "said", [CREDITOR, "de98 zzz 0999 9999 999", "DE98ABC09999999999", "NL79ZZZ999999990000", "FR72ZZZ123456"]
)
def test_a_creditor_identifier_is_known_by_its_check_digits_and_not_by_its_business_code(said):
    assert accounts.creditor(said) == said.replace(" ", "").upper()


@pytest.mark.parametrize(
    "said", ["", "DE97ZZZ09999999999", "DE98ZZZ", "98DEZZZ09999999999", "DE98ZZZ0999999999\uff19", "DE98" + "Z" * 40]
)
def test_what_is_no_creditor_identifier_is_none(said):
    assert accounts.creditor(said) == ""


def one(minor, name="Dana", sequence="RCUR", number=0):
    return debits.Debit(name, DANA, minor, name, f"{number:032x}", f"DD1-{number}", date(2027, 2, 1), sequence)


def test_no_name_and_no_amount_keeps_a_file_from_being_what_the_schema_says(at):
    rows = [one(minor, name, sequence) for name in ODD for minor in (1, 99_999_999_999) for sequence in ("FRST", "RCUR")]
    data = debits.collection(name="🦆", iban=OWN, creditor=CREDITOR, on=date(2027, 3, 20), debits=rows, message="m1", at=at)
    valid(data, "pain.008.001.08.xsd")
    assert the(data, "SeqTp") == ["FRST", "RCUR"] and the(data, "PmtInfId") == ["m1-FRST", "m1-RCUR"]
    assert b">0.01<" in data and b">999999999.99<" in data and set(the(data, "Cd")) == {"SEPA", "CORE"}


def test_what_the_schema_does_not_know_is_given_out_to_nobody(at):
    with pytest.raises(files.NotValid):
        debits.collection(name="x", iban="none", creditor=CREDITOR, on=date(2027, 3, 20), debits=[one(1)], message="m", at=at)
    with pytest.raises(files.NotValid):
        debits.collection(name="x", iban=OWN, creditor=CREDITOR, on=date(2027, 3, 20), debits=[], message="m", at=at)


@given(st.lists(st.tuples(st.integers(1, 10**11 - 1), st.sampled_from(["FRST", "RCUR"])), min_size=1, max_size=40))
def test_the_sums_of_a_file_are_those_of_what_is_in_it(rows):
    some = [one(minor, sequence=sequence, number=number) for number, (minor, sequence) in enumerate(rows)]
    at = datetime(2027, 3, 1, tzinfo=UTC)
    data = debits.collection(name="x", iban=OWN, creditor=CREDITOR, on=date(2027, 3, 20), debits=some, message="m", at=at)
    cents = [int(text.replace(".", "")) for text in the(data, "CtrlSum")]
    assert cents[0] == sum(minor for minor, _sequence in rows) == sum(cents[1:])
    assert sum(int(text.replace(".", "")) for text in the(data, "InstdAmt")) == cents[0]
    counts = [int(text) for text in the(data, "NbOfTxs")]
    assert counts[0] == len(rows) == sum(counts[1:])


def owed(cast):
    return dues.left_of([one.membership_id for one in cast.mandates]).minor


def test_a_mandate_is_given_ended_and_given_again(cast, worker, board, at):
    first = cast.mandates[0]
    assert len(first.reference) <= 35 and CREDITOR in first.text and "eight weeks" in first.text
    again = services.sign(payer=first.membership, name="Alice", iban=DANA, by=worker, at=at)
    assert again == first
    other = services.sign(payer=first.membership, name="Alice", iban=GUS, by=worker, at=at)
    first.refresh_from_db()
    assert first.ended_at == at and first.ended_by == str(worker) and other.reference != first.reference
    services.end(mandate=other, by=worker, at=at)
    with pytest.raises(services.Ended):
        services.end(mandate=other, by=worker, at=at)
    assert [one.pk for one in queries.mandates_of([first.membership_id])] == [other.pk, first.pk]
    assert queries.active_mandates([first.membership_id], at) == []
    told = [row for row in queries.own_data(person_id=worker.person_id) if "mandate" in row]
    assert {row["iban"] for row in told} == {DANA, GUS}
    with pytest.raises(Refused):
        services.sign(payer=first.membership, name="Alice", iban=DANA, by=board, at=at)


@pytest.mark.parametrize(
    ("iban", "error"), [("DE89370400440532013001", services.NotAnIban), ("TR330006100519786457841326", services.NotReached)]
)
def test_what_cannot_be_debited_is_refused(cast, worker, at, iban, error):
    with pytest.raises(error):
        services.sign(payer=cast.mandates[0].membership, name="Alice", iban=iban, by=worker, at=at)


def test_nobody_signs_for_a_co_op_that_collects_nothing(inside, worker, at):
    mine = members.of_person(worker.person_id).get()
    with pytest.raises(services.NoDebits):
        services.sign(payer=mine, name="Alice", iban=DANA, by=worker, at=at)
    with pytest.raises(Refused):
        services.identify(identifier=CREDITOR, by=worker, at=at)


def test_a_mandate_lapses_three_years_after_it_was_used_or_given(cast, at):
    holder = [cast.mandates[0].membership_id]
    assert at.date() == date(2027, 3, 1)
    assert queries.active_mandates(holder, at, on=date(2030, 2, 28)) and not queries.active_mandates(
        holder, at, on=date(2030, 3, 1)
    )
    approved(cast, at)
    assert queries.active_mandates(holder, at, on=date(2030, 3, 15)) and not queries.active_mandates(
        holder, at, on=date(2030, 3, 16)
    )


def test_another_creditor_needs_another_mandate(cast, board, worker, at):
    services.identify(identifier="NL79ZZZ999999990000", by=board, at=at)
    assert queries.active_mandates(None, at) == []
    again = services.sign(payer=cast.mandates[0].membership, name="Alice", iban=DANA, by=worker, at=at)
    assert again.creditor == "NL79ZZZ999999990000" and Mandate.objects.get(pk=cast.mandates[0].pk).ended_by == "lapsed"


def test_what_members_with_a_mandate_owe_is_in_one_file_and_in_no_other(cast, board, at):
    with pytest.raises(services.TooSoon):
        services.collect(collects_on=day(at, 13), by=board, at=at)
    made = services.collect(collects_on=day(at), by=board, at=at)
    data = bytes(made.file)
    valid(data, "pain.008.001.08.xsd")
    assert (made.count, made.total_minor, the(data, "CtrlSum")) == (2, 2_000, ["20.00", "20.00"])
    assert the(data, "SeqTp") == ["FRST"] and the(data, "ReqdColltnDt") == [day(at).isoformat()]
    assert the(data, "MndtId") == [one.reference for one in cast.mandates] and set(the(data, "DtOfSgntr")) == {"2027-03-01"}
    assert set(the(data, "EndToEndId")) == {row.payment_id.hex for row in Debit.objects.all()}
    assert b"<Othr><Id>DE98ZZZ09999999999</Id><SchmeNm><Prtry>SEPA</Prtry></SchmeNm></Othr>" in data
    with pytest.raises(services.NothingToCollect):
        services.collect(collects_on=day(at), by=board, at=at)
    paid = Debit.objects.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        Debit.objects.create(
            collection=made, mandate=paid.mandate, payment_id=paid.payment_id, amount_minor=1_000, sequence="RCUR"
        )  # fmt: skip
    services.drop_collection(collection=made, by=board, at=at)
    again = services.collect(collects_on=day(at), by=board, at=at)
    assert {row.payment_id for row in Debit.objects.filter(collection=again)} == {
        row.payment_id for row in Debit.objects.filter(collection=made)
    }
    with pytest.raises(services.WrongMoment):
        services.approve_collection(collection=made, by=cast.second, at=at)


def test_another_person_approves_and_everybody_in_it_is_told(cast, board, at):
    made = services.collect(collects_on=day(at), by=board, at=at)
    with pytest.raises(services.SecondPersonNeeded):
        services.approve_collection(collection=made, by=board, at=at)
    with pytest.raises(services.TooSoon):
        services.approve_collection(collection=made, by=cast.second, at=at + timedelta(days=1))
    services.approve_collection(collection=made, by=cast.second, at=at)
    with pytest.raises(services.WrongMoment):
        services.drop_collection(collection=made, by=board, at=at)
    with outside():
        run_jobs()
    assert {one.address for one in Letter.objects.filter(template="bank/debit")} == {"alice@sparkle.test", "gus@sparkle.test"}
    # What was sent is not kept: written once more, it can be read.
    handlers.tell_of_debit(DebitAnnounced(debit_id=Debit.objects.order_by("pk")[0].pk), by=Principal.job(board.coop_id), at=at)
    text = Letter.objects.latest("pk").text
    assert cast.mandates[0].reference in text and CREDITOR in text and "10.00" in text and "15 March 2027" in text


def test_what_has_changed_meanwhile_stops_the_approval(cast, board, second, worker, at):
    def refused(made):
        with pytest.raises(services.DebitChanged):
            services.approve_collection(collection=made, by=second, at=at)
        services.drop_collection(collection=made, by=board, at=at)

    made = services.collect(collects_on=day(at), by=board, at=at)
    services.end(mandate=cast.mandates[0], by=worker, at=at)
    refused(made)
    made = services.collect(collects_on=day(at), by=board, at=at)
    assert made.count == 1
    payment = Payment.objects.get(pk=Debit.objects.filter(collection=made).get().payment_id)
    read(camt({"minor": 1_000, "text": payment.reference}), board, at)
    refused(made)
    charge_more = services.sign(payer=cast.mandates[0].membership, name="Alice", iban=DANA, by=worker, at=at)
    made = services.collect(collects_on=day(at), by=board, at=at)
    assert Debit.objects.filter(collection=made).get().mandate == charge_more
    services.give(membership=None, name="Sparkle", iban=GUS, by=board, at=at + timedelta(seconds=1))
    refused(made)


def test_two_people_say_that_it_was_carried_out_and_it_is_booked_once(cast, board, second, at):
    done, its_day = approved(cast, at), at + timedelta(days=15)
    with pytest.raises(services.WrongMoment, match="Its day has not come"):
        services.collected(collection=done, by=board, at=at)
    services.collected(collection=done, by=board, at=its_day)
    with pytest.raises(services.SecondPersonNeeded):
        services.collected(collection=done, by=board, at=its_day)
    services.collected(collection=done, by=second, at=its_day)
    with outside():
        run_jobs()
    assert owed(cast) == 0 and books.balance("1100", "EUR") == euro(2_000) and books.balance("2100", "EUR") == euro(0)
    with pytest.raises(services.WrongMoment):
        services.collected(collection=done, by=second, at=its_day)
    rows = Debit.objects.filter(collection=done)
    lines = [{"minor": 1_000, "e2e": row.payment_id.hex, "ref": f"x{row.pk}"} for row in rows]
    assert vars(read(camt(*lines), board, at)) == {"read": 2, "known": 0, "matched": 2, "doubtful": 0}
    assert books.balance("1100", "EUR") == euro(2_000)


@pytest.mark.parametrize("version", ["02", "08"])
def test_the_statement_says_that_it_came_and_what_came_back_is_owed_again(cast, board, at, version):
    done = approved(cast, at)
    first, other = Debit.objects.filter(collection=done).order_by("pk")
    came = [{"minor": 1_000, "e2e": row.payment_id.hex, "ref": f"in{row.pk}"} for row in (first, other)]
    data = camt(*came, version=version)
    assert read(data, board, at).matched == 2 and read(data, board, at).known == 2
    assert Collection.objects.get().booked_at == at
    with outside():
        run_jobs()
    assert owed(cast) == 0
    back = camt({"minor": -1_000, "e2e": first.payment_id.hex, "ref": "back"}, opening=2_000, version=version, number="S2")
    assert read(back, board, at).matched == 1 and read(back, board, at).known == 1
    assert Line.objects.get(amount_minor=-1_000).subject == f"returned:{first.payment_id}"
    assert Payment.objects.get(pk=first.payment_id).state == "disputed"
    with outside():
        run_jobs()
    assert owed(cast) == 1_000 and dues.balance(first.mandate.membership_id) == 1_000
    assert books.balance("1230", "EUR", holder=first.mandate.membership.holder) == euro(1_000)
    total = books.balance("1100", "EUR").minor + books.balance("1000", "EUR").minor
    assert total == 1_000 and books.balance("2100", "EUR") == euro(0)
    assert not dues.claims_equal_ledger().faults
    twice = camt({"minor": -1_000, "e2e": first.payment_id.hex, "ref": "twice"}, opening=1_000, version=version, number="S3")
    assert read(twice, board, at).doubtful == 1
    again = services.collect(collects_on=day(at), by=board, at=at)
    row = Debit.objects.get(collection=again)
    assert row.mandate == first.mandate and row.sequence == "RCUR" and row.payment_id != first.payment_id


def test_a_return_is_known_by_its_own_words_too(cast, board, at):
    """Banks mark what came back as a reversal, and name the debit as it was."""
    done = approved(cast, at)
    first = Debit.objects.filter(collection=done).first()
    data = camt({"minor": -1_000, "e2e": first.payment_id.hex, "ref": "back"}).replace(
        b"</RmtInf></TxDtls>", b"</RmtInf><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>"
    )
    assert read(data, board, at).matched == 1
    with outside():
        run_jobs()
    assert owed(cast) == 2_000 and books.balance("2100", "EUR") == euro(0)


def test_the_bank_books_a_file_as_one_line(cast, board, at):
    done = approved(cast, at)
    data = camt({"minor": 2_000, "ref": "whole", "text": "debits"}).replace(
        b"<NtryDtls><TxDtls>", f"<NtryDtls><Btch><PmtInfId>{done.message}-FRST</PmtInfId></Btch><TxDtls>".encode()
    )
    valid(data, "camt.053.001.08.xsd")
    assert read(data, board, at).matched == 1 and Line.objects.get().subject == f"block:{done.message}-FRST"
    with outside():
        run_jobs()
    assert owed(cast) == 0 and Collection.objects.get().booked_at == at
    wrong = data.replace(b"<Id>S1</Id>", b"<Id>S2</Id>").replace(b">whole<", b">other<")
    assert read(wrong, board, at).doubtful == 1


def test_what_the_bank_refused_may_be_collected_again(cast, board, at):
    done = approved(cast, at)
    with pytest.raises(services.WrongMoment):
        services.refused(collection=done, by=board, at=at)
    later = at + timedelta(days=16)
    services.refused(collection=done, by=board, at=later)
    assert services.collect(collects_on=day(later), by=board, at=later).count == 2


def test_the_database_keeps_what_was_signed_and_approved(cast, board, at):
    done = approved(cast, at)
    mandate = cast.mandates[0]
    for change in (
        lambda: Mandate.objects.filter(pk=mandate.pk).update(iban=GUS),
        lambda: Mandate.objects.filter(pk=mandate.pk).update(text="anything"),
        lambda: Mandate.objects.filter(pk=mandate.pk).update(ended_at=at),
        lambda: Mandate.objects.filter(pk=mandate.pk).delete(),
        lambda: Debit.objects.update(amount_minor=1),
        lambda: Debit.objects.create(collection=done, mandate=mandate, payment_id=ids.new(), amount_minor=0, sequence="RCUR"),
        lambda: Debit.objects.create(collection=done, mandate=mandate, payment_id=ids.new(), amount_minor=1, sequence="LAST"),
        lambda: Collection.objects.update(total_minor=1),
        lambda: Collection.objects.update(dropped_at=at),
        lambda: Collection.objects.update(approved_by=board.person_id, made_by=board.person_id),
        lambda: Creditor.objects.update(identifier="x"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    services.end(mandate=mandate, by=members.principal(person_id=mandate.membership.person_id, channel=Channel.WEB), at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(ended_at=None)


def test_a_member_gives_and_ends_a_mandate_on_the_page(cast, alice, charlie, at):
    page = browser(alice)
    shown = page.get("/c/sparkle/bank/mine/")
    assert cast.mandates[0].reference in shown.text and "eight weeks" in shown.text
    kind = page.post("/c/sparkle/bank/mine/mandate/", {"mandate-name": "Alice", "mandate-iban": "DE00"})
    assert kind.status_code == 422 and "check digits" in kind.text
    given = page.post("/c/sparkle/bank/mine/mandate/", {"mandate-name": "Alice", "mandate-iban": GUS})
    assert given.status_code == 302
    for _time in range(2):
        page.post("/c/sparkle/bank/mine/mandate/", {"deed": "end", "mandate": Mandate.objects.latest("pk").reference})
    assert Mandate.objects.latest("pk").ended_at is not None
    assert browser(charlie).post("/c/sparkle/bank/mine/mandate/", {"deed": "end", "mandate": "x"}).status_code in (403, 404)


def test_the_treasurer_collects_on_the_page(cast, bob, alice, charlie, at):
    page, other = browser(bob), browser(cast.mandates[1].membership.person)
    assert "2 mandates for direct debits hold" in page.get("/c/sparkle/bank/").text
    soon = page.post("/c/sparkle/bank/collections/", {"collects_on": "2020-01-01"})
    assert soon.status_code == 422 and "earliest day" in soon.text
    assert page.post("/c/sparkle/bank/collections/", {"collects_on": "2028-01-03"}).status_code == 302
    made = Collection.objects.get()
    assert page.get(f"/c/sparkle/bank/collections/{made.pk}.xml").status_code == 404
    other.post(f"/c/sparkle/bank/collections/{made.pk}/", {"deed": "approve"})
    fetched = page.get(f"/c/sparkle/bank/collections/{made.pk}.xml")
    assert fetched.content == bytes(made.file)
    assert page.post("/c/sparkle/bank/creditor/", {"identifier": "DE00ZZZ1"}).status_code == 422
    for nobody in (browser(alice), browser(charlie)):
        for path in (f"collections/{made.pk}/", "collections/", "creditor/"):
            assert nobody.post(f"/c/sparkle/bank/{path}", {"deed": "approve"}).status_code in (403, 404)
        assert nobody.get(f"/c/sparkle/bank/collections/{made.pk}.xml").status_code in (403, 404)


def test_programs_do_the_same_and_charlie_finds_nothing(cast, bob, alice, charlie):
    url = "/api/v1/coops/sparkle/bank"
    mine, office, stranger = browser(alice), browser(bob), browser(charlie)
    told = mine.get(f"{url}/mandates").json()["items"]
    assert [(one["reference"], one["iban"]) for one in told] == [(cast.mandates[0].reference, "DE… 3000")]
    about = {"membership": cast.mandates[0].membership_id, "name": "Alice", "iban": GUS}
    given = mine.post(f"{url}/mandates", about, content_type="application/json")
    assert given.status_code == 201 and given.json()["creditor"] == CREDITOR
    reference = given.json()["reference"]
    for nobody in (stranger, office):
        assert nobody.post(f"{url}/mandates", about, content_type="application/json").status_code in (403, 404)
        assert nobody.post(f"{url}/mandates/{reference}/end").status_code == 404
    assert office.get(f"{url}/creditor").json()["identifier"] == CREDITOR
    wrong = office.put(f"{url}/creditor", {"identifier": "DE00ZZZ09999999999"}, content_type="application/json")
    assert wrong.status_code == 422
    made = office.post(f"{url}/collections", {"collects_on": "2028-01-03"}, content_type="application/json").json()
    assert made["count"] == 2 and made["total_minor"] == 2_000
    assert [one["id"] for one in office.get(f"{url}/collections").json()["items"]] == [made["id"]]
    assert office.post(f"{url}/collections/{made['id']}/approve").status_code == 403
    assert mine.post(f"{url}/mandates/{reference}/end").json()["ended_at"] is not None
    stopped = browser(cast.mandates[1].membership.person).post(f"{url}/collections/{made['id']}/approve")
    assert stopped.status_code == 409 and "Drop it" in stopped.text
    for nobody in (stranger, mine):
        assert nobody.get(f"{url}/collections").status_code in (403, 404)
        assert nobody.get(f"{url}/creditor").status_code in (403, 404)
        for deed in ("approve", "carried-out", "refused", "drop"):
            assert nobody.post(f"{url}/collections/{made['id']}/{deed}").status_code in (403, 404)
    assert office.get(f"{url}/collections/{made['id']}/file").status_code == 404
    assert office.post(f"{url}/collections/{made['id']}/drop").json()["dropped_at"] is not None
