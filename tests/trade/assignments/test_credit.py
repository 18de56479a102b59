"""Credit notes, parts of what is owed, too much of it, and what becomes of that: the ledger says the same as the invoice."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from tests.conftest import run_jobs
from tests.money.bank.test_bank import camt
from tests.money.invoicing.schematron import faults
from tests.trade.assignments.conftest import confirmed, engaged, euro, fresh, noon, on, quoted
from toadlane.money.bank import services as bank
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.payments import queries as paying
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment, Refund
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy import invariants
from toadlane.trade.assignments import queries, services
from toadlane.trade.assignments.models import Assignment, CreditNote, Receipt

pytestmark = pytest.mark.django_db(transaction=True)


def sound():
    for name in ("assignments.budgets", "assignments.advances", "assignments.owed", "ledger.restricted_funds",
                 "ledger.sub_ledgers", "payments.captured_is_booked"):  # fmt: skip
        assert not invariants._of_coops[name]().faults


def billed(house, activity, at, **more):
    return services.invoice(assignment=confirmed(house, activity, at, **more), by=house.by(house.alice), at=at)


def comes(house, order, minor, at, key="1"):
    """The bank's statement names the reference, and this amount."""
    entry = {"minor": minor, "text": queries.payment(order).reference, "ref": f"R{key}"}
    done = bank.import_statement(data=camt(entry, number=f"S{key}"), by=house.by(house.tom), at=at)
    run_jobs()
    return done


def credited(house, order, minor, at, *, by=None, key="k", reason="Two posters fewer"):
    amount = euro(minor) if minor else None
    return services.credit(assignment=fresh(order), amount=amount, reason=reason, key=key, by=by or house.by(house.alice), at=at)


def test_a_credit_note_has_the_next_number_passes_the_official_rules_and_takes_off_what_it_says(house, activity, at):
    order = billed(house, activity, at)
    note = credited(house, order, 20_000, at)
    assert credited(house, order, 20_000, at) == note, "the same intent credits once"
    one, first = invoicing.find(note.invoice_id), invoicing.find(order.invoice_id)
    assert (one.type_code, one.sequence, one.corrects_id, one.net_minor, one.vat_minor) == (
        "381", first.sequence + 1, first.pk, 20_000, 4_200,
    )  # fmt: skip
    assert faults(bytes(one.xml), "cii") == [] and faults(invoicing.as_ubl(one), "ubl") == []
    now = fresh(order)
    assert (now.state, now.to_pay.minor, now.labor.minor, now.fee.minor) == ("invoiced", 96_800, 74_800, 5_200)
    assert on("1200", order.subject) == 96_800 and on("4000") == -80_000 and on("2310") == -16_800
    # One per cent of it had gone into the fund, and one per cent of what is left is in it.
    assert -on("2140") == 800 and on("6300") == 800
    assert [one.amount_minor for one in paying.waiting_for(order.subject)] == [96_800]
    assert "takes €242.00 off" in Letter.objects.get(template="assignments/credit").text
    rest = credited(house, order, None, at, key="rest")
    assert (rest.net_minor, fresh(order).state) == (80_000, "credited")
    assert [on(code) for code in ("1200", "4000", "2310", "2140", "6300")] == [0] * 5
    assert not paying.waiting_for(order.subject)
    with pytest.raises(services.WrongMoment):
        credited(house, order, 1, at, key="more")
    sound()


def test_a_whole_credit_note_repeats_the_lines_of_its_invoice(house, activity, at):
    order = billed(house, activity, at)
    note = credited(house, order, None, at, reason="It was for somebody else")
    one = invoicing.find(note.invoice_id)
    assert [line.name for line in one.lines.all()] == ["Ten posters"] and one.gross_minor == 121_000
    assert faults(bytes(one.xml), "cii") == [] and fresh(order).state == "credited"


def test_no_more_is_credited_than_is_left_and_only_by_those_it_is_about(house, activity, at, charlie):
    order = billed(house, activity, at)
    for minor, said in ((100_001, "No more than €1,000.00 before VAT is left"), (-1, "above nothing")):
        with pytest.raises(services.NotAnAmount, match=said):
            credited(house, order, minor, at)
    with pytest.raises(services.ReasonNeeded):
        credited(house, order, 1, at, reason=" ")
    for by in (house.by(house.vera), house.guest):
        with pytest.raises(Refused):
            credited(house, order, 1, at, by=by)
    with pytest.raises(services.WrongMoment):
        credited(house, quoted(house, activity, at), 1, at)
    assert credited(house, order, 100_000, at).net_minor == 100_000


