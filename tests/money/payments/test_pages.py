"""The card page, the treasurer's desk and their API, as people and programs use them."""

import json
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from tests.conftest import browser
from tests.money.payments.cards import CHALLENGE, DECLINED, GOOD, LOST_ANSWER, card, euro
from toadlane.money.bank.models import Details
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment, Payout
from toadlane.money.payments.wiring import waiting
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.society.bylaws import services as bylaws
from toadlane.society.people.models import Person

TYPED = {"expiry": "04/49", "cvc": "123"}


@pytest.fixture
def page(begin):
    payment = begin(capture_at_once=True, return_url="/c/sparkle/orders/9/")
    with outside():
        yield queries.card_page(payment)


def test_a_stranger_who_holds_the_address_pays(page):
    shown = Client().get(page)
    assert shown.status_code == 200
    for number in (GOOD, DECLINED, CHALLENGE, LOST_ANSWER):
        assert number in shown.content.decode()
    paid = Client().post(page, TYPED | {"number": GOOD})
    assert (paid.status_code, paid.headers["Location"]) == (302, "/c/sparkle/orders/9/")
    again = Client().get(page).content.decode()
    assert "has €125.00" in again
    # Paying again changes nothing.
    Client().post(page, TYPED | {"number": GOOD})


def test_a_declined_card_is_told_and_what_was_typed_stays(page):
    shown = Client().post(page, TYPED | {"number": DECLINED})
    text = shown.content.decode()
    assert shown.status_code == 422
    assert "was declined" in text
    assert DECLINED in text
    assert Client().post(page, TYPED | {"number": GOOD}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"number": "12"}, "12 to 19 digits"),
        ({"number": "4111111111111111"}, "sandbox"),
        ({"number": GOOD, "expiry": "13/29"}, "slash between"),
        ({"number": GOOD, "expiry": "01/20"}, "no longer good"),
        ({"number": GOOD, "cvc": "12"}, "three or four digits"),
    ],
)
def test_what_is_wrong_with_a_card_is_said_at_its_field(page, typed, told):
    shown = Client().post(page, TYPED | typed)
    assert shown.status_code == 422
    assert told in shown.content.decode()


def test_a_challenge_is_a_page_of_its_own(page):
    asked = Client().post(page, TYPED | {"number": CHALLENGE}, follow=True)
    assert "is it you?" in asked.content.decode()
    another = Client().post(f"{page}confirm/", {"answer": "no"}, follow=True)
    assert "Card number" in another.content.decode()
    assert Client().post(f"{page}confirm/", {"answer": "yes"}).headers["Location"] == "/c/sparkle/orders/9/"


def test_a_lost_answer_is_said_and_not_tried_again(page):
    shown = Client().post(page, TYPED | {"number": LOST_ANSWER}, follow=True)
    text = shown.content.decode()
    assert "We wait for the answer" in text
    assert "Card number" not in text
    Client().post(page, TYPED | {"number": GOOD})
    assert "We wait for the answer" in Client().get(page).content.decode()


def test_the_way_back_leads_nowhere_else(begin):
    payment = begin(capture_at_once=True, return_url="https://elsewhere.test/")
    with outside():
        page = queries.card_page(payment)
        assert Client().post(page, TYPED | {"number": GOOD}).headers["Location"] == page
        assert Client().get("/pay/nothing/").status_code == 404


def test_a_transfer_shows_its_reference(begin):
    payment = begin(method="transfer")
    with outside():
        text = Client().get(queries.card_page(payment)).content.decode()
    assert payment.reference in text


def test_two_people_bring_a_transfer_into_the_books(begin, inside, bob, alice, make_board):
    payment, second = begin(method="transfer"), make_board(alice)
    with outside():
        first, url = browser(bob), f"/c/sparkle/payments/receipts/{payment.pk}/"
        text = first.get("/c/sparkle/payments/").content.decode()
        assert payment.reference in text
        first.post(url, {"deed": "record"})
        told = first.post(url, {"deed": "confirm"}, follow=True).content.decode()
        assert "Somebody other than the person" in told
    assert Payment.objects.get(pk=payment.pk).state == "requires_action"
    with outside():
        browser(second).post(url, {"deed": "confirm"})
    assert Payment.objects.get(pk=payment.pk).state == "captured"
    assert books.balance("1100", "EUR", "manual:transfer") == euro(12_500)


