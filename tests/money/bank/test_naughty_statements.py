"""Statements as odd banks write them: right to the cent, or refused with what is wrong and where."""

import pytest

from tests.conftest import browser
from tests.money.bank.test_bank import OWN, promised, read, valid  # noqa: F401
from tests.money.payments.cards import euro
from toadlane.money.bank import services
from toadlane.money.bank.models import Line
from toadlane.money.bank.policies import statements
from toadlane.money.ledger import queries as books
from toadlane.money.payments.models import Payment


def written(*entries, version="08", unit="<Ccy>EUR</Ccy>", balances=""):
    return (
        f'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><GrpHdr>'
        "<MsgId>M</MsgId><CreDtTm>2027-03-02T09:00:00</CreDtTm></GrpHdr><Stmt><Id>S1</Id><CreDtTm>2027-03-02T09:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{OWN}</IBAN></Id>{unit}</Acct>{balances}{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def entry(amount="5.00", *details, unit="EUR", side="CRDT", status="<Cd>BOOK</Cd>", day="<Dt>2027-03-02</Dt>", more="", last=""):
    inside = f"<NtryDtls>{''.join(details)}</NtryDtls>" if details else ""
    return (
        f'<Ntry><Amt Ccy="{unit}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{more}<Sts>{status}</Sts><BookgDt>{day}</BookgDt>'
        f"<BkTxCd/>{last}{inside}</Ntry>"
    )


def part(amount="", text="no reference", *, unit="EUR", more="", last=""):
    amount = f'<Amt Ccy="{unit}">{amount}</Amt>' if amount else ""
    return (
        f"<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{amount}{more}"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>{last}</TxDtls>"
    )


def balance(code, amount, unit="EUR"):
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{unit}">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        "<Dt><Dt>2027-03-02</Dt></Dt></Bal>"
    )


def amounts(data):
    return [line.amount_minor for one in statements.read(data) for line in one.lines]


CHARGE = '<Chrgs><Rcrd><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>'
OUT = "<CdtDbtInd>DBIT</CdtDbtInd>"


@pytest.mark.parametrize(
    ("data", "read_as"),
    [
        (written(entry(status="BOOK"), version="04"), [500]),
        (written(entry("0.00")), []),
        (written(entry("50.00", part("50.00"), part("0.00"))), [5_000]),
        (written(entry("49.00", part("50.00"), part("1.00", more=OUT))), [5_000, -100]),
        (written(entry("0.00", part("5.00"), part("5.00", more=OUT))), [500, -500]),
        (written(entry("99.00", part("50.00"), part("50.00"), last=CHARGE)), [5_000, 5_000, -100]),
        (written(entry("50.00", side="DBIT", more="<RvslInd>true</RvslInd>")), [-5_000]),
        (written(entry("5<?cut?>0.00")), [5_000]),
        (written(entry("5<!-- cut -->0.00")), [5_000]),
        (written(entry(), unit="", balances=balance("OPBD", "1.00") + balance("CLBD", "6.00")), [500]),
        (written(entry(), balances=balance("OPBD", "1.00")), [500]),
    ],
)
def test_an_odd_statement_is_read_to_the_cent(data, read_as):
    assert amounts(data) == read_as


@pytest.mark.parametrize(
    ("version", "status", "charge", "amount"),
    [
        ("02", "BOOK", CHARGE.replace("<Rcrd>", "").replace("</Rcrd>", ""),
         '<AmtDtls><TxAmt><Amt Ccy="EUR">50.00</Amt></TxAmt></AmtDtls>'),
        ("08", "<Cd>BOOK</Cd>", CHARGE, '<Amt Ccy="EUR">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>'),
    ],
)  # fmt: skip
def test_what_the_tests_write_is_what_the_schema_knows(version, status, charge, amount):
    ends = balance("OPBD", "1.00") + balance("CLBD", "100.00")
    parts = [part(more=amount), part(more=amount)]
    data = written(entry("99.00", *parts, status=status, last=charge), version=version, balances=ends)
    valid(data, f"camt.053.001.{version}.xsd")
    assert amounts(data) == [5_000, 5_000, -100]


