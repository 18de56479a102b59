"""A co-op leaves Stripe for another company: what runs is finished there, what is new begins here, and no cent is left behind."""

from datetime import timedelta

import httpx
import pytest

from tests.conftest import browser
from tests.money.payments.stripe.connected import balance, euro, fresh
from tests.money.payments.stripe.test_life import released
from tests.trade.orders.conftest import as_guest
from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payout
from toadlane.money.payments.permissions import CARRY
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.society.members.queries import principal
from toadlane.society.people.models import Person
from toadlane.trade.orders import services as orders

pytestmark = pytest.mark.django_db


def choose(there, company):
    """Decide who takes cards from now on, as members do: a rule."""
    book = bylaws.book()
    ops = (Op("pay.cards", book.rule("pay.cards")["value"], company),)
    act = Principal.job(there.coop.pk, "enactment")
    rules.enact(patch=Patch(book.number, ops), decision=f"2027-{book.number}", passed_by="coordinators", by=act, at=there.at)


def left(there, provider="stripe"):
    return next(one for one in queries.left_with(there.at) if one.provider == provider)


def carry(there, office, minor):
    (_olga, olga), (_pawel, pawel) = office
    row = payments.ask_to_carry(provider="stripe", amount=euro(minor), by=olga, at=there.at)
    with pytest.raises(payments.SecondPersonNeeded):
        payments.agree_to_carry(carried=row, by=olga, at=there.at)
    return payments.agree_to_carry(carried=row, by=pawel, at=there.at)


def test_running_orders_end_with_stripe_new_ones_begin_elsewhere_and_the_balance_is_carried(there, hana, mugs, office):
    account = there.onboard(hana)
    before, shipped, unpaid = (there.order(mugs, key=key) for key in "abc")
    for order in (before, shipped):
        there.pay(order)
    page = there.press(there.payment(unpaid))
    released(there, shipped, hana)
    choose(there, "none")
    # A sandbox falls back on its pretended cards: the other company of this test.
    assert queries.card_provider() == "sandbox"
    new = there.order(mugs, key="d")
    assert there.payment(new).provider == "sandbox"
    assert (left(there).is_chosen, left(there).running, left(there).is_done) == (False, 1, False)
    # Who stood at Stripe's page pays there, and what was paid there goes back there.
    there.come_back(there.type_card(page))
    assert (there.payment(unpaid).provider, there.payment(unpaid).state) == ("stripe", "captured")
    orders.act(order=fresh(before), transition="cancel", by=as_guest(before), at=there.at)
    there.go_on(minutes=2)
    assert (there.payment(before).refunded_minor, len(there.stripe.books.kept["refund"])) == (10_000, 1)
    there.agree()
    # The rest is carried over to the bank by two people, all of it: what is owed to Hana and held for orders is paid from there.
    holds = there.theirs()
    assert [money.minor for money in left(there).free] == [holds]
    assert carry(there, office, holds).state == "done"
    assert (there.theirs(), there.ours(), balance("1000")) == (0, 0, holds)
    there.agree()
    there.go_on(days=8)
    there.pay_out()
    assert Payout.objects.get().provider == "sandbox" and balance("2110") == 0
    assert there.theirs(account) == 0, "nothing was sent through the company that was left"
    # Nothing is done with while a payer's bank may still take something back.
    assert not left(there).is_done
    there.at += timedelta(days=130)
    assert left(there).is_done


def test_a_company_that_was_left_pays_out_what_it_holds_where_its_payees_are_known(there, hana, mugs):
    """In a co-op that is no sandbox nobody pretends: Stripe goes on paying Hana what it holds, then it is sent by hand."""
    there.onboard(hana)
    order = there.order(mugs, key="a")
    there.pay(order)
    released(there, order, hana)
    holder = hana.membership.holder
    there.go_on(days=8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries.leaving, "card_provider", lambda: "")
        for due, ways in ((9_000, [("stripe", 9_000)]), (10_000, [("stripe", 9_825), ("manual", 175)])):
            row = queries.Owed(holder, euro(due), euro(due))
            assert queries.ways_to_pay([row]) == [(row, ways)]
        stranger = queries.Owed("membership:1", euro(500), euro(500))
        assert queries.ways_to_pay([stranger]) == [(stranger, [("manual", 500)])], "whom Stripe does not know"