def test_two_people_send_a_refund_by_hand_over_the_api(begin, inside, board, bob, alice, charlie, make_board, at):
    payment, second = begin(method="transfer"), make_board(alice)
    payment = payments.record_receipt(payment=payment, by=board, at=at)
    with outside():
        one, other, root = browser(bob), browser(second), "/api/v1/coops/sparkle/payments"
        assert other.post(f"{root}/{payment.pk}/confirm").json()["state"] == "captured"
    payments.refund(payment=Payment.objects.get(), amount=euro(2_500), key="r", by=board, at=at)
    with outside():
        [waiting] = one.get(f"{root}/refunds").json()["items"]
        assert (waiting["amount"]["minor"], waiting["is_recorded"], waiting["payment"]) == (2_500, False, str(payment.pk))
        path = f"{root}/refunds/{waiting['id']}"
        assert browser(charlie).post(f"{path}/record").status_code == 404
        assert one.post(f"{path}/record").json()["is_recorded"]
        assert one.post(f"{path}/confirm").json()["code"] == "second_person_needed"
        assert other.post(f"{path}/confirm").json()["state"] == "done" and one.get(f"{root}/refunds").json()["items"] == []
    assert books.balance("1100", "EUR", "manual:transfer") == euro(10_000)


@pytest.fixture
def make_board(inside):
    from toadlane.society.members.models import Office

    def make(person):
        Office.objects.create(person=person, office="board", since="2027-01-01", named_by="test")
        return person

    return make


def test_a_transfer_that_did_not_come_can_be_recorded_again(begin, board, at):
    payment = payments.record_receipt(payment=begin(method="transfer"), by=board, at=at)
    payment = payments.reject_receipt(payment=payment, by=board, at=at)
    assert (payment.state, payment.doing) == ("failed", "")
    assert payments.record_receipt(payment=payment, by=board, at=at).doing == "confirm"


def owe(minor, by, at, holder="membership:7"):
    legs = [ledger.debit("2100", euro(minor)), ledger.credit("2110", euro(minor), holder=holder)]
    ledger.post(key=f"owe:{minor}:{at}", narration="Released", postings=legs, by=by, at=at)


def test_guardians_hold_a_batch_back_but_never_pay_that_is_two_days_late(begin, worker, board, at):
    payments.authorise(payment=begin(20_000, capture_at_once=True), instrument=card(), by=worker, at=at)
    owe(9_000, board, at)
    due, job = at + timedelta(days=queries.payout_days()), Principal.job(board.coop_id)
    guardians = Principal.job(board.coop_id, "guardians")
    reasons = {"reasons": "The bank details were changed by somebody else.", "signed_by": [1, 2]}
    bylaws.halt(action="payouts.batch", cause="batch:1", by=guardians, at=due - timedelta(hours=1), **reasons)
    late = due + timedelta(hours=48)
    assert payments.pay_out(by=job, at=late - timedelta(seconds=1)) == []
    assert [payout.amount for payout in payments.pay_out(by=job, at=late)] == [euro(9_000)]


def test_what_is_owed_is_paid_out_when_it_has_waited_and_once(begin, worker, board, at):
    payments.authorise(payment=begin(20_000, capture_at_once=True), instrument=card(), by=worker, at=at)
    days = timedelta(days=queries.payout_days())
    owe(9_000, board, at)
    owe(1_000, board, at + timedelta(days=1))
    job = Principal.job(board.coop_id)
    assert payments.pay_out(by=job, at=at + days - timedelta(seconds=1)) == []
    for _ in range(2):
        payments.pay_out(by=job, at=at + days)
    payout = Payout.objects.get()
    assert (payout.amount, payout.state) == (euro(9_000), "done")
    assert books.balance("2110", "EUR", "membership:7") == euro(-1_000)
    assert (books.balance("1000", "EUR"), books.balance("1100", "EUR")) == (euro(0), euro(11_000))


def test_money_owed_longer_than_its_interval_raises_an_alarm(begin, worker, board, at, bob):
    payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)
    owe(9_000, board, at)
    edge = at + timedelta(days=queries.payout_days() + 2)
    assert queries.alarms(edge - timedelta(seconds=1)) == []
    alarm = queries.alarms(edge)
    assert [(one.kind, one.amount) for one in alarm] == [("owed", euro(9_000))]
    payments.pay_out(by=Principal.job(board.coop_id), at=edge)
    assert queries.alarms(edge) == []


