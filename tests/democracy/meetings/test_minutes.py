"""Minutes are drafted from what happened, put right by those who were there, approved, sealed, printed and checked."""

import json
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction

from tests.conftest import run_jobs
from tests.democracy.meetings.conftest import HOUR, asker, come
from toadlane.config.cli import toadlane
from toadlane.democracy.meetings import queries, services
from toadlane.democracy.meetings.models import Approval, ApprovedMinutes, Helper, PrintedMinutes
from toadlane.democracy.meetings.queries import calling
from toadlane.democracy.meetings.queries import minutes as reading
from toadlane.democracy.meetings.services.calling import Missing
from toadlane.democracy.meetings.services.minutes import PAPER
from toadlane.kernel import canonical
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.keys import signatures
from toadlane.plumbing.printing import paper
from toadlane.plumbing.tenancy.scope import scope

SECOND = timedelta(seconds=1)


@pytest.fixture
def minutes(held):
    run_jobs()
    return queries.minutes_of(held)


@pytest.fixture
def out(minutes, people):
    return services.circulate_minutes(minutes=minutes, by=asker(people["Alice"]), at=minutes.meeting.closed_at + HOUR)


@pytest.fixture
def later(minutes):
    return minutes.meeting.closed_at + 48 * HOUR


@pytest.fixture
def approved(out, people, later):
    for name in ("Bob", "Fatou", "Gus"):
        row = services.approve_minutes(minutes=out, by=asker(people[name]), at=later)
    run_jobs()
    return row


def test_a_small_meeting_closes_with_as_many_signers_as_have_come(called, people, board, at):
    """Two came besides whoever chairs and whoever writes: both approve. Of one, one; and alone the chair does."""
    run_jobs()
    for name, task in (("Bob", "chair"), ("Alice", "minutes")):
        services.name_helper(meeting=called, person=people[name], task=task, by=board, at=at)
    come(called, people, "Bob", "Alice", at=called.starts_at)
    assert queries.signers_wanted(called) == 0
    come(called, people, "Dana", at=called.starts_at)
    assert queries.signers_wanted(called) == 1
    services.name_helper(meeting=called, person=people["Gus"], task="signer", by=board, at=at)
    assert queries.signers_wanted(called) == 2, "who is named and did not come counts"
    come(called, people, "Emil", "Fatou", at=called.starts_at)
    assert queries.signers_wanted(called) == 2


def test_they_begin_when_the_meeting_closes_and_say_what_happened(minutes, held):
    assert minutes.due_on == date(2027, 4, 5) and minutes.signers_needed == 2
    said = queries.document(minutes)
    assert said["quorum"] == {"present": 5, "whole": 10, "needed": 4, "room": 5, "remote": 0, "proxy": 0}
    assert [row["name"] for row in said["attendance"]] == ["Bob", "Alice", "Dana", "Emil", "Fatou"]
    assert [(row["title"], row["notes"], row["conclusion"]) for row in said["items"]][1] == (
        "The vans", "We talked about The vans.", "Noted.",
    )  # fmt: skip
    assert said["notice"] == {"people": 10, "letters": 10, "unreachable": 0}
    assert canonical.text(said), "nothing in them that could be written in two ways"


def test_the_words_can_be_put_right_and_the_figures_cannot(minutes, people, held):
    item = queries.items(held)[0]
    services.revise_minutes(
        minutes=minutes, opening="Bob greets everybody.", items={item.pk: {"notes": "A good year."}},
        by=asker(people["Alice"]), at=held.closed_at,
    )  # fmt: skip
    said = queries.document(queries.minutes_of(held))
    assert said["opening"] == "Bob greets everybody." and said["items"][0]["notes"] == "A good year." and said["revision"] == 2
    with pytest.raises(Refused):
        services.revise_minutes(minutes=minutes, opening="x", by=asker(people["Dana"]), at=held.closed_at)
    with pytest.raises(services.Missing):
        services.revise_minutes(minutes=minutes, items={0: {"notes": "x"}}, by=asker(people["Alice"]), at=held.closed_at)