def test_while_a_company_takes_cards_only_what_is_the_coops_own_leaves_it(there, hana, mugs, office):
    order, held = there.order(mugs, key="a"), there.order(mugs, key="b")
    for one in (order, held):
        there.pay(one)
    there.onboard(hana)
    released(there, order, hana)
    own = there.theirs() - 10_000 - 9_000
    (_olga, olga), _pawel = office
    assert queries.free_at("stripe", "EUR") == euro(own)
    with pytest.raises(payments.TooMuch):
        payments.ask_to_carry(provider="stripe", amount=euro(own + 1), by=olga, at=there.at)
    assert carry(there, office, own).state == "done"
    there.agree()
    with pytest.raises(payments.TooMuch):
        payments.ask_to_carry(provider="stripe", amount=euro(1), by=olga, at=there.at)


def test_what_the_bank_sends_back_is_with_the_company_again(there, hana, mugs, office):
    there.pay(there.order(mugs, key="a"))
    choose(there, "none")
    row = carry(there, office, 5_000)
    there.stripe.mail()
    there.stripe.books.fail_payout(row.provider_ref)
    told = there.stripe.mail()
    there.post(*told, *told)
    row.refresh_from_db()
    assert (row.state, row.reason, balance("1000")) == ("failed", "account_closed", 0)
    there.agree()


def test_two_people_carry_it_on_the_page_and_one_alone_does_not(there, hana, mugs, office, settings):
    there.pay(there.order(mugs, key="a"))
    choose(there, "none")
    fatima = Person.objects.get(email="founder@market.test")
    by = principal(person_id=fatima.pk, channel=Channel.WEB)
    assert by.may(CARRY)
    url = "/c/market/payments/companies/"
    with outside():
        street = browser(fatima)
        shown = street.get(url)
        assert shown.status_code == 200 and "Being left" in shown.content.decode()
        wrong = street.post(url, {"place": "stripe:EUR", "amount": "ten"})
        assert wrong.status_code == 422 and 'value="ten"' in wrong.content.decode()
        assert street.post(url, {"place": "stripe:EUR", "amount": "999.00"}).status_code == 422
        assert street.post(url, {"place": "stripe:EUR", "amount": "12.50"}).status_code == 302
    [row] = queries.carried(waiting=True)
    with outside():
        assert street.post(f"{url}{row.pk}/", {"deed": "agree"}).status_code == 302
        assert browser(hana.person).get(url).status_code == 403
        assert browser(hana.person).post(f"{url}{row.pk}/", {"deed": "agree"}).status_code == 403
        api = "/api/v1/coops/market/payments"
        assert street.get(f"{api}/companies").json()[0]["provider"] in ("sandbox", "stripe")
        assert street.post(f"{api}/carried/{row.pk}/agree", content_type="application/json").status_code == 403
    row.refresh_from_db()
    assert (row.agreed_at, there.theirs()) == (None, 10_000 - 175)
    with outside():
        assert street.post(f"{api}/carried/{row.pk}/drop", content_type="application/json").json()["reason"] == "dropped"


def test_hana_says_on_the_page_where_her_earnings_go(there, hana):
    with outside():
        street = browser(hana.person)
        shown = street.get("/c/market/payments/earned/")
        assert "You have not said to Stripe yet" in shown.content.decode()
        assert there.stripe.url in shown.headers["Content-Security-Policy"]
        led = street.post("/c/market/payments/earned/onboard/", {"holder": hana.membership.holder})
        assert led.status_code == 302 and led.headers["Location"].startswith(there.stripe.url)
        back = httpx.post(led.headers["Location"]).headers["Location"]
        street.get(httpx.URL(back).raw_path.decode())
        assert "Stripe knows where to send it" in street.get("/c/market/payments/earned/").content.decode()
        assert street.get("/api/v1/coops/market/payments/payees/mine").json()[0]["is_ready"]
        other = street.post("/c/market/payments/earned/onboard/", {"holder": "membership:1"})
        assert other.headers["Location"].endswith("/earned/"), "somebody else's is theirs to say"


def test_what_was_paid_there_can_be_taken_along(there, mugs):
    payment = there.pay(there.order(mugs, key="a"))
    lines = queries.as_csv().splitlines()
    assert len(lines) == 2 and payment.provider_ref in lines[1] and lines[1].startswith("stripe,")