def test_a_provider_that_moves_no_money_never_says_paid(wheels, charlie, at):
    job = Principal.job(wheels.pk)
    officer = Principal(coop_id=wheels.pk, channel="web", person_id=charlie.pk, roles=frozenset({"treasurer"}))
    with scope(wheels.pk):
        queries.forget_sandboxes()
        owe(500, job, at)
        (payout,) = payments.pay_out(by=job, at=at + timedelta(days=30))
        assert (payout.state, payout.reason) == ("unknown", "by_hand")
        payments.sweep(by=job, at=at + timedelta(days=31))
        payout.refresh_from_db()
        assert payout.state == "unknown"
        payments.record_sent(errand=payout, by=officer, at=at)
        with pytest.raises(payments.SecondPersonNeeded):
            payments.confirm_sent(errand=payout, by=officer, at=at)
        other = Principal(coop_id=wheels.pk, channel="web", person_id=charlie.pk + 1, roles=frozenset({"treasurer"}))
        payments.confirm_sent(errand=payout, by=other, at=at)
        assert (payout.state, books.balance("2110", "EUR").minor) == ("done", 0)


def test_a_refund_goes_back_once_and_never_more_than_came(begin, worker, at):
    payment = payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)
    give = {"payment": payment, "by": worker, "at": at}
    first = payments.refund(amount=euro(6_250), key="r1", **give)
    assert payments.refund(amount=euro(6_250), key="r1", **give) == first
    assert (first.state, payment.refunded, books.balance("2100", "EUR")) == ("done", euro(6_250), euro(-6_250))
    with pytest.raises(payments.TooMuch):
        payments.refund(amount=euro(6_251), key="r2", **give)
    with pytest.raises(ledger.KeyReused):
        payments.refund(amount=euro(1), key="r1", **give)
    payments.refund(amount=euro(6_250), key="r3", **give)
    assert books.balance("1100", "EUR") == euro(0)


def test_the_treasurers_pages_are_for_the_office(begin, inside, alice, charlie, bob):
    begin(method="cash")
    with outside():
        for path in ("payments/", "payments/earned/"):
            assert browser(charlie).get(f"/c/sparkle/{path}").status_code == 404
            assert Client().get(f"/c/sparkle/{path}").status_code == 404
        assert browser(alice).get("/c/sparkle/payments/").status_code == 403
        assert browser(alice).get("/c/sparkle/payments/earned/").status_code == 200
        assert browser(bob).get("/c/sparkle/payments/").status_code == 200


def test_what_was_earned_begins_with_its_sums(begin, inside, worker, board, at):
    payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)
    legs = [ledger.debit("2100", euro(9_000)), ledger.credit("2110", euro(9_000), holder="membership:7")]
    ledger.post(key="released", narration="Released", postings=legs, by=board, at=at)

    def short(when, holder="membership:7"):
        found = queries.in_short(queries.owed(when, holders=[holder]), holders=[holder], at=when)
        return found["way"], [due for due in found["due"] if due], found["sent"]

    later = at + timedelta(days=queries.payout_days())
    assert short(at) == ([euro(9_000)], [], [])
    assert short(later) == ([euro(9_000)], [euro(9_000)], [])
    assert short(later, "membership:8") == ([], [], []), "and nobody sees what is another's"
    row = Payout.objects.create(
        id=UUID(int=7), key="sent", holder="membership:7", currency="EUR", amount_minor=4_000, provider="sandbox", state="done",
        asked_at=at, settled_at=at,
    )  # fmt: skip
    assert short(at)[2] == [euro(4_000)]
    more = {"holder": "membership:7", "currency": "EUR", "provider": "sandbox", "state": "asked", "asked_at": at}
    Payout.objects.create(id=UUID(int=8), key="surplus", code="2410", subject="year:2026", amount_minor=364, **more)
    Payout.objects.create(id=UUID(int=9), key="pay", amount_minor=1_000, **more)
    assert short(at)[0] == [euro(9_364)], "a part of a surplus is on its way, too, and pay counts once"
    row.settled_at = at.replace(year=at.year - 1, month=12, day=30)
    row.save()
    assert short(at)[2] == [], "last year's"


def test_the_api_says_the_same(begin, inside, bob, charlie, worker, at):
    payment = payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)
    with outside():
        api = browser(bob)
        root = "/api/v1/coops/sparkle/payments"
        assert api.get(f"{root}/{payment.pk}").json()["state"] == "captured"
        listed = api.get(root).json()
        assert [row["id"] for row in listed["items"]] == [str(payment.pk)]
        assert Client().get(f"{root}/methods").json() == [{"method": m} for m in ("card", "transfer", "cash")]
        for path in ("", "/payouts", "/owed", "/alarms", f"/{payment.pk}"):
            assert browser(charlie).get(root + path).status_code == 404
            assert api.get(root + path).status_code == 200