def test_who_was_there_says_what_is_wrong_and_is_answered(out, people, later):
    dana, alice, at = asker(people["Dana"]), asker(people["Alice"]), out.circulated_at
    one = services.correct_minutes(minutes=out, text="There were three vans.", by=dana, at=at)
    with pytest.raises(services.NotNow):
        services.correct_minutes(minutes=out, text="I was not there.", by=asker(people["Ivo"]), at=at)
    with pytest.raises(services.NotNow):
        services.approve_minutes(minutes=out, by=asker(people["Bob"]), at=later)
    with pytest.raises(services.Missing):
        services.answer_correction(correction=one, accept=False, by=alice, at=at)
    assert services.answer_correction(correction=one, accept=False, answer="Two, said Bob.", by=alice, at=at).is_accepted is False
    with pytest.raises(services.NotNow):
        services.answer_correction(correction=one, accept=True, by=alice, at=at)


def test_nothing_is_approved_that_nobody_could_read_or_while_objections_can_come(minutes, people, later):
    bob = asker(people["Bob"])
    with pytest.raises(services.NotNow):
        services.approve_minutes(minutes=minutes, by=bob, at=later)
    services.circulate_minutes(minutes=minutes, by=bob, at=later)
    with pytest.raises(services.NotNow):
        services.approve_minutes(minutes=minutes, by=bob, at=later - SECOND)
    assert services.approve_minutes(minutes=minutes, by=bob, at=later) is None


def test_the_chair_and_two_members_make_them_final_and_not_one_less(out, people, later):
    assert services.approve_minutes(minutes=out, by=asker(people["Bob"]), at=later) is None
    for _twice in (1, 2):
        assert services.approve_minutes(minutes=out, by=asker(people["Fatou"]), at=later) is None
    with pytest.raises(Refused):
        services.approve_minutes(minutes=out, by=asker(people["Dana"]), at=later)
    assert [name for _role, name in queries.missing(out)] == ["Gus"]
    row = services.approve_minutes(minutes=out, by=asker(people["Gus"]), at=later)
    assert row.number == 1 and [one["name"] for one in row.document["approved_by"]] == ["Bob", "Fatou", "Gus"]


@pytest.mark.parametrize(("name", "task"), [("Alice", "signer"), ("Bob", "signer"), ("Fatou", "chair"), ("Gus", "minutes")])
def test_whoever_chairs_or_takes_the_minutes_does_not_approve_them_for_the_members_too(opened, people, name, task):
    with pytest.raises(Missing, match="neither chairs nor takes"):
        services.name_helper(meeting=opened, person=people[name], task=task, by=asker(people["Bob"]), at=opened.opened_at)


def test_a_chair_who_takes_the_minutes_approves_them_once(out, people, later, monkeypatch):
    law = SimpleNamespace(assembly={"minutes": {"taker_signs": True}})
    monkeypatch.setattr(calling, "pack_of", lambda _meeting: law)
    assert ("minutes", "Alice") in queries.missing(out)
    Helper.objects.filter(task="minutes").update(person=people["Bob"])
    services.approve_minutes(minutes=out, by=asker(people["Bob"]), at=later)
    assert {role for role, _name in queries.missing(out)} == {"signer"}


def test_new_words_are_approved_anew(out, people, later):
    services.approve_minutes(minutes=out, by=asker(people["Bob"]), at=later)
    services.approve_minutes(minutes=out, by=asker(people["Fatou"]), at=later)
    services.revise_minutes(minutes=out, closing="It rained.", by=asker(people["Alice"]), at=later)
    assert services.approve_minutes(minutes=out, by=asker(people["Gus"]), at=later) is None
    out.refresh_from_db()
    assert [name for _role, name in queries.missing(out)] == ["Bob", "Fatou"]


def test_what_is_approved_stays_as_it_is(approved, out, people, later):
    with pytest.raises(services.Approved):
        services.revise_minutes(minutes=out, opening="Other.", by=asker(people["Alice"]), at=later)
    for model in (ApprovedMinutes, PrintedMinutes, Approval):
        for deed in (lambda model=model: model.objects.all().delete(), lambda model=model: model.objects.update(coop_id=1)):
            with pytest.raises(IntegrityError), transaction.atomic():
                deed()
    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovedMinutes.objects.create(
            number=3, meeting=out.meeting, document={}, hash="x", signature="x", key_id="x", approved_at=later
        )


def test_the_page_is_chained_signed_and_checked(approved):
    assert canonical.digest(approved.contents()) == approved.hash and approved.previous_hash == ""
    assert signatures.is_signed(approved.hash, approved.signature, approved.key_id)
    assert reading.book_holds().looked_at == 1 and reading.book_holds().faults == []


def test_a_page_that_was_changed_is_found(approved):
    from toadlane.plumbing.triggers import refusals

    refusals.remove()
    try:
        ApprovedMinutes.objects.update(document={**approved.document, "opening": "We all agreed."})
        assert reading.book_holds().faults == ["minutes 1 are not what was approved"]
    finally:
        refusals.install()


