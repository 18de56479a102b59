"""A contribution that was a mistake goes back by two people, within what is still there; what a batch sends by bank is a file."""

import pytest
from django.db import DatabaseError, transaction
from lxml import etree

from tests.conftest import browser
from tests.money.benefits.test_story import take
from tests.money.payments.cards import euro
from toadlane.money.bank import services as bank
from toadlane.money.benefits import queries, services
from toadlane.money.benefits.models import Contribution, GiveBack
from toadlane.money.ledger import queries as books
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.tenancy.scope import outside

pytestmark = pytest.mark.django_db
IBAN = "DE89370400440532013000"


@pytest.fixture
def paid(rose, clients, promise):
    """Two clients have paid 15.00 and 60.00 into Rose's wallet."""
    promise(clients[0], rose, 1_500)
    promise(clients[1], rose, 6_000)
    return Contribution.objects.get(amount_minor=6_000)


def ask(paid, by, at, minor=6_000):
    return services.ask_back(contribution=paid, amount=euro(minor), reason="Typed a nought too many", by=by, at=at)


def test_two_people_give_it_back_and_the_client_has_it_on_the_card(rose, paid, board, dora, worker, at):
    with pytest.raises(Refused):
        ask(paid, worker, at)
    back = ask(paid, board, at)
    assert (queries.balance(rose), queries.available(rose)) == (euro(7_500), euro(1_500)), "set aside, and not gone yet"
    with pytest.raises(services.NothingLeft):
        ask(paid, dora, at, minor=1)
    with pytest.raises(services.SecondPersonNeeded):
        services.agree_back(give_back=back, by=board, at=at)
    for _twice in range(2):
        services.agree_back(give_back=back, by=dora, at=at)
    assert queries.balance(rose) == queries.available(rose) == euro(1_500)
    assert books.balance("1100", "EUR") == euro(1_500) and not queries.wallets_hold().faults
    with pytest.raises(services.NothingLeft):
        ask(paid, board, at, minor=1)


@pytest.mark.parametrize(("minor", "fine"), [(1_500, True), (1_501, False)])
def test_what_the_worker_has_asked_for_does_not_go_back(rose, paid, board, at, minor, fine):
    take(rose, at)
    assert queries.available(rose) == euro(1_500)
    if fine:
        assert ask(paid, board, at, minor=minor).amount == euro(minor)
        with pytest.raises(services.NotEnough):
            take(rose, at, key="another")
    else:
        with pytest.raises(services.NothingLeft):
            ask(paid, board, at, minor=minor)


def test_dropped_it_is_the_workers_again_and_the_database_lets_no_single_person_do_it(rose, paid, board, dora, at):
    back = ask(paid, board, at)
    for wrong in ({"agreed_by": back.asked_by_id, "agreed_at": at}, {"amount_minor": 1}):
        with pytest.raises(DatabaseError), transaction.atomic():
            GiveBack.objects.filter(pk=back.pk).update(**wrong)
    services.drop_back(give_back=back, by=dora, at=at)
    assert queries.available(rose) == euro(7_500)
    with pytest.raises(services.GivenBack):
        services.agree_back(give_back=back, by=dora, at=at)


def test_it_is_done_on_the_page_and_over_the_api_and_charlie_sees_nothing(paid, inside, bob, alice, wheels, charlie):
    root, page = "/api/v1/coops/sparkle/benefits", "/c/sparkle/benefits/batches/"
    with outside():
        one = browser(bob)
        assert "What clients paid in lately" in one.get(page).content.decode()
        wrong = one.post(f"/c/sparkle/benefits/back/{paid.pk}/ask/", {"amount": "sixty", "reason": "A mistake & more"})
        assert wrong.status_code == 422 and 'value="sixty"' in wrong.text and 'value="A mistake &amp; more"' in wrong.text
        too_much = one.post(f"/c/sparkle/benefits/back/{paid.pk}/ask/", {"amount": "9999", "reason": "A mistake"})
        assert too_much.status_code == 422 and 'value="9999"' in too_much.text
        said = {"amount": "60.00", "reason": "A mistake"}
        assert one.post(f"/c/sparkle/benefits/back/{paid.pk}/ask/", said).status_code == 302
        shown = one.get(page).content.decode()
        assert "Somebody else has to agree" in shown
        [waiting] = one.get(f"{root}/give-backs").json()["items"]
        path = f"{root}/give-backs/{waiting['id']}"
        for nobody in (alice, charlie):
            assert browser(nobody).get(f"{root}/give-backs").status_code in (403, 404)
            assert browser(nobody).post(f"{path}/agree").status_code in (403, 404)
        assert one.post(f"{path}/agree").status_code == 403
        assert one.post(f"{path}/drop").json()["dropped_at"]
        again = one.post(
            f"{root}/contributions/{paid.pk}/give-back", {"minor": 6_001, "reason": "x"}, content_type="application/json"
        )
        assert again.status_code == 422


def test_what_an_approved_batch_sends_by_bank_is_the_same_file_each_time(rose, paid, board, dora, bob, charlie, at):
    take(rose, at, way="transfer", account="DE89 3704 0044 0532 0130 00")
    batch = services.prepare(by=dora, at=at)
    assert queries.bank_file(batch) is None, "nobody has approved it"
    batch = services.approve(batch=batch, by=board, at=at)
    assert queries.bank_file(batch) is None, "the co-op has not said which account pays"
    bank.give(membership=None, name="Sparkle", iban="IE29AIBK93115212345678", by=board, at=at)
    file = queries.bank_file(batch)
    assert file is not None and file == queries.bank_file(queries.batch(batch.number))
    tree = etree.fromstring(file)
    text = {name: [one.text for one in tree.iter(f"{{*}}{name}")] for name in ("InstdAmt", "IBAN", "EndToEndId", "Nm")}
    assert text["InstdAmt"] == ["60.00"] and text["IBAN"] == ["IE29AIBK93115212345678", IBAN]
    assert text["EndToEndId"][0].startswith("draw-")
    root = "/api/v1/coops/sparkle/benefits"
    with outside():
        assert browser(bob).get(f"{root}/batches/{batch.number}/file").content == file
        assert browser(bob).get(f"/c/sparkle/benefits/batches/{batch.number}/file.xml").content == file
        assert "The file for the bank" in browser(bob).get("/c/sparkle/benefits/batches/").content.decode()
        assert browser(charlie).get(f"{root}/batches/{batch.number}/file").status_code in (403, 404)


def test_cash_vouchers_and_what_is_no_account_are_in_no_file(rose, paid, inside, board, dora, at):
    bank.give(membership=None, name="Sparkle", iban="IE29AIBK93115212345678", by=board, at=at)
    take(rose, at, way="transfer", account="12 Quay Lane")
    batch = services.approve(batch=services.prepare(by=dora, at=at), by=board, at=at)
    assert queries.by_bank(batch) == [] and queries.bank_file(batch) is None
