"""Files that pay: whatever people are called, wherever their account is and in whichever currency they are owed."""

from datetime import date
from xml.etree import ElementTree

import pytest

from tests.money.bank.test_bank import DANA, OWN, owed, promised, valid  # noqa: F401
from toadlane.kernel.money import Money
from toadlane.money.bank import services
from toadlane.money.bank.policies import files
from toadlane.money.payments import services as payments
from toadlane.money.payments.policies import accounts
from toadlane.plumbing.access.principals import Principal
from toadlane.society.members import queries as members

ODD = ["🦆🦆", "", "\x08bell", "Ann_Bee @ “home”", "//x//", "أحمد", "王小明", "&" * 300, "x" * 69 + " y", "Ł€ß\u200b"]


@pytest.mark.parametrize("schema", ["pain.001.001.03", "pain.001.001.09"])
@pytest.mark.parametrize(("currency", "is_sepa"), [("EUR", True), ("EUR", False), ("GBP", False), ("JPY", False), ("KWD", False)])
def test_no_name_and_no_amount_keeps_everybody_from_being_paid(schema, currency, is_sepa, at):
    amounts = [1, 99_999_999_999]
    rows = [files.Transfer(name, DANA, minor, name, name) for name in ODD for minor in amounts]
    data = files.transfers(
        name="🦆", iban=OWN, on=date(2027, 3, 3), payments=rows, message="m1", at=at, schema=schema, currency=currency,
        is_sepa=is_sepa,
    )  # fmt: skip
    valid(data, f"{schema}.xsd")
    told = [node.text for node in ElementTree.fromstring(data).iter() if node.tag.endswith(("}Nm", "}Ustrd", "}EndToEndId"))]
    assert all(set(text) <= set(files._LETTERS) and not text.startswith("/") and "//" not in text for text in told)
    assert "NOTPROVIDED" in told and "Ann-Bee . 'home'" in told and (b">SEPA<" in data) is is_sepa
    assert {"JPY": b">1<", "KWD": b">0.001<"}.get(currency, b">0.01<") in data


@pytest.mark.parametrize(
    ("number", "is_reached"),
    [(OWN, True), ("CH9300762011623852957", True), ("RS35260005601001611379", True), ("TR330006100519786457841326", False)],
)
def test_where_sepa_reaches(number, is_reached):
    assert accounts.iban(number) == number and accounts.takes_sepa(number) is is_reached


def test_each_currency_and_each_way_has_a_file_of_its_own(owed, second, board, worker, at):  # noqa: F811
    """A co-op owes its member pounds, and another member has an account where SEPA does not reach."""
    membership, _payout = owed
    services.give(membership=None, name="Sparkle", iban=OWN, by=board, at=at)
    services.give(membership=membership, name="Alice", iban=DANA, by=worker, at=at)
    other = members.register().get(person__name="Gus")
    services.give(membership=other, name="Gus", iban="TR330006100519786457841326", by=second, at=at)
    for holder, unit in ((membership, "GBP"), (other, "EUR")):
        due = payments.Due(holder=holder.holder, code="2400", amount=Money(2_000, unit), subject="shares_part:1")
        payments.hand_over(dues=[due], by=Principal.job(board.coop_id), at=at)
    made = [services.make(pays_on=date(2027, 3, 3), by=board, at=at) for _n in range(3)]
    assert sorted((one.currency, b">SEPA<" in one.file, one.count) for one in made) == [
        ("EUR", False, 1), ("EUR", True, 1), ("GBP", False, 1),
    ]  # fmt: skip
    assert next(one for one in made if one.currency == "GBP").total == Money(2_000, "GBP")
    with pytest.raises(services.NothingToPay):
        services.make(pays_on=date(2027, 3, 3), by=board, at=at)
