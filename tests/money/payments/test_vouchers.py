"""Vouchers as money: offered where the members say so, seen by two people, and each taken once."""

import re
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from tests.conftest import browser
from tests.money.payments.cards import euro
from tests.money.payments.test_races import CROWD, at_once
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment, State, Voucher
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import queries as members
from toadlane.society.members.models import Office


@pytest.fixture
def taken(inside, monkeypatch):
    monkeypatch.setitem(bylaws.book()._parsed, "pay.vouchers", True)


@pytest.fixture
def other(alice, inside):
    """Another person who may confirm."""
    Office.objects.create(person=alice, office="board", since="2027-01-01", named_by="test")
    return members.principal(person_id=alice.pk, channel=Channel.WEB)


def slips(numbers, minor=12_500, rest=""):
    return payments.Vouchers(numbers, euro(minor), rest)


def paid(payment, numbers, board, other, at):
    handed = slips(numbers) if numbers else None
    recorded = payments.record_receipt(payment=payment, handed=handed, by=board, at=at)
    return payments.confirm_receipt(payment=recorded, by=other, at=at)


def test_they_are_offered_only_where_the_members_say_so(begin, inside, monkeypatch):
    assert "voucher" not in queries.methods()
    with pytest.raises(payments.NotOnOffer):
        begin(method="voucher")
    monkeypatch.setitem(bylaws.book()._parsed, "pay.vouchers", True)
    assert queries.methods()[-1] == "voucher" and begin(method="voucher").provider == "manual"


def test_two_people_see_them_and_they_are_in_the_books(begin, taken, board, other, at):
    payment = begin(method="voucher")
    with pytest.raises(payments.NoSuchVouchers):
        payments.record_receipt(payment=payment, by=board, at=at)
    payment.refresh_from_db()
    assert (payment.state, payment.doing) == (State.CREATED, ""), "what is refused is not half done"
    recorded = payments.record_receipt(
        payment=payment, handed=slips(["Home help 12-345", "", "home help 12-346 "]), by=board, at=at
    )
    assert queries.vouchers_of([recorded]) == {payment.pk: ["HOMEHELP12345", "HOMEHELP12346"]}
    with pytest.raises(payments.SecondPersonNeeded):
        payments.confirm_receipt(payment=recorded, by=board, at=at)
    done = payments.confirm_receipt(payment=recorded, by=other, at=at)
    assert (done.state, done.captured) == (State.CAPTURED, euro(12_500))
    assert books.balance("1100", "EUR", "manual:voucher") == euro(12_500)


@pytest.mark.parametrize("numbers", [[], [" "], ["–"], ["A1", "a-1"], ["9" * 61], [str(n) for n in range(51)]])
def test_numbers_that_cannot_be_are_refused(begin, taken, board, at, numbers):
    with pytest.raises(payments.NoSuchVouchers):
        payments.record_receipt(payment=begin(method="voucher"), handed=slips(numbers), by=board, at=at)
    assert not Voucher.objects.exists()


def test_the_longest_number_and_the_most_of_them_are_taken(begin, taken, board, at):
    numbers = ["9" * 60, *(str(n) for n in range(49))]
    payments.record_receipt(payment=begin(method="voucher"), handed=slips(numbers), by=board, at=at)
    assert Voucher.objects.count() == 50


def test_one_is_taken_once_however_it_is_written(begin, taken, board, other, at):
    paid(begin(method="voucher"), ["HH 7"], board, other, at)
    again = begin(method="voucher")
    with pytest.raises(payments.VoucherTaken, match="HH7"):
        payments.record_receipt(payment=again, handed=slips(["HH 8", "hh-7"]), by=board, at=at)
    again.refresh_from_db()
    assert again.state == State.CREATED and Voucher.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Voucher.objects.create(payment=again, number="HH7", taken_at=at)


def test_one_that_was_not_there_can_be_brought(begin, taken, board, other, at):
    payment = payments.record_receipt(payment=begin(method="voucher"), handed=slips(["HH 7"]), by=board, at=at)
    payments.reject_receipt(payment=payment, by=other, at=at)
    assert paid(begin(method="voucher"), ["HH 7"], board, other, at).state == State.CAPTURED