@pytest.mark.parametrize("day", ["<Dt>2027-03-02+01:00</Dt>", "<Dt>2027-03-02Z</Dt>", "<DtTm>2027-03-02T23:30:00+01:00</DtTm>"])
def test_a_day_may_say_its_time_zone(day):
    assert [str(one.first_on) for one in statements.read(written(entry(day=day)))] == ["2027-03-02"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (written(entry(), entry(unit="USD")), "S1, entry 2: it is in USD, but the account is in EUR"),
        (written(entry(), balances=balance("OPBD", "0.00", "USD")), "S1: it is in USD"),
        (written(entry(), unit="<Ccy>EURO</Ccy>"), "“EURO” is no currency"),
        (written(unit="<Ccy>EURO</Ccy>"), "“EURO” is no currency"),
        (written(entry(status="<Prtry>done</Prtry>")), "S1, entry 1: it says neither that it is booked"),
        (written(entry(status="<Cd>BOOKED</Cd>")), "neither that it is booked"),
        (written(entry(), entry(day="<Dt>2027-02-30</Dt>")), "S1, entry 2: “2027-02-30” is no day"),
        (written(entry(side="UP")), "CdtDbtInd"),
        (written(entry("5.005")), "S1, entry 1: “5.005 EUR” is no amount"),
        (written(entry("-5.00")), "“-5.00 EUR” is no amount"),
        (written(entry(), balances=balance("OPBD", "1.00") + balance("CLBD", "7.00")), "began with 1.00 EUR and ended"),
        (written(entry()).replace(b"Stmt>", b"Rpt>"), "not a bank statement"),
        (b"<a>" * 9_999, "not an XML file"),
        (b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><Stmt>&c;</Stmt>', "DOCTYPE"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(data, why):
    with pytest.raises(statements.NotAStatement, match=why):
        statements.read(data)


def test_a_notice_of_nothing_is_no_movement(inside, board, at):
    done = read(written(entry("0.00"), entry("5.00")), board, at)
    assert (done.read, done.doubtful) == (1, 1)


def test_a_batch_that_the_bank_does_not_tell_apart_pays_nobodys_order(promised, board, at):  # noqa: F811
    """It names one of ours first, and is as much: yet it stands for two."""
    payment = promised(9_900)
    read(written(entry("99.00", part(text=payment.reference), part(text="somebody else"))), board, at)
    line = Line.objects.get()
    assert "several payments at once" in line.why and "somebody else" in line.text and payment.reference in line.text
    assert books.balance("2100", "EUR") == euro(0)
    services.settle(line=line, payment=payment, by=board, at=at)


def test_the_parts_of_a_batch_are_booked_and_what_the_bank_kept_waits_for_a_person(promised, board, at):  # noqa: F811
    one, two = promised(5_000), promised(5_000, key="b")
    data = written(entry("99.00", part("50.00", one.reference), part("50.00", two.reference), last=CHARGE))
    done = read(data, board, at)
    assert (done.read, done.matched, done.doubtful) == (3, 2, 1)
    assert Line.objects.get(state="doubtful").amount_minor == -100 and books.balance("2100", "EUR") == euro(-10_000)
    assert read(data, board, at).known == 3


@pytest.mark.parametrize("said", ["entry", "part"])
def test_money_that_comes_back_pays_nothing_by_itself(promised, board, at, said):  # noqa: F811
    """A transfer of ours that the other bank sent back names what it was for."""
    payment = promised(5_000)
    returned = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>" if said == "part" else ""
    undone = "<RvslInd>true</RvslInd>" if said == "entry" else ""
    read(written(entry("50.00", part("50.00", payment.reference, last=returned), more=undone)), board, at)
    assert Payment.objects.get(pk=payment.pk).state == "created" and "undoes" in Line.objects.get().why


def test_a_reference_is_found_behind_letters_that_look_like_one(promised, board, at):  # noqa: F811
    payment = promised(5_000)
    assert read(written(entry("50.00", part("50.00", f"TL {payment.reference}"))), board, at).matched == 1


def test_a_page_says_how_many_lines_wait_beyond_those_it_shows(inside, board, bob, at):
    read(written(*(entry(f"{number}.00") for number in range(1, 53))), board, at)
    page = browser(bob).get("/c/sparkle/bank/").content.decode()
    assert page.count('value="ignore"') == 50 and "And 2 more." in page