def test_what_the_fund_lent_for_it_is_borne_by_the_budget_then_the_fund_and_somebody_says_so(house, activity, at):
    services.put_in(amount=euro(100_000), key="k", by=house.by(house.tom), at=at)
    # Another order has left €200 of labor in the budget.
    other = billed(house, activity, at, net=21_390)
    comes(house, other, 25_882, at, "0")
    assert queries.balance(activity).minor == 20_000
    order = billed(house, activity, at)
    engaged(house, activity, at, order=order, amount=93_500)
    with pytest.raises(services.WagesFirst):
        credited(house, order, None, at)
    services.pay_due(by=house.job, at=noon(date(2027, 3, 10)))
    assert queries.advanced(order).minor == 93_500
    before = queries.fund_free("EUR").minor
    with pytest.raises(Refused):
        credited(house, order, None, at)
    note = credited(house, order, None, at, by=house.by(house.tom))
    assert (note.unearned_minor, note.budget_minor, note.fund_minor, note.lost.minor) == (93_500, 20_000, 73_500, 0)
    assert queries.balance(activity).minor == 0 and queries.advanced(order).minor == 0 and fresh(order).state == "credited"
    # The €200 are in the fund again; what the invoice had brought to it is not.
    assert queries.fund_free("EUR").minor == before + 20_000 - 1_000
    sound()


def test_an_invoice_is_paid_in_parts_and_reminded_of_the_rest(house, activity, at):
    services.put_in(amount=euro(100_000), key="k", by=house.by(house.tom), at=at)
    order = billed(house, activity, at)
    engaged(house, activity, at, order=order, amount=93_500)
    services.pay_due(by=house.job, at=noon(date(2027, 3, 10)))
    assert comes(house, order, 60_500, at).matched == 1
    now = fresh(order)
    assert (now.state, now.received_minor, now.to_pay.minor) == ("invoiced", 60_500, 60_500)
    assert queries.advanced(order).minor == 46_750 and queries.balance(activity).minor == 0
    services.remind(by=house.job, at=noon(date(2027, 3, 14)))
    assert "still €605.00 to be paid" in Letter.objects.get(template="assignments/reminder").text
    sound()
    # The second part is recorded by one person and confirmed by another.
    rest = paying.waiting_for(order.subject)[0]
    part = payments.record_part(payment=rest, amount=euro(10_500), by=house.by(house.tom), at=at)
    with pytest.raises(payments.NotPossible):
        credited(house, order, 1_000, at, by=house.by(house.tom))
    payments.confirm_receipt(payment=fresh(part), by=house.by(house.bob), at=at)
    run_jobs()
    assert fresh(order).to_pay.minor == 50_000 and {one.reference for one in Payment.objects.all()} == {rest.reference}
    comes(house, order, 50_000, at, "2")
    assert fresh(order).state == "paid" and queries.advanced(order).minor == 0 and on("1200") == 0
    assert Receipt.objects.count() == 3 and queries.balance(activity).minor == 0
    sound()


def test_a_part_that_is_rejected_is_asked_for_again(house, activity, at):
    order = billed(house, activity, at)
    part = payments.record_part(payment=queries.payment(order), amount=euro(20_000), by=house.by(house.tom), at=at)
    payments.reject_receipt(payment=part, by=house.by(house.bob), at=at)
    assert sum(one.amount_minor for one in paying.waiting_for(order.subject)) == 121_000
    credited(house, order, None, at)
    assert not paying.waiting_for(order.subject)


def test_what_is_too_much_waits_for_somebody_and_goes_back_by_two(house, activity, at):
    order = billed(house, activity, at)
    assert comes(house, order, 130_000, at).matched == 1
    assert fresh(order).state == "paid" and queries.credit_of(order).minor == 9_000 and on("2240", order.subject) == -9_000
    # The client pays a second time: the reference is known, and so that is theirs too.
    assert comes(house, order, 121_000, at, "2").matched == 1
    assert queries.credit_of(order).minor == 130_000 and on("2100") == 0
    with pytest.raises(Refused):
        services.give_back(assignment=order, by=house.by(house.alice), at=at)
    assert services.give_back(assignment=order, by=house.by(house.tom), at=at).minor == 130_000
    assert queries.credit_of(order).minor == 0 and on("2240") == -130_000
    with pytest.raises(services.NothingLeft):
        services.give_back(assignment=order, by=house.by(house.tom), at=at)
    for refund in Refund.objects.all():
        payments.record_sent(errand=refund, by=house.by(house.tom), at=at)
        payments.confirm_sent(errand=fresh(refund), by=house.by(house.bob), at=at)
    assert on("2240") == 0 and on("1100") == 121_000 and sum(one.amount_minor for one in Refund.objects.all()) == 130_000
    sound()


def test_a_credit_is_set_off_against_another_invoice_of_the_same_client_only(house, activity, at):
    order, other = billed(house, activity, at), billed(house, activity, at)
    stranger = billed(house, activity, at, client=services.Client(name="Else", email="else@else.test", country="IE"))
    comes(house, order, 121_000, at)
    note = credited(house, order, 50_000, at)
    assert note.back_minor == 60_500 and fresh(order).state == "paid" and queries.balance(activity).minor == 46_750
    assert queries.others_of_client(order) == [other]
    tom = house.by(house.tom)
    with pytest.raises(services.OtherClient):
        services.set_off(assignment=order, target=stranger, key="a", by=tom, at=at)
    for _ in range(2):
        services.set_off(assignment=order, target=other, key="a", by=tom, at=at)
    assert fresh(other).to_pay.minor == 60_500 and on("2240") == 0 and queries.credit_of(order).minor == 0
    assert [one.amount_minor for one in paying.waiting_for(other.subject)] == [60_500]
    comes(house, other, 60_500, at, "2")
    assert fresh(other).state == "paid" and queries.balance(activity).minor == 46_750 + 93_500
    sound()


