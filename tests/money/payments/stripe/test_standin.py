"""The stand-in is as strict as what it stands for: asked with Stripe's own library, it refuses what Stripe refuses."""

import time

import httpx
import pytest
import stripe as library

from tests.standins.stripe import StripeStandIn
from tests.standins.stripe.line import KEY


@pytest.fixture(scope="module")
def line():
    with StripeStandIn() as standin:
        yield standin


@pytest.fixture
def client(line):
    return library.StripeClient(KEY, base_addresses={"api": line.url}, max_network_retries=0)


@pytest.fixture
def sale(line, client):
    page = client.v1.checkout.sessions.create({
        "mode": "payment", "success_url": "http://127.0.0.1/", "expires_at": int(time.time()) + 3600,
        "line_items": [{"quantity": 1, "price_data": {
            "currency": "eur", "unit_amount": 10_000, "product_data": {"name": "Mug"}}}],
        "payment_intent_data": {"metadata": {"payment": "p"}, "transfer_group": "g"},
    })  # fmt: skip
    assert "Pay 100.00 EUR" in httpx.get(page.url).text
    assert httpx.post(page.url, data={"card": "0002"}).status_code == 402
    assert httpx.post(page.url, data={"card": "4242"}).headers["Location"] == "http://127.0.0.1/"
    return client.v1.checkout.sessions.retrieve(page.id, {"expand": ["payment_intent.latest_charge.balance_transaction"]})


def refused(code, call):
    with pytest.raises(library.InvalidRequestError) as told:
        call()
    assert told.value.code == code


def test_what_is_nested_comes_back_as_it_was_sent_and_references_open_when_asked(client, sale):
    charge = sale.payment_intent.latest_charge
    assert (sale.payment_intent.metadata.payment, charge.transfer_group) == ("p", "g")
    assert (charge.balance_transaction.fee, charge.balance_transaction.net) == (175, 9_825)
    assert isinstance(client.v1.payment_intents.retrieve(sale.payment_intent.id).latest_charge, str)
    found = client.v1.payment_intents.search({"query": "metadata['payment']:'p'"})
    assert sale.payment_intent.id in [one.id for one in found.data]


def test_the_same_key_does_it_once_and_is_for_the_same_call(client, sale):
    def give(amount):
        said = {"payment_intent": sale.payment_intent.id, "amount": amount}
        return client.v1.refunds.create(said, {"idempotency_key": f"k:{sale.id}"})

    assert give(10).id == give(10).id
    with pytest.raises(library.IdempotencyError):
        give(11)


def test_no_more_is_refunded_reversed_or_captured_than_there_is(line, client, sale):
    intent = sale.payment_intent.id
    refused("amount_too_large", lambda: client.v1.refunds.create({"payment_intent": intent, "amount": 10_001}))
    account = client.v1.accounts.create({"type": "express"}).id
    send = {"amount": 4_000, "currency": "eur", "destination": account}
    refused("insufficient_capabilities_for_transfer", lambda: client.v1.transfers.create(send))
    line.books.finish_onboarding(account)
    sent = client.v1.transfers.create(send)
    refused("balance_insufficient", lambda: client.v1.transfers.create({**send, "amount": 10**9}))
    refused("amount_too_large", lambda: client.v1.transfers.reversals.create(sent.id, {"amount": 4_001}))
    client.v1.transfers.reversals.create(sent.id, {"amount": 1_000})
    client.v1.payouts.create({"amount": 2_000, "currency": "eur"}, {"stripe_account": account})
    refused("balance_insufficient", lambda: client.v1.transfers.reversals.create(sent.id, {"amount": 3_000}))
    refused("payment_intent_unexpected_state", lambda: client.v1.payment_intents.capture(intent))
    refused("payment_intent_unexpected_state", lambda: client.v1.payment_intents.cancel(intent))
    refused("resource_missing", lambda: client.v1.payment_intents.retrieve("pi_none"))


def test_lists_come_by_pages_the_newest_first(client, sale):
    for number in range(5):
        client.v1.refunds.create({"payment_intent": sale.payment_intent.id, "amount": 1 + number})
    first = client.v1.refunds.list({"payment_intent": sale.payment_intent.id, "limit": 2})
    assert first.has_more and [one.amount for one in first.data] == [5, 4]
    assert [one.amount for one in first.auto_paging_iter()] == [5, 4, 3, 2, 1]


def test_a_dispute_takes_the_money_and_a_fee_and_one_that_is_won_gives_the_money_back(line, client, sale):
    before = line.books.balances["", "eur"]
    dispute = line.books.dispute(sale.payment_intent.latest_charge.id)
    assert line.books.balances["", "eur"] == before - 10_000 - 2_000
    refused("charge_disputed", lambda: client.v1.refunds.create({"payment_intent": sale.payment_intent.id}))
    line.books.decide(dispute["id"], won=True)
    assert line.books.balances["", "eur"] == before - 2_000
    told = client.v1.events.list({"types": ["charge.dispute.closed"], "limit": 1}).data[0]
    assert (told.data.object.id, told.data.object.status) == (dispute["id"], "won")


def test_a_wrong_key_is_nobody(line):
    with pytest.raises(library.AuthenticationError):
        library.StripeClient("sk_test_other", base_addresses={"api": line.url}).v1.balance.retrieve()


def test_what_it_signs_the_library_believes(line, client, sale):
    body, signature = line.letter(line.books.events[-1])
    event = client.construct_event(body, signature, "whsec_standin")
    assert event.id == line.books.events[-1]["id"]
    with pytest.raises(library.SignatureVerificationError):
        client.construct_event(body, signature, "whsec_other")
