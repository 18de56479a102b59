"""The rest on shares is debited where its owner gave a mandate and began to pay it; what comes back is unpaid again."""

import pytest

from tests.conftest import run_jobs
from tests.money.bank.debiting import CREDITOR, DANA, OWN, day
from tests.money.bank.test_bank import camt, read
from toadlane.money.bank import services as bank
from toadlane.money.bank.models import Debit, Line
from toadlane.money.ledger import queries as books
from toadlane.ownership.shares import queries, services
from toadlane.plumbing.tenancy.scope import outside


def test_a_rest_is_debited_once_and_what_comes_back_is_unpaid_again(take, member, make_officer, board, at):
    dana = member("Dana")
    take(dana, 8, paid_rate="1/2")
    bank.give(membership=None, name="Sparkle", iban=OWN, by=board, at=at)
    bank.identify(identifier=CREDITOR, by=board, at=at)
    bank.sign(payer=dana[0], name="Dana", iban=DANA, by=dana[1], at=at)
    services.subscribe(
        membership=dana[0], share_class="ordinary", shares=1, method="transfer", key="wish", by=dana[1], at=at
    )  # fmt: skip
    rest = {"membership": dana[0], "share_class": "ordinary", "method": "transfer", "by": dana[1], "at": at}
    _first, second = (services.pay_rest(**rest, key=key) for key in ("one", "two"))
    file = bank.collect(collects_on=day(at), by=board, at=at)
    debit = Debit.objects.get()
    assert (file.total_minor, debit.payment_id) == (second.payment.amount_minor, second.payment.pk)
    with pytest.raises(bank.NothingToCollect):
        bank.collect(collects_on=day(at), by=board, at=at)
    bank.approve_collection(collection=file, by=make_officer("Gus", "treasurer"), at=at)
    read(camt({"minor": debit.amount_minor, "e2e": debit.payment_id.hex, "ref": "in"}), board, at)
    with outside():
        run_jobs()
    assert not queries.holding(dana[0].pk, "ordinary").unpaid.minor and books.balance("2100", "EUR").minor == 0
    with pytest.raises(bank.NothingToCollect):
        bank.collect(collects_on=day(at), by=board, at=at)
    back = camt({"minor": -debit.amount_minor, "e2e": debit.payment_id.hex, "ref": "back"}, opening=99_999, number="S2")
    assert read(back, board, at).doubtful == 0 and Line.objects.latest("pk").subject == f"returned:{debit.payment_id}"
    assert queries.holding(dana[0].pk, "ordinary").unpaid.minor == debit.amount_minor
    assert books.balance("2100", "EUR").minor == 0 and queries.register_equals_ledger().faults == []
    again = services.pay_rest(**rest, key="three")
    file = bank.collect(collects_on=day(at, 30), by=board, at=at)
    assert Debit.objects.get(collection=file).payment_id == again.payment.pk