def test_one_that_went_back_with_the_whole_price_can_be_brought_again(begin, taken, board, other, worker, at):
    payment = paid(begin(method="voucher"), ["HH 7"], board, other, at)
    for key, minor in (("r1", 12_499), ("r2", 1)):
        assert queries.vouchers_of([payment]), "it is there as long as a part of it is"
        asked = payments.refund(payment=payment, amount=euro(minor), key=key, by=worker, at=at)
        payments.record_sent(errand=asked, by=board, at=at)
        payments.confirm_sent(errand=asked, by=other, at=at)
    assert not queries.vouchers_of([payment])
    assert paid(begin(method="voucher"), ["HH 7"], board, other, at).state == State.CAPTURED


def test_what_was_noted_is_kept_as_it_is(begin, taken, board, at):
    payment = payments.record_receipt(payment=begin(method="voucher"), handed=slips(["HH 7"]), by=board, at=at)
    [one] = Voucher.objects.all()
    with pytest.raises(DatabaseError, match="taken for a payment"), transaction.atomic():
        Voucher.objects.filter(pk=one.pk).update(number="HH8")
    with pytest.raises(DatabaseError, match="is kept"), transaction.atomic():
        one.delete()
    payments.reject_receipt(payment=payment, by=board, at=at)
    with pytest.raises(DatabaseError, match="let go, once"), transaction.atomic():
        Voucher.objects.filter(pk=one.pk).update(let_go_at=None)


def test_no_other_money_comes_with_numbers(begin, taken, board, at):
    payment = begin(method="cash")
    with pytest.raises(payments.NoSuchVouchers):
        payments.record_receipt(payment=payment, handed=slips(["HH 7"]), by=board, at=at)


def test_another_coop_takes_its_own(begin, taken, board, other, wheels, charlie, at):
    payment = paid(begin(method="voucher"), ["HH 7"], board, other, at)
    with scope(wheels.pk):
        assert not queries.vouchers_of([payment])
        assert not Voucher.objects.filter(number="HH7").exists()


def test_on_the_page_of_the_treasurer_they_are_typed_one_a_line(begin, taken, board, other, bob, alice):
    payment = begin(method="voucher")
    with outside():
        page = browser(bob)
        assert 'name="vouchers"' in page.get("/c/sparkle/payments/").content.decode()
        typed = {"deed": "record", "vouchers": "HH 7\r\nHH 8\r\n", "worth": "125,00"}
        page.post(f"/c/sparkle/payments/receipts/{payment.pk}/", typed)
        shown = browser(alice).get("/c/sparkle/payments/").content.decode()
        assert "HH7, HH8" in shown
        browser(alice).post(f"/c/sparkle/payments/receipts/{payment.pk}/", {"deed": "confirm"})
    payment.refresh_from_db()
    assert payment.state == State.CAPTURED
    with outside():
        assert "HH7" not in browser(bob).get("/c/sparkle/payments/").content.decode()


def test_the_api_takes_them_too(begin, taken, board, other, bob, charlie):
    first, second = begin(method="voucher"), begin(method="voucher")
    with outside():
        root, said = "/api/v1/coops/sparkle/payments", {"vouchers": ["HH 7"], "worth": 12_500}
        assert {"method": "voucher"} in Client().get(f"{root}/methods").json()
        for client in (browser(charlie), Client()):
            answer = client.post(f"{root}/{first.pk}/record", said, content_type="application/json")
            assert answer.status_code in (401, 403, 404)
        answer = browser(bob).post(f"{root}/{first.pk}/record", said, content_type="application/json")
        assert answer.json()["vouchers"] == ["HH7"] and answer.json()["is_recorded"]
        answer = browser(bob).post(f"{root}/{second.pk}/record", said, content_type="application/json")
        assert (answer.status_code, answer.json()["field"]) == (409, "vouchers")
        listed = browser(bob).get(root).json()["items"]
        assert sorted(row["vouchers"] for row in listed) == [[], ["HH7"]]