def test_a_signed_notice_settles_and_an_unsigned_one_does_not(begin, inside, worker, at):
    payment = payments.authorise(payment=begin(capture_at_once=True), instrument=card(LOST_ANSWER), by=worker, at=at)
    notice = {
        "id": "n1",
        "kind": "call.settled",
        "call_key": payment.call_key,
        "result": "succeeded",
        "charge": "ch_1",
        "minor": 12_500,
    }
    body, url = json.dumps(notice).encode(), "/api/v1/coops/sparkle/payments/notices"
    with outside():
        send = {"data": body, "content_type": "application/json"}
        assert Client().post(url, **send).status_code == 401
        assert Client().post(url, **send, headers={"Toadlane-Signature": "t=1,v1=00"}).status_code == 401
        for _ in range(2):
            assert Client().post(url, **send, headers={"Toadlane-Signature": payments.sign(body, at)}).status_code == 204
    payment.refresh_from_db()
    assert (payment.state, books.balance("2100", "EUR")) == ("captured", euro(-12_500))


def test_the_card_page_can_be_had_over_the_api(page, begin, inside, worker, at):
    api = "/api/v1" + page.rstrip("/")

    def pay(number):
        return Client().post(api, TYPED | {"number": number}, content_type="application/json")

    def confirm():
        return Client().post(f"{api}/confirm")

    shown = Client().get(api)
    assert shown.status_code == 200 and (shown.json()["state"], shown.json()["amount"]["minor"]) == ("created", 12_500)
    assert Client().get("/api/v1/pay/nothing").status_code == 404
    assert pay("12").json()["code"] == "invalid_card"
    assert confirm().json()["code"] == "nothing_to_confirm"
    assert pay(DECLINED).json()["state"] == "failed"
    assert pay(CHALLENGE).json()["state"] == "requires_action"
    assert confirm().json()["state"] == "captured"
    assert pay(GOOD).json()["state"] == "captured", "paying again changes nothing"
    with scope(inside.pk):
        assert Payment.objects.get().captured_minor == 12_500
        by_transfer = queries.card_page(begin(method="transfer"))
    refused = Client().post(f"/api/v1{by_transfer}".rstrip("/"), TYPED | {"number": GOOD}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_by_card")


def test_the_office_asks_about_all_that_is_unanswered_over_the_api(begin, inside, bob, alice, charlie, worker):
    before = clock.machine_time() - timedelta(hours=1)
    payments.authorise(payment=begin(capture_at_once=True), instrument=card(LOST_ANSWER), by=worker, at=before)
    url = "/api/v1/coops/sparkle/payments/reconcile"
    with outside():
        assert browser(charlie).post(url).status_code == 404
        assert browser(alice).post(url).status_code == 403
        assert browser(bob).post(url).json() == {"asked_about": 1}
    assert Payment.objects.get().state == "captured"


def test_who_pays_by_transfer_reads_where_to_once_the_account_has_rested(begin, inside, board, at):
    page = queries.card_page(begin(method="transfer"))

    def read() -> str:
        with outside():
            return Client().get(page).content.decode()

    assert "has not named its account yet" in read()
    own = {"name": "Sparkle", "iban": "DE89370400440532013000", "given_at": at, "given_by": str(board)}
    Details.objects.create(**own, usable_from=at + timedelta(days=3650))
    assert "DE89" not in read()
    Details.objects.create(**own | {"given_at": at + timedelta(seconds=1)}, usable_from=at - timedelta(days=3650))
    assert "DE89 3704 0044 0532 0130 00" in read()


def test_a_chargeback_stands_on_the_desk_of_the_treasurer(begin, inside, board, worker, at):
    payment = payments.authorise(payment=begin(), instrument=card(GOOD), by=Principal.job(inside.pk), at=at)
    job = Principal.job(inside.pk)
    payments.open_dispute(payment=payment, provider_ref="dp_9", amount=euro(12_500), fee=euro(1_500), by=job, at=at)
    assert "Charged back: €125.00" in [one.title for one in waiting(board, at)]
    assert not waiting(worker, at)
    page = browser(Person.objects.get(pk=board.person_id)).get("/c/sparkle/payments/").content.decode()
    assert "Charged back" in page and "€125.00" in page and "card ending in 4242" in page
    payments.close_dispute(payment=payment, provider_ref="dp_9", won=False, by=job, at=at)
    assert "Charged back: €125.00" not in [one.title for one in waiting(board, at)]


def test_a_card_is_typed_and_read_from_left_to_right_in_arabic(page):
    html = Client(headers={"accept-language": "ar"}).get(page).content.decode()
    assert "رقم البطاقة" in html and "Security code" not in html
    assert f'<bdi dir="ltr">{GOOD[:4]}' in html
    assert len(re.findall(r'<input[^>]*autocomplete="cc-[^>]*dir="ltr"', html)) == 3
