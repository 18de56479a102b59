"""The whole way of an expense on the pages and over the API: asked for, decided, prepared, paid."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.conftest import browser
from tests.money.funds.conftest import euro
from toadlane.money.funds import queries
from toadlane.money.funds.models import Disbursement, Expense
from toadlane.plumbing.access.principals import Channel
from toadlane.society.members import queries as members
from toadlane.society.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("money")]
PAGES, API = "/c/sparkle/spending", "/api/v1/coops/sparkle/spending"


def of(by):
    return browser(Person.objects.get(pk=by.person_id))


def receipt():
    return SimpleUploadedFile("receipt.pdf", b"%PDF-1.4 receipt", "application/pdf")


def page(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_on_the_pages(approved, alice, dora, emil):
    approval = approved()
    client, treasurer, board = browser(alice), of(dora), of(emil)
    form = {"purpose": "A phone", "amount": "120,00", "payee": "Alice", "approval": str(approval.pk), "file": receipt()}
    answer = client.post(f"{PAGES}/expenses/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    here = f"{PAGES}/expenses/1/"
    assert answer["Location"].endswith(here)
    shown = page(client, here)
    assert (
        "€120.00" in shown and approval.decision.name in shown and "receipt.pdf" in shown and "Prepare the payment" not in shown
    )
    assert "Expense 1: A phone" in page(treasurer, "/c/sparkle/members/desk/")
    key = {"key": "nonce"}
    for _ in range(2):
        assert treasurer.post(f"{here}prepare/", key).status_code == 302
    prepared = Disbursement.objects.get()
    assert "Pay it" not in page(treasurer, here) and "Pay it" in page(board, here)
    assert "Pay €120.00: A phone" in page(board, "/c/sparkle/members/desk/")
    for _ in range(2):
        board.post(f"{here}pay/", {"payment": prepared.pk})
    assert Expense.objects.get().state == "paid" and queries.paid_by_decision().looked_at == 1
    assert "paid €120.00." in page(client, here)
    everybody = page(Client(), f"{PAGES}/")
    assert "A phone line" in everybody and "€120.00" in everybody and f"/decisions/{approval.decision.name}/" in everybody
    assert approval.decision.name in page(client, "/c/sparkle/books/"), "the books name the decision"


def test_an_amount_is_taken_as_it_is_written_in_ones_own_language(worker, alice):
    client, form = browser(alice), {"purpose": "A phone", "payee": "Alice"}
    assert client.post(f"{PAGES}/expenses/new/", form | {"amount": "1.234,50"}).status_code == 302
    assert Expense.objects.get().amount_minor == 123_450
    asked = client.post(f"{PAGES}/expenses/new/", form | {"amount": "1.500"})
    assert asked.status_code == 422 and "two ways" in asked.content.decode() and Expense.objects.count() == 1
    client.get(f"{PAGES}/?lang=es")
    spanish = client.post(f"{PAGES}/expenses/new/", form | {"amount": "1.500"})
    assert spanish.status_code == 302 and Expense.objects.order_by("pk").last().amount_minor == 150_000


def test_what_was_typed_wrong_is_said_beside_it_and_kept(worker, alice, approved):
    client = browser(alice)
    answer = client.post(f"{PAGES}/expenses/new/", {"purpose": "A phone", "amount": "lots", "payee": ""})
    text = answer.content.decode()
    assert (
        answer.status_code == 422
        and 'value="lots"' in text
        and "Write the amount in digits" in text
        and 'value="A phone"' in text
    )
    approval = approved(payee="Acme")
    answer = client.post(f"{PAGES}/expenses/new/", {"purpose": "A", "amount": "1", "payee": "B", "approval": approval.pk})
    assert answer.status_code == 422 and "Decided was: Acme" in answer.content.decode()


def test_each_deed_has_its_button_and_its_answer(bought, approved, alice, dora, emil):
    expense = bought(12_000, receipt=False)
    here, client, treasurer = f"{PAGES}/expenses/{expense.number}/", browser(alice), of(dora)
    assert "No decision allows it yet" in page(client, here)
    answer = client.post(f"{here}ask/")
    assert answer.status_code == 302 and "/proposals/drafts/" in answer["Location"]
    assert "A phone" in page(client, answer["Location"])
    client.post(f"{here}correct/", {"amount": "90"})
    assert Expense.objects.get().amount_minor == 9_000
    assert client.post(f"{here}correct/", {"amount": "x"}).status_code == 422
    approval = approved()
    client.post(f"{here}under/", {"approval": approval.pk})
    assert Expense.objects.get().approval_id == approval.pk
    assert (
        treasurer.post(f"{here}advance/", {"amount": "45.01", "key": "a"}, follow=True).content.decode().count("At most €45.00.")
        == 1
    )
    treasurer.post(f"{here}advance/", {"amount": "45", "key": "a"})
    treasurer.post(f"{here}drop/", {"payment": Disbursement.objects.get().pk})
    treasurer.post(f"{here}advance/", {"amount": "45", "key": "b"})
    of(emil).post(f"{here}pay/", {"payment": Disbursement.objects.latest("pk").pk})
    assert "Bring it" in page(client, "/c/sparkle/members/desk/")
    client.post(f"{here}receipt/", {"file": receipt()})
    client.post(f"{here}correct/", {"amount": "40"})
    treasurer.post(f"{here}settle/")
    treasurer.post(f"{here}back/", {"amount": "5", "key": "c"})
    one = Expense.objects.get()
    assert (one.state, one.returned_minor) == ("paid", 500)
    for deed in ("nonsense", "pay"):
        assert treasurer.post(f"{here}{deed}/", {"payment": "9" * 30}).status_code == 404


def test_no_with_a_reason(bought, alice, dora):
    expense = bought()
    here = f"{PAGES}/expenses/{expense.number}/"
    assert of(dora).post(f"{here}decline/", {"reason": ""}).status_code == 422
    of(dora).post(f"{here}decline/", {"reason": "We have one already."})
    assert "Declined: We have one already." in page(browser(alice), here)
    assert browser(alice).post(f"{here}withdraw/", follow=True).content.decode().count("This expense is over.") == 1


def send(client, path, body=None, status=200, **headers):
    answer = client.post(f"{API}{path}", body or {}, content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_over_the_api(approved, alice, dora, emil):
    approval = approved()
    client, treasurer, board = browser(alice), of(dora), of(emil)
    [decided] = Client().get(API).json()["items"]
    assert (decided["decision"], decided["amount"]["minor"], decided["paid"]["minor"]) == (approval.decision.name, 40_000, 0)
    claim = {"purpose": "A phone", "minor": 12_000, "payee": "Alice", "approval": decided["id"]}
    made = send(client, "/expenses", claim, 201)
    assert made["decision"] == approval.decision.name and made["state"] == "open"
    number = made["number"]
    assert send(treasurer, f"/expenses/{number}/payments", {}, 409, **{"Idempotency-Key": "k"})["code"] == "no_receipt"
    assert client.post(f"{API}/expenses/{number}/receipts", {"file": receipt()}).status_code == 201
    first = send(treasurer, f"/expenses/{number}/payments", {}, 201, **{"Idempotency-Key": "k"})
    assert send(treasurer, f"/expenses/{number}/payments", {}, 201, **{"Idempotency-Key": "k"}) == first
    assert send(treasurer, f"/payments/{first['id']}/pay", status=409)["code"] == "second_person_needed"
    assert send(client, f"/payments/{first['id']}/pay", status=403)["code"] == "refused"
    for _ in range(2):
        assert send(board, f"/payments/{first['id']}/pay")["paid_at"]
    assert client.get(f"{API}/expenses/{number}").json()["state"] == "paid"
    assert [one["number"] for one in client.get(f"{API}/expenses?state=paid").json()["items"]] == [number]
    assert Client().get(API).json()["items"][0]["paid"]["minor"] == 12_000
    assert Client().get(f"{API}/limits").json()["one"]["minor"] == 0
    assert client.get(f"{API}/expenses/{number + 1}").status_code == 404


def test_own_data_goes_along(bought, worker):
    bought()
    assert queries.own_data(person_id=worker.person_id)[0]["purpose"] == "A phone"
    stranger = members.principal(person_id=None, channel=Channel.WEB)
    assert not queries.waiting(stranger, None) and euro(1).minor == 1