@pytest.mark.parametrize("method", ["cash", "voucher"])
def test_what_is_in_hand_is_at_the_bank_when_two_people_say_so(begin, taken, board, other, wheels, charlie, at, method):
    paid(begin(method=method), ["HH 7"] if method == "voucher" else [], board, other, at)
    place, whole = f"manual:{method}", euro(12_500)
    assert queries.in_hand() == [(place, whole)]
    with pytest.raises(payments.TooMuch):
        payments.ask_to_carry(provider=place, amount=euro(12_501), by=board, at=at)
    with pytest.raises(payments.NotPossible):
        payments.ask_to_carry(provider="manual:transfer", amount=euro(1), by=board, at=at)
    asked = payments.ask_to_carry(provider=place, amount=whole, by=board, at=at)
    with pytest.raises(payments.SecondPersonNeeded):
        payments.agree_to_carry(carried=asked, by=board, at=at)
    assert books.balance("1000", "EUR") == euro(0)
    done = payments.agree_to_carry(carried=asked, by=other, at=at)
    assert (done.state, queries.in_hand(), books.balance("1000", "EUR")) == ("done", [], whole)
    with pytest.raises(payments.TooMuch):
        payments.agree_to_carry(carried=asked, by=other, at=at)
    by = Principal(coop_id=wheels.pk, channel="web", person_id=charlie.pk)
    with scope(wheels.pk), pytest.raises(Refused):
        payments.agree_to_carry(carried=asked, by=by, at=at)


@pytest.mark.django_db(transaction=True)
def test_the_page_says_what_is_in_hand(begin, board, other, bob, alice, at):
    paid(begin(method="cash"), [], board, other, at)
    with outside():
        url = "/c/sparkle/payments/companies/"
        assert "Cash in hand" in browser(bob).get(url).content.decode()
        browser(bob).post(url, {"place": "manual:cash:EUR", "amount": "125.00"})
        shown = browser(alice).get(url).content.decode()
        [path] = set(re.findall(r'action="(/[^"]*[-0-9a-f]{36}/)"', shown))
        told = browser(alice).post(path, {"deed": "agree"}, follow=True).content.decode()
        assert "It is at the bank." in told
    assert books.balance("1000", "EUR") == euro(12_500)


@pytest.mark.django_db(transaction=True)
def test_brought_to_many_at_the_same_moment_it_is_taken_once(begin, taken, board, at):
    asked = [begin(method="voucher", key=str(uuid4())) for _one in range(CROWD)]
    handed = slips(["HH 7"])
    came = at_once(*(
        lambda payment=payment: payments.record_receipt(payment=payment, handed=handed, by=board, at=at) for payment in asked
    ))  # fmt: skip
    assert sum(isinstance(one, Payment) for one in came) == 1
    assert sum(isinstance(one, payments.VoucherTaken) for one in came) == CROWD - 1
    assert Payment.objects.filter(doing="confirm").count() == 1 and Voucher.objects.count() == 1


@pytest.mark.parametrize(
    ("minor", "rest", "field"),
    [(12_500, "", ""), (12_499, "cash", ""), (12_499, "", "rest"), (12_499, "card", "rest"), (1, "cash", ""),
     (0, "cash", "worth"), (20_000, "", "")],
)  # fmt: skip
def test_what_they_are_worth_is_said_and_what_they_are_short_of_comes_in_cash(begin, taken, board, other, at, minor, rest, field):
    payment, about = begin(method="voucher"), {"handed": slips(["HH 7"], minor, rest), "by": board, "at": at}
    if field:
        with pytest.raises(payments.WorthUnknown) as said:
            payments.record_receipt(payment=payment, **about)
        payment.refresh_from_db()
        assert (
            said.value.field == field and (payment.doing, payment.vouchers_minor) == ("", None) and not Voucher.objects.exists()
        )
        return
    done = payments.confirm_receipt(payment=payments.record_receipt(payment=payment, **about), by=other, at=at)
    cash = max(0, 12_500 - minor)
    assert (done.captured, done.in_cash) == (euro(12_500), euro(cash))
    assert books.balance("1100", "EUR", "manual:voucher") == euro(12_500 - cash), "no change is given, and none is booked"
    assert books.balance("1100", "EUR", "manual:cash") == euro(cash) and books.balance("2100", "EUR") == euro(-12_500)


def test_without_a_worth_nothing_is_recorded(begin, taken, board, at):
    with pytest.raises(payments.WorthUnknown):
        payments.record_receipt(payment=begin(method="voucher"), handed=payments.Vouchers(["HH 7"]), by=board, at=at)