def test_the_paper_says_what_was_approved_and_is_the_same_twice(approved, inside):
    printed = PrintedMinutes.objects.get(approved=approved)
    content = queries.file_of(printed)
    assert content.startswith(b"%PDF-") and printed.size_bytes == len(content)
    again = paper.pdf(PAPER, queries.printable(approved), language="en", at=approved.approved_at)
    assert content == again
    facts = queries.printable(approved)
    assert facts["items"][1]["title"] == "2. The vans" and ["Dana", "in the room", "09:00", ""] in facts["attendance"]
    assert approved.hash in facts["seal"][0][1]


def test_a_paper_is_checked_by_the_command_and_a_changed_one_is_not_good(approved, tmp_path):
    printed = PrintedMinutes.objects.get(approved=approved)
    file, slip = tmp_path / "minutes.pdf", tmp_path / "minutes.pdf.sig.json"
    file.write_bytes(queries.file_of(printed))
    slip.write_text(json.dumps(queries.slip(printed)))
    run = CliRunner().invoke(toadlane, ["verify", "--pdf", str(file), "--json"])
    assert run.exit_code == 0, run.output
    told = json.loads(run.output)
    assert told["ok"] and told["is_own_key"] and told["minutes"] == approved.hash
    file.write_bytes(queries.file_of(printed) + b" ")
    run = CliRunner().invoke(toadlane, ["verify", "--pdf", str(file), "--json"])
    assert run.exit_code == 1 and not json.loads(run.output)["ok"]


@pytest.mark.parametrize("text", ["[]", "a page that says that there is no such page", ""])
def test_a_signature_that_is_none_is_told_in_a_sentence(approved, tmp_path, text):
    file, slip = tmp_path / "minutes.pdf", tmp_path / "slip.json"
    file.write_bytes(b"%PDF")
    slip.write_text(text)
    run = CliRunner().invoke(toadlane, ["verify", "--pdf", str(file), "--signature", str(slip)])
    assert run.exit_code == 2 and "is not the signature of a printed file" in run.output


def test_a_paper_signed_by_another_key_is_not_good(approved, tmp_path):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    printed = PrintedMinutes.objects.get(approved=approved)
    forger = Ed25519PrivateKey.generate()
    forged = queries.slip(printed) | {
        "signature": forger.sign(bytes.fromhex(printed.file)).hex(), "key_id": signatures.id_of(forger.public_key()),
        "public_key": forger.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex(),
    }  # fmt: skip
    file, slip = tmp_path / "minutes.pdf", tmp_path / "slip.json"
    file.write_bytes(queries.file_of(printed))
    slip.write_text(json.dumps(forged))
    run = CliRunner().invoke(toadlane, ["verify", "--pdf", str(file), "--signature", str(slip), "--json"])
    told = json.loads(run.output)
    assert told["is_signed"] and not told["is_own_key"] and not told["ok"] and run.exit_code == 1
    honest = queries.slip(printed)["public_key"]
    run = CliRunner().invoke(toadlane, ["verify", "--pdf", str(file), "--signature", str(slip), "--key", honest, "--json"])
    assert run.exit_code == 1


def test_members_read_the_minutes_and_others_only_where_the_bylaws_say_so(approved, client, charlie, people, monkeypatch):
    from tests.conftest import browser
    from toadlane.democracy.meetings import permissions

    url = f"/c/sparkle/meetings/{approved.meeting.number}/minutes"
    assert "The vans" in browser(people["Ivo"]).get(f"{url}/").content.decode()
    assert browser(people["Ivo"]).get(f"{url}.pdf").content.startswith(b"%PDF-")
    assert browser(charlie).get(f"{url}/").status_code == 404 and client.get(f"{url}/").status_code == 404
    real = permissions.bylaws.Book.maybe
    monkeypatch.setattr(
        permissions.bylaws.Book, "maybe", lambda self, rule: True if rule == "meetings.minutes_public" else real(self, rule)
    )
    page = client.get(f"{url}/").content.decode()
    assert "The vans" in page and "Dana" not in page, "who was there is for members"
    assert client.get(f"{url}.pdf").status_code == 404 and client.get("/c/sparkle/meetings/book/").status_code == 200


def test_charlie_has_no_book(approved, wheels):
    with scope(wheels.pk):
        assert not queries.book().exists() and reading.book_holds().looked_at == 0
