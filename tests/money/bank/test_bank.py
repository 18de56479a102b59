"""What the bank says is booked once and exactly; what it is told to pay was seen by two people."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError, transaction
from lxml import etree

from tests import samples
from tests.conftest import browser, run_jobs
from tests.money.payments.cards import euro
from toadlane.kernel import ids
from toadlane.money.bank import queries, services
from toadlane.money.bank.models import Batch, Details, Line
from toadlane.money.bank.policies import files, statements
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment, Payout
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.bylaws import services as rules
from toadlane.society.members import queries as members

OWN, DANA, OTHER = "IE64IRCE92050112345678", "DE89370400440532013000", "FR1420041010050500013M02606"


def camt(*entries, opening=0, closing=None, iban=OWN, version="08", number="S1"):
    """Write a statement as a bank does."""
    total = opening + sum(entry["minor"] for entry in entries)
    closing = total if closing is None else closing

    def amount(minor, tag="Amt"):
        return f'<{tag} Ccy="EUR">{abs(minor) // 100}.{abs(minor) % 100:02}</{tag}>'

    def balance(code, minor):
        side = "CRDT" if minor >= 0 else "DBIT"
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{amount(minor)}<CdtDbtInd>{side}</CdtDbtInd>"
            "<Dt><Dt>2027-03-02</Dt></Dt></Bal>"
        )

    def details(entry):
        name = f"<Pty><Nm>{entry.get('name', 'Somebody')}</Nm></Pty>" if version == "08" else f"<Nm>{entry.get('name', 'S')}</Nm>"
        side = "Dbtr" if entry["minor"] > 0 else "Cdtr"
        sums = f"<Amt Ccy='EUR'>{abs(entry['minor']) / 100:.2f}</Amt>" if version == "08" else ""
        other = "<CdtDbtInd>" + ("CRDT" if entry["minor"] > 0 else "DBIT") + "</CdtDbtInd>" if version == "08" else ""
        if version == "02":
            sums = f"<AmtDtls><TxAmt><Amt Ccy='EUR'>{abs(entry['minor']) / 100:.2f}</Amt></TxAmt></AmtDtls>"
        return (
            f"<TxDtls><Refs><EndToEndId>{entry.get('e2e', 'NOTPROVIDED')}</EndToEndId></Refs>{sums}{other}"
            f"<RltdPties><{side}>{name}</{side}></RltdPties><RmtInf><Ustrd>{entry.get('text', '')}</Ustrd></RmtInf></TxDtls>"
        )

    def booked(entry, place):
        parts = entry.get("parts", [entry])
        status = entry.get("status", "BOOK")
        status = f"<Cd>{status}</Cd>" if version == "08" else status
        side = "CRDT" if entry["minor"] > 0 else "DBIT"
        return (
            f"<Ntry><NtryRef>{entry.get('ref', place)}</NtryRef>{amount(entry['minor'])}<CdtDbtInd>{side}</CdtDbtInd>"
            f"<Sts>{status}</Sts><BookgDt><Dt>{entry.get('on', '2027-03-02')}</Dt></BookgDt>"
            + (f"<AcctSvcrRef>{entry['own']}</AcctSvcrRef>" if "own" in entry else "")
            + "<BkTxCd/><NtryDtls>"
            + "".join(details(part) for part in parts)
            + "</NtryDtls></Ntry>"
        )

    return (
        f'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><GrpHdr>'
        f"<MsgId>M</MsgId><CreDtTm>2027-03-02T09:00:00</CreDtTm></GrpHdr><Stmt><Id>{number}</Id>"
        f"<CreDtTm>2027-03-02T09:00:00</CreDtTm><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>{balance('OPBD', opening)}"
        f"{balance('CLBD', closing)}{''.join(booked(entry, place) for place, entry in enumerate(entries))}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def valid(data, name):
    """Ask the schema of ISO itself, where it lies."""
    path = samples.FOLDER / "money" / "iso20022" / name
    if not path.exists():
        pytest.skip(samples.ABSENT)
    schema = etree.XMLSchema(etree.parse(str(path)))
    schema.assertValid(etree.fromstring(data))


@pytest.fixture
def promised(inside, worker, at):
    def make(minor, key="a"):
        return payments.begin(subject=f"order:{key}", amount=euro(minor), method="transfer", key=key, by=worker, at=at)

    return make


def read(data, board, at):
    return services.import_statement(data=data, by=board, at=at)


@pytest.mark.parametrize("version", ["02", "08"])
def test_a_transfer_that_names_its_reference_is_booked_once(promised, board, at, version):
    payment = promised(12_345)
    spaced = " ".join(payment.reference.lower())
    data = camt({"minor": 12_345, "text": f"Clean, ref {spaced}!"}, opening=100, version=version)
    assert vars(read(data, board, at)) == {"read": 1, "known": 0, "matched": 1, "doubtful": 0}
    assert Payment.objects.get(pk=payment.pk).state == "captured"
    assert books.balance("2100", "EUR") == euro(-12_345)
    assert vars(read(data, board, at)) == {"read": 1, "known": 1, "matched": 0, "doubtful": 0}
    overlapping = camt({"minor": 12_345, "text": spaced, "ref": 0}, {"minor": 1, "ref": 1}, version=version, number="S2")
    assert read(overlapping, board, at).known in (0, 1)
    assert books.balance("2100", "EUR") == euro(-12_345)


@pytest.mark.parametrize("version", ["02", "08"])
def test_our_statement_is_one_that_the_schema_knows(version):
    valid(camt({"minor": 500, "text": "x"}, version=version), f"camt.053.001.{version}.xsd")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"minor": 12_344, "text": "{ref}"}, "another amount"),
        ({"minor": 12_345, "text": "thank you"}, "no payment"),
        ({"minor": 12_345, "text": "{ref} and {other}"}, "several"),
        ({"minor": -500, "e2e": "0" * 32}, "No payout"),
    ],
)
def test_what_does_not_fit_waits_for_a_person(promised, board, at, entry, why):
    one, two = promised(12_345), promised(12_345, key="b")
    entry = {**entry, "text": entry.get("text", "").format(ref=one.reference, other=two.reference)}
    assert read(camt(entry), board, at).doubtful == 1
    assert why in Line.objects.get().why and Payment.objects.filter(state="captured").count() == 0


def test_the_same_payment_twice_is_booked_once_and_the_second_is_doubtful(promised, board, at):
    payment = promised(500)
    done = read(camt({"minor": 500, "text": payment.reference}, {"minor": 500, "text": payment.reference}), board, at)
    assert (done.matched, done.doubtful) == (1, 1) and books.balance("2100", "EUR") == euro(-500)


def test_a_batch_is_taken_apart_when_its_parts_add_up(promised, board, at):
    one, two = promised(500), promised(700, key="b")
    parts = [{"minor": 500, "text": one.reference}, {"minor": 700, "text": two.reference}]
    assert read(camt({"minor": 1_200, "parts": parts}), board, at).matched == 2
    parts[1]["minor"] = 600
    assert read(camt({"minor": 1_200, "parts": parts, "ref": "z"}), board, at).doubtful == 1


def test_what_is_only_pending_does_not_count(promised, board, at):
    payment = promised(500)
    data = camt({"minor": 500, "text": payment.reference, "status": "PDNG"}, closing=0)
    assert read(data, board, at).read == 0


@pytest.mark.parametrize(
    "data",
    [b"", b"<a/>", b"no", camt({"minor": 5}, closing=7), camt({"minor": 5}).replace(b'"EUR"', b'"EURO"'),
     camt({"minor": 5}).replace(b"0.05", b"0.055"), camt({"minor": 5}).replace(b"0.05", b"1e999999"),
     camt({"minor": 5}).replace(b"0.05", b"99999999999999999999.00"), b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><Stmt>&b;</Stmt>"],
)  # fmt: skip
def test_what_is_no_statement_changes_nothing(inside, board, at, data):
    with pytest.raises(statements.NotAStatement):
        read(data, board, at)
    assert not Line.objects.exists()


def test_a_file_of_thousands_of_statements_is_refused_before_any_is_looked_at(inside, board, at):
    whole = camt().decode()
    one = whole[whole.index("<Stmt>") : whole.index("</Stmt>") + 7]
    assert len(statements.read(whole.replace(one, one * 400).encode())) == 400
    with pytest.raises(statements.NotAStatement, match="1000"):
        read(whole.replace(one, one * 1001).encode(), board, at)


def test_a_statement_of_another_account_is_refused(inside, board, at):
    services.give(membership=None, name="Sparkle", iban=OWN, by=board, at=at)
    with pytest.raises(services.reading.NotOurs):
        read(camt({"minor": 5}, iban=DANA), board, at)


def test_a_person_places_what_is_doubtful_and_only_where_it_fits(promised, board, at):
    payment, other = promised(500), promised(700, key="b")
    read(camt({"minor": 500, "text": "for the clean"}), board, at)
    line = Line.objects.get()
    with pytest.raises(services.Doubtful):
        services.settle(line=line, payment=other, by=board, at=at)
    services.settle(line=line, payment=payment, by=board, at=at)
    assert Payment.objects.get(pk=payment.pk).state == "captured"
    with pytest.raises(services.Doubtful):
        services.settle(line=line, payment=payment, by=board, at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Line.objects.update(amount_minor=1)


def test_what_is_none_of_ours_is_left_out_with_a_reason(inside, board, worker, at):
    read(camt({"minor": 500, "text": "interest"}), board, at)
    line = Line.objects.get()
    with pytest.raises(services.Doubtful):
        services.ignore(line=line, why=" ", by=board, at=at)
    with pytest.raises(Refused):
        services.ignore(line=line, why="x", by=worker, at=at)
    assert services.ignore(line=line, why="Interest of the bank.", by=board, at=at).state == "ignored"


@pytest.fixture
def owed(inside, board, alice, at):
    """A payout that waits to be sent to Alice, outside the sandbox."""
    membership = members.of_person(alice.pk).get()
    legs = [ledger.debit("2100", euro(9_000)), ledger.credit("2110", euro(9_000), holder=membership.holder)]
    ledger.post(key="owe", narration="x", postings=legs, by=board, at=at)
    payout = Payout.objects.create(
        id=ids.new(), key="p1", holder=membership.holder, currency="EUR", amount_minor=9_000, provider="manual", state="unknown",
        reason="by_hand", asked_at=at,
    )  # fmt: skip
    return membership, payout


def test_payouts_go_out_in_a_file_that_two_people_saw_and_come_back_on_the_statement(owed, board, worker, second, at):
    membership, payout = owed
    services.give(membership=None, name="Sparkle", iban=OWN, by=board, at=at)
    with pytest.raises(services.NothingToPay):
        services.make(pays_on=date(2027, 3, 3), by=board, at=at)
    services.give(membership=membership, name="Alice A.", iban=DANA, by=worker, at=at)
    batch = services.make(pays_on=date(2027, 3, 3), by=board, at=at)
    with pytest.raises(services.NothingToPay):
        services.make(pays_on=date(2027, 3, 3), by=board, at=at)
    with pytest.raises(services.SecondPersonNeeded):
        services.approve(batch=batch, by=board, at=at)
    batch = services.approve(batch=batch, by=second, at=at)
    tree = ElementTree.fromstring(bytes(batch.file))
    assert {node.text for node in tree.iter() if node.tag.endswith("}InstdAmt")} == {"90.00"}
    read(camt({"minor": -9_000, "e2e": payout.pk.hex}, opening=10_000), board, at)
    payout.refresh_from_db()
    assert payout.state == "done" and books.balance("2110", "EUR", membership.holder) == euro(0)
    with pytest.raises(services.WrongMoment):
        services.drop(batch=batch, by=board, at=at)


@pytest.mark.parametrize(
    ("whose", "seconds", "approved"), [("hers", 1, False), ("hers", 0, True), ("ours", 1, False), ("other", 1, True)]
)
def test_a_file_is_not_approved_that_pays_to_an_account_given_up_since(
    owed, board, worker, bob, second, at, whose, seconds, approved
):
    membership, _payout = owed
    services.give(membership=None, name="Sparkle", iban=OWN, by=board, at=at)
    services.give(membership=membership, name="Alice A.", iban=DANA, by=worker, at=at)
    batch = services.make(pays_on=date(2027, 3, 3), by=board, at=at)
    later, of_bob = at + timedelta(seconds=seconds), members.of_person(bob.pk).get()
    about = {"hers": (membership, worker), "ours": (None, board), "other": (of_bob, board)}[whose]
    if whose == "other":
        Details.objects.create(membership=of_bob, name="Bob", iban=OTHER, given_at=later, given_by="x", usable_from=later)
    elif seconds:
        services.give(membership=about[0], name="Another", iban=OTHER, by=about[1], at=later)
    if approved:
        assert services.approve(batch=batch, by=second, at=later).approved_by == second.person_id
        return
    with pytest.raises(services.AccountChanged):
        services.approve(batch=batch, by=second, at=later)
    assert services.drop(batch=batch, by=board, at=later).dropped_at == later


def test_a_payout_that_left_twice_or_was_called_off_waits_for_a_person(owed, board, at):
    membership, payout = owed
    sent = {"minor": -9_000, "e2e": payout.pk.hex}
    done = read(camt(sent, sent, opening=18_000), board, at)
    assert (done.matched, done.doubtful) == (1, 1) and books.balance("2110", "EUR", membership.holder) == euro(0)
    assert sorted(line.why for line in Line.objects.all()) == ["", "This payout was sent before."]
    again = read(camt({**sent, "ref": "later"}, opening=9_000, number="S2"), board, at)
    assert (again.matched, again.doubtful) == (0, 1)
    other = Payout.objects.create(
        id=ids.new(), key="p2", holder=membership.holder, currency="EUR", amount_minor=500, provider="manual", state="failed",
        reason="called off", asked_at=at,
    )  # fmt: skip
    gone = read(camt({"minor": -500, "e2e": other.pk.hex, "ref": "off"}, opening=500, number="S3"), board, at)
    assert (gone.matched, gone.doubtful) == (0, 1)
    assert Line.objects.get(amount_minor=-500).why == "This payout was called off."


@pytest.mark.parametrize("text", ["{ref}", "TL-AAAA-AAAA", "{swapped}", "x" * 400])
def test_a_reference_that_is_almost_one_is_none(promised, board, at, text):
    payment = promised(500)
    code = f"{payment.reference[:-1]}N"  # As if it went on with the NOTPROVIDED of the next field.
    Payment.objects.filter(pk=payment.pk).update(reference=code)
    swapped = code[:-1] + ("A" if code[-1] != "A" else "B")
    read(camt({"minor": 500, "text": text.format(ref=code[:-1], swapped=swapped)}), board, at)
    assert Payment.objects.get(pk=payment.pk).state == "created" and Line.objects.get().state == "doubtful"


def test_accounts_are_found_for_more_members_than_a_statement_carries_values(owed, worker, at):
    membership, _payout = owed
    services.give(membership=membership, name="Alice", iban=DANA, by=worker, at=at)
    for some in ([membership.pk], range(membership.pk, membership.pk + 70_000)):
        assert set(queries.latest(some)) == {membership.pk}
    others = range(membership.pk + 1, membership.pk + 70_000)
    assert queries.latest(others[:1]) == {} == queries.latest(others)


def test_a_changed_account_rests_and_its_owner_is_told(owed, worker, board, at):
    membership, _payout = owed
    services.give(membership=membership, name="Alice", iban=DANA, by=worker, at=at)
    services.give(membership=membership, name="Alice", iban=DANA, by=worker, at=at)
    later = at + timedelta(days=1)
    changed = services.give(membership=membership, name="Mallory", iban=OTHER, by=worker, at=later)
    assert queries.usable({membership.pk}, later) == {}
    just_before = changed.usable_from - timedelta(seconds=1)
    assert changed.usable_from == later + timedelta(days=3)
    assert queries.usable({membership.pk}, just_before) == {} and queries.usable({membership.pk}, changed.usable_from)
    with outside():
        run_jobs()
    assert Letter.objects.filter(template="bank/changed", address="alice@sparkle.test").count() == 1


@pytest.mark.parametrize("iban", ["", "DE89370400440532013001", "hello", "XX00"])
def test_a_number_whose_check_digits_do_not_fit_is_refused(inside, alice, worker, at, iban):
    with pytest.raises(services.NotAnIban):
        services.give(membership=members.of_person(alice.pk).get(), name="Alice", iban=iban, by=worker, at=at)


def test_nobody_says_where_somebody_else_is_paid(inside, alice, board, at):
    with pytest.raises(Refused):
        services.give(membership=members.of_person(alice.pk).get(), name="Bob", iban=DANA, by=board, at=at)


def test_while_guardians_pause_payouts_no_file_is_made(owed, board, worker, at):
    membership, _payout = owed
    services.give(membership=None, name="Sparkle", iban=OWN, by=board, at=at)
    services.give(membership=membership, name="Alice", iban=DANA, by=worker, at=at)
    guardians = Principal.job(board.coop_id, "guardians")
    rules.halt(action="payouts.batch", cause="x", reasons="Look first.", signed_by=[1], by=guardians, at=at)
    with pytest.raises(services.WrongMoment):
        services.make(pays_on=date(2027, 3, 3), by=board, at=at)
    assert not Batch.objects.exists()


@pytest.mark.parametrize("schema", ["pain.001.001.03", "pain.001.001.09"])
def test_files_are_what_the_schema_says(schema, at):
    payments_of = [files.Transfer("Müller & Söhne <GmbH>", DANA, 12_345, "Payout “March”", "a" * 32)] * 3
    data = files.transfers(
        name="Brèves & Co", iban=OWN, on=date(2027, 3, 3), payments=payments_of, message="m1", at=at, schema=schema
    )
    sums = [node.text for node in ElementTree.fromstring(data).iter() if node.tag.endswith("}CtrlSum")]
    assert set(sums) == {"370.35"}
    valid(data, f"{schema}.xsd")


def test_the_page_offers_only_what_can_be_done_with_a_line_and_says_that_it_was(inside, sparkle, bob, board, at):
    read(camt({"minor": -1_234, "text": "fee", "name": "Bank"}), board, at)
    office = browser(bob)
    shown = office.get("/c/sparkle/bank/").content.decode()
    assert "Say why it is for nothing that waits here" in shown and "Or say why it is none of ours" not in shown
    assert "Bills and entries" in shown
    done = office.post(f"/c/sparkle/bank/lines/{Line.objects.get().pk}/", {"deed": "ignore", "why": "A fee"}, follow=True)
    assert "this line is none of ours" in done.content.decode()
    done = office.post("/c/sparkle/bank/account/", {"name": "Sparkle", "iban": OWN}, follow=True)
    assert "pays from this account, and is paid on it" in done.content.decode()


def test_the_page_names_whom_a_file_cannot_pay_yet(owed, sparkle, bob, worker, at):
    held = "No account to pay to yet, or one that rests after a change: Alice"
    assert held in browser(bob).get("/c/sparkle/bank/").content.decode()
    services.give(membership=owed[0], name="Alice", iban=DANA, by=worker, at=at - timedelta(days=900))
    assert held not in browser(bob).get("/c/sparkle/bank/").content.decode()


def test_the_pages_are_for_those_who_keep_the_money(owed, sparkle, bob, alice, charlie):
    for path in ("", "mine/"):
        assert browser(bob).get(f"/c/sparkle/bank/{path}").status_code == 200
        assert browser(charlie).get(f"/c/sparkle/bank/{path}").status_code in (403, 404)
    assert browser(alice).get("/c/sparkle/bank/").status_code == 403
    wrong = browser(alice).post("/c/sparkle/bank/mine/", {"name": "Alice", "iban": "DE00"})
    assert wrong.status_code == 422 and b"check digits" in wrong.content
    right = browser(alice).post("/c/sparkle/bank/mine/", {"name": "Alice", "iban": DANA})
    assert right.status_code == 302
    assert browser(bob).post("/c/sparkle/bank/batches/", {"pays_on": "2027-03-03"}).status_code == 422
