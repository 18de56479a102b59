"""What is handed in for a passkey: anybody may send anything, and nothing of it breaks."""

import json

import pytest

from tests.conftest import browser

pytestmark = pytest.mark.django_db
B64, PASSWORD = "AAAA", "a short sentence is good"
SENT = [
    "", "{", "[]", "7", '"x"', "null", "{}", '{"id": 1}',
    json.dumps({"id": B64, "rawId": B64, "type": "public-key", "response": {}}),
    json.dumps({"id": B64, "rawId": B64, "type": "public-key", "response": {
        "clientDataJSON": B64, "authenticatorData": B64, "signature": B64, "userHandle": "é"}}),
    json.dumps({"id": B64, "rawId": B64, "type": "public-key", "response": {
        "clientDataJSON": B64, "authenticatorData": "A" * 60, "signature": B64, "userHandle": "MQ"}}),
    json.dumps({"id": B64, "rawId": B64, "type": "public-key", "response": {
        "clientDataJSON": B64, "attestationObject": B64}}),
]  # fmt: skip


@pytest.mark.parametrize("sent", SENT)
def test_whatever_is_handed_in_for_a_passkey_is_answered_in_words(client, bob, sent):
    assert client.get("/me/steps/webauthn/login/", headers={"Accept": "application/json"}).json()["request_options"]
    answer = client.post("/me/steps/webauthn/login/", {"credential": sent}, follow=True)
    told = answer.content.decode()
    assert answer.status_code == 200 and "/sign-in/" in answer.request["PATH_INFO"] and "app, or use a recovery code" not in told
    assert sent in ("", "null", "{", "[]", "{}") or "This passkey does not open an account here." in told, told


@pytest.mark.parametrize("sent", SENT)
def test_whatever_is_handed_in_for_a_new_passkey_is_answered_in_words(bob, sent):
    bob.set_password(PASSWORD)
    bob.save()
    mine, page = browser(bob), "/me/steps/webauthn/add/"
    mine.post("/sign-in/again/", {"password": PASSWORD})
    assert mine.get(page).status_code == 200
    answer = mine.post(page, {"name": "x", "credential": sent, "passwordless": "on"})
    assert answer.status_code in (200, 422) and "app, or use a recovery code" not in answer.content.decode()
    assert "No passkey yet" in mine.get("/me/steps/webauthn/").content.decode()