def test_the_cash_beside_them_goes_back_first_and_they_with_the_last_of_it(begin, taken, board, other, worker, at):
    payment = begin(method="voucher")
    payment = payments.record_receipt(payment=payment, handed=slips(["HH 7"], 10_000, "cash"), by=board, at=at)
    payments.confirm_receipt(payment=payment, by=other, at=at)
    places = []
    for key, minor in (("r1", 2_000), ("r2", 1_000), ("r3", 9_500)):
        payment.refresh_from_db()
        assert queries.vouchers_of([payment])
        asked = payments.refund(payment=payment, amount=euro(minor), key=key, by=worker, at=at)
        payments.record_sent(errand=asked, by=board, at=at)
        payments.confirm_sent(errand=asked, by=other, at=at)
        places.append(tuple(books.balance("1100", "EUR", f"manual:{name}").minor for name in ("cash", "voucher")))
    assert places == [(500, 10_000), (0, 9_500), (0, 0)] and not queries.vouchers_of([payment])
    assert books.balance("1000", "EUR") == euro(0)


def test_vouchers_that_were_not_there_leave_no_worth_behind(begin, taken, board, other, at):
    payment = begin(method="voucher")
    payment = payments.record_receipt(payment=payment, handed=slips(["HH 7"], 10_000, "cash"), by=board, at=at)
    payments.reject_receipt(payment=payment, by=other, at=at)
    payment.refresh_from_db()
    assert (payment.vouchers_minor, payment.in_cash) == (None, euro(0))
    assert paid(payment, ["HH 8"], board, other, at).in_cash == euro(0)


def test_the_database_knows_no_vouchers_of_no_worth_and_none_beside_cash(begin, taken):
    for method, minor in (("voucher", 0), ("voucher", -1), ("cash", 5)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Payment.objects.filter(pk=begin(method=method).pk).update(vouchers_minor=minor)


def test_page_and_api_take_the_rest_in_cash(begin, taken, board, other, bob, alice):
    first, second = begin(method="voucher"), begin(method="voucher")
    with outside():
        page, here = browser(bob), f"/c/sparkle/payments/receipts/{first.pk}/"
        short = page.post(here, {"deed": "record", "vouchers": "HH 7", "worth": "1.000"}, follow=True).content.decode()
        assert "two ways" in short
        typed = {"deed": "record", "vouchers": "HH 7", "worth": "100,00"}
        assert "€25.00 short of the price" in page.post(here, typed, follow=True).content.decode()
        page.post(here, typed | {"rest": "cash"})
        assert "Worth €100.00." in (shown := browser(alice).get("/c/sparkle/payments/").content.decode())
        assert "€25.00 came in cash." in shown
        url, said = f"/api/v1/coops/sparkle/payments/{second.pk}/record", {"vouchers": ["HH 8"], "worth": 10_000}
        answer = page.post(url, said, content_type="application/json")
        assert (answer.status_code, answer.json()["field"]) == (422, "rest")
        told = page.post(url, said | {"rest": "cash"}, content_type="application/json").json()
        assert (told["worth"]["minor"], told["in_cash"]["minor"]) == (10_000, 2_500)


@pytest.mark.django_db(transaction=True)
def test_of_many_refunds_at_the_same_moment_no_more_goes_back_than_came(begin, taken, board, other, worker, at):
    beside, mixed = begin(method="cash"), begin(method="voucher")
    paid(beside, [], board, other, at)
    mixed = payments.record_receipt(payment=mixed, handed=slips(["HH 7"], 10_000, "cash"), by=board, at=at)
    payments.confirm_receipt(payment=mixed, by=other, at=at)

    def ask(key):
        return payments.refund(payment=Payment.objects.get(pk=mixed.pk), amount=euro(2_500), key=key, by=worker, at=at)

    came = at_once(*(lambda key=str(n): ask(key) for n in range(8)))
    asked = [one for one in came if not isinstance(one, Exception)]
    assert len(asked) == 5 and sum(isinstance(one, payments.TooMuch) for one in came) == 3
    for one in asked:
        payments.record_sent(errand=one, by=board, at=at)
    for some, left in ((asked[:4], 2_500), (asked[4:], 0)):
        sent = at_once(*(lambda one=one: payments.confirm_sent(errand=one, by=other, at=at) for one in some))
        assert sent == [None] * len(some)
        # What came in cash for something else is not touched, and the vouchers are there as long as a part of them is.
        assert books.balance("1100", "EUR", "manual:cash") == euro(12_500)
        assert books.balance("1100", "EUR", "manual:voucher") == euro(left)
        assert bool(queries.vouchers_of([mixed])) is bool(left)
    assert books.balance("1000", "EUR") == euro(0)