def test_what_is_given_up_after_a_part_is_owed_again_when_money_comes(house, activity, at):
    services.put_in(amount=euro(100_000), key="k", by=house.by(house.tom), at=at)
    order = billed(house, activity, at)
    engaged(house, activity, at, order=order, amount=50_000)
    services.pay_due(by=house.job, at=noon(date(2027, 3, 10)))
    comes(house, order, 96_800, at)
    assert queries.advanced(order).minor == 0 and on("2130") == 0, "the fund had its own back first"
    free = queries.fund_free("EUR").minor
    services.give_up(assignment=fresh(order), reason="gone", by=house.by(house.bob), at=at)
    # Four fifths of the labor have come: what the wage did not take is the activity's.
    assert queries.balance(activity).minor == 74_800 - 50_000 and queries.fund_free("EUR").minor == free
    assert (on("6210"), on("1200"), on("2310")) == (20_000, 0, -16_800)
    with pytest.raises(services.WrongMoment):
        engaged(house, activity, at, order=fresh(order), amount=10_000)
    comes(house, order, 4_200, at, "2")
    assert fresh(order).state == "invoiced" and (on("6210"), on("1200"), on("2310")) == (0, 20_000, -21_000)
    services.give_up(assignment=fresh(order), reason="gone again", by=house.by(house.bob), at=at)
    comes(house, order, 20_000, at, "3")
    assert fresh(order).state == "paid" and queries.balance(activity).minor == 93_500 - 50_000 and on("6210") == 0
    sound()


def refused(deed):
    with pytest.raises(DatabaseError), transaction.atomic():
        deed()


def test_the_database_keeps_credit_notes_and_receipts_and_their_sums(house, activity, at):
    order = billed(house, activity, at)
    credited(house, order, 20_000, at)
    comes(house, order, 10_000, at)
    rows = Assignment.objects.filter(pk=order.pk)
    for change in ({"credited_net_minor": 1}, {"credited_net_minor": 100_001}, {"received_minor": 96_801}, {"state": "paid"},
                   {"state": "credited"}, {"version": 0}):  # fmt: skip
        refused(lambda change=change: rows.update(**change))
    for model in (CreditNote, Receipt):
        refused(lambda model=model: model.objects.update(assignment=order, key="x"))
        refused(lambda model=model: model.objects.all().delete())
    assert rows.update(received_minor=96_800) == 1


def test_the_pages_of_credit_notes_and_their_papers(house, activity, at):
    order = billed(house, activity, at)
    alice, tom, guest = Client(), Client(), Client()
    alice.force_login(house.alice)
    tom.force_login(house.tom)
    here, token = f"/c/quill/activities/orders/{order.pk}", queries.token(order)
    with clock.telling(at):
        assert "Write a credit note" in alice.get(f"{here}/").content.decode()
        wrong = alice.post(f"{here}/credit/", {"amount": "2000", "reason": "", "key": "a"})
        assert wrong.status_code == 422 and "2000" in wrong.content.decode()
        assert alice.post(f"{here}/credit/", {"amount": "100,00", "reason": "Late", "key": "a"}).status_code == 302
        note = CreditNote.objects.get()
        page = guest.get(f"/c/quill/activities/q/{token}/").content.decode()
        assert "Please transfer €1,089.00" in page and "Credit note 2027-00002" in page
        for client, path in ((alice, here), (guest, f"/c/quill/activities/q/{token}")):
            assert client.get(f"{path}/credit-notes/{note.pk}.pdf").content.startswith(b"%PDF-")
        assert guest.get(f"/c/quill/activities/q/{token}/credit-notes/{note.pk + 1}.pdf").status_code == 404
        waiting = paying.waiting_for(order.subject)[0]
        answer = tom.post(f"/c/quill/payments/receipts/{waiting.pk}/", {"deed": "part", "amount": "a thousand"})
        assert answer.status_code == 302 and fresh(waiting).state == "created", "it is no amount"
        payments.receive_by_bank(payment=waiting, reference="x", by=Principal.job(house.coop.pk, "bank"), at=at)
        run_jobs()
        credited(house, order, None, at, key="all")
        assert queries.credit_of(order).minor == 108_900
        desk = tom.get("/c/quill/members/desk/").content.decode()
        assert "Gate Theater has €1,089.00" in desk
        assert "Give it back" in tom.get(f"{here}/").content.decode()
        assert "Give it back" not in alice.get(f"{here}/").content.decode()
        assert tom.post(f"{here}/give-back/").status_code == 302 and Refund.objects.get().amount_minor == 108_900
