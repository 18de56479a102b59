"""Letters are written with the deed, sent by a job, and on a sandbox stay to be read."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.template.loader import get_template

from tests.conftest import browser, run_jobs
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.sending import delivery, letters, post
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.sending.services import CannotBeReached, Recipient, send

BY = Principal(coop_id=None, channel=Channel.WEB)
CODE = {"template": "people/login_code", "context": {"code": "123456"}, "by": BY}


def write(at, **more):
    return send(**({"to": Recipient(email="ana@example.org", name="Ana & <Co>"), "at": at} | CODE | more))


@pytest.fixture
def sandbox(settings):
    settings.TOADLANE_SANDBOX = True


def test_a_letter_has_a_subject_a_text_and_the_same_in_html(db, at, sandbox):
    letter = write(at)
    assert letter.subject == "123456 is your code for The Quay"
    assert letter.text.startswith("Hello Ana & <Co>,\n\n") and "    123456" in letter.text
    assert "Ana &amp; &lt;Co&gt;" in letter.html and "<script" not in letter.html
    assert (letter.written_by, letter.written_at) == ("web:system", at)


def test_it_is_written_in_the_recipients_language(db, at, sandbox):
    assert 'dir="rtl"' in write(at, language="ar").html
    assert write(at, language="xx").language == "xx" and 'dir="ltr"' in write(at, language="xx").html


def test_a_text_message_is_short_and_plain(db, at, sandbox):
    letter = write(at, to=Recipient(phone="+353861234567"), template="people/sms_code")
    assert letter.channel == "sms" and letter.html == "" and len(letter.text) <= 160
    # Without a template of its own, the subject and the first link stand in.
    about = {"signup_url": "https://quay.example/sign-up/"}
    letter = write(at, to=Recipient(phone="+353861234567"), template="people/unknown_account", context=about)
    assert letter.text.splitlines()[-1] == "https://quay.example/sign-up/"


def test_nobody_to_write_to(db, at):
    with pytest.raises(CannotBeReached):
        write(at, to=Recipient(name="Ana"))


def test_a_deed_that_fails_takes_its_letter_back(transactional_db, at):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write(at)
        raise ZeroDivisionError
    assert not Letter.objects.exists()
    run_jobs()


def test_a_real_server_sends_and_forgets_what_it_sent(db, at, settings, monkeypatch):
    sent = []
    monkeypatch.setattr(post, "of", lambda channel: type("Box", (), {"deliver": lambda self, letter: sent.append(letter.text)})())
    letter = write(at)
    assert letter.state == "waiting"
    run_jobs()
    run_jobs()
    letter.refresh_from_db()
    assert (letter.state, letter.text, letter.html, len(sent)) == ("sent", "", "", 1)


def test_trouble_is_kept_and_tried_again_and_in_the_end_given_up(db, at, monkeypatch):
    def refuse(self, letter):
        raise ConnectionError("no line")

    monkeypatch.setattr(post, "of", lambda channel: type("Box", (), {"deliver": refuse})())
    letter = write(at)
    for attempt in range(1, delivery.ATTEMPTS + 1):
        with pytest.raises(ConnectionError):
            delivery.hand_over.func(letter_id=letter.pk, attempt=attempt)
    letter.refresh_from_db()
    assert letter.state == "failed" and "no line" in letter.trouble and letter.text


class GatewayOfAnotherHouse(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers.get("Authorization"), self.headers["Idempotency-Key"], body))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def gateway(settings):
    server = HTTPServer(("127.0.0.1", 0), GatewayOfAnotherHouse)
    server.asked, server.answer = [], 202
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.TOADLANE_SMS_URL = f"http://key:s%40cret@127.0.0.1:{server.server_port}/messages?from=Quay"
    yield server
    server.shutdown()


def test_text_messages_go_to_the_gateway(db, at, gateway):
    letter = write(at, to=Recipient(phone="+353861234567"), template="people/sms_code")
    run_jobs()
    ((path, authorization, key, body),) = gateway.asked
    assert path == "/messages" and authorization.startswith("Basic ") and key == f"letter-{letter.pk}"
    assert body["to"] == "+353861234567" and body["from"] == "Quay" and "123456" in body["text"]


def test_a_number_the_gateway_refuses_is_not_tried_again(db, at, gateway):
    gateway.answer = 422
    letter = write(at, to=Recipient(phone="+353861234567"), template="people/sms_code")
    run_jobs()
    run_jobs()
    letter.refresh_from_db()
    assert letter.state == "failed" and len(gateway.asked) == 1


def test_an_unknown_way_to_send_says_which_are_known(settings):
    settings.TOADLANE_EMAIL_URL = "pigeon://coop"
    with pytest.raises(ImproperlyConfigured, match="smtp, smtps"):
        post.of("email")


def test_smtp_reads_its_address():
    smtp = post.Smtp("smtp://ana%40x:p%2Fw@mail.example:587/?tls=1").settings
    assert (smtp["host"], smtp["port"], smtp["username"], smtp["password"]) == ("mail.example", 587, "ana@x", "p/w")
    assert smtp["use_tls"] and not smtp["use_ssl"]


@pytest.mark.parametrize(
    ("address", "starts", "speaks"),
    [
        ("smtp://ana:pw@mail.example:587", True, False), ("smtp://127.0.0.1:25", False, False),
        ("smtp://ana:pw@127.0.0.1:25/?tls=0", False, False), ("smtps://ana:pw@mail.example", False, True),
    ],
)  # fmt: skip
def test_a_password_is_never_said_in_clear_unless_the_operator_wants_it(address, starts, speaks):
    smtp = post.Smtp(address).settings
    assert (smtp["use_tls"], smtp["use_ssl"]) == (starts, speaks)


ROOT = Path(letters.__file__).parents[2]
LETTERS = sorted("/".join(path.parts[-2:]) for path in ROOT.rglob("templates/letters/*/*.txt"))


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_can_be_read_by_the_template_engine(name):
    get_template(f"letters/{name}")


@pytest.mark.parametrize("name", [name for name in LETTERS if name.startswith(("people/", "messaging/"))])
def test_letters_about_the_account_read_well_in_every_language(name, settings):
    template, channel = (
        (name.removesuffix(".sms.txt"), "sms") if name.endswith(".sms.txt") else (name.removesuffix(".txt"), "email")
    )
    for language, _name in settings.LANGUAGES:
        written = letters.render(template, {"code": "123456", "name": "Ana"}, language=language, channel=channel)
        assert written.text.strip() and (written.subject or channel == "sms") and "None" not in written.text


# --------------------------------------------------------------------------------------------------- the public page
def test_on_a_sandbox_everybody_reads_what_was_sent(client, db, at, sandbox):
    first, second = write(at), write(at, to=Recipient(email="bob@example.org"))
    page = client.get("/sent/").content.decode()
    assert page.index("bob@example.org") < page.index("ana@example.org")
    assert "ana@example.org" not in client.get("/sent/", {"to": "BOB@example.org"}).content.decode().split("log")[-1]
    assert "123456" in client.get(f"/sent/{first.pk}/").content.decode()
    html = client.get(f"/sent/{second.pk}/html/")
    assert "sandbox" in html["Content-Security-Policy"] and "script" not in html["Content-Security-Policy"]
    told = client.get("/api/v1/sent", {"to": "ana@example.org"}).json()
    assert [row["address"] for row in told["items"]] == ["ana@example.org"] and told["next"] is None


def test_a_real_server_shows_nothing(client, db, at):
    letter = write(at)
    for path in ("/sent/", f"/sent/{letter.pk}/", f"/sent/{letter.pk}/html/", "/api/v1/sent"):
        assert client.get(path).status_code == 404


def test_inside_a_coop_lie_its_own_letters(inside, wheels, at, sandbox, alice):
    own = write(at)
    assert own.tenant_id == inside.pk
    assert browser(alice).get(f"/c/sparkle/sent/{own.pk}/").status_code == 200
    assert browser(alice).get(f"/c/wheels/sent/{own.pk}/").status_code == 404
