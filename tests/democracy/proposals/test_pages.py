"""The pages, walked as people do: by links and forms, without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import browser, run_jobs
from toadlane.democracy.proposals import queries, services
from toadlane.democracy.proposals.models import Draft, Proposal
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Op, Patch

COOP = "/c/sparkle"


@pytest.fixture
def ana(alice, at):
    """Alice at her browser, at the time of the story."""
    client = browser(alice)

    def ask(method, path, data=None, when=at, follow=True):
        with outside(), clock.telling(when):
            return getattr(client, method)(f"{COOP}{path}" if path.startswith("/") and not path.startswith(COOP) else path,
                                           data or {}, follow=follow)  # fmt: skip

    return ask


def text(answer):
    return " ".join(answer.content.decode().split())


def test_a_change_is_proposed_from_the_rule_itself(inside, ana):
    page = text(ana("get", "/rules/fees.commission/"))
    assert f'href="{COOP}/proposals/change/fees.commission/"' in page and "Propose a change" in page
    asked = ana("get", "/proposals/change/fees.commission/")
    assert "How it reads now" in text(asked) and "could be in force" not in text(asked)
    day = ana("post", "/proposals/change/fees.commission/", {"value": "6"})
    assert "From when?" in text(day) and "at the earliest" in text(day)
    why = ana("post", day.redirect_chain[-1][0], {"effective": ""})
    assert "what is it for?" in text(why)
    look = ana(
        "post", why.redirect_chain[-1][0], {"title": "Raise the fee to 6 %", "summary": "For the phone.", "text": "We *need* it."}
    )
    assert "<del>5%" in text(look) and "<ins>6%" in text(look) and "If it found its support today" in text(look)
    done = ana("post", look.redirect_chain[-1][0], {"procedure": "simple"})
    assert "proposal 1" in text(done) and not Draft.objects.exists()
    proposal = queries.find(1)
    assert proposal.contents[0]["payload"]["ops"] == [{"rule": "fees.commission", "expect": "0.05", "set": "0.06"}]
    assert "A change is being talked about" in text(ana("get", "/rules/"))


@pytest.mark.parametrize(
    ("value", "says"), [("many", "Write a number"), ("500", "more than makes sense"), ("5", "Nothing would change")]
)
def test_what_cannot_be_is_said_beside_the_question(inside, ana, value, says):
    answer = ana("post", "/proposals/change/fees.commission/", {"value": value})
    assert answer.status_code == 422 and says in text(answer) and not Draft.objects.exists()


def test_a_rule_that_is_a_list_is_changed_row_by_row_and_the_voters_see_which(inside, ana):
    path = "/proposals/change/fees.late_cancel/"
    page = text(ana("get", path))
    assert "As the machine reads it" not in page and "<textarea" not in page
    step = {"value-rows": "2", "value-0-was": "0", "value-0-hours_before_lt": "2", "value-0-rate": "100",
            "value-1-was": "1", "value-1-hours_before_lt": "14", "value-1-rate": "50"}  # fmt: skip
    more = ana("post", path, {**step, "arrange": "add:"})
    assert more.status_code == 200 and 'name="value-2-rate"' in text(more) and not Draft.objects.exists()
    wrong = ana("post", path, {**step, "value-1-rate": "half"})
    assert wrong.status_code == 422 and 'href="#id_value-1-rate"' in text(wrong) and 'value="half"' in text(wrong)
    assert "Nothing would change" in text(ana("post", path, step))
    look = ana("post", path, {**step, "value-1-rate": "40"})
    op = Draft.objects.get().parts[0]["payload"]["ops"][0]
    assert op["set"] == [{"hours_before_lt": "2", "rate": "1"}, {"hours_before_lt": "14", "rate": "0.4"}]
    assert look.status_code == 200
    review = text(ana("get", f"/proposals/drafts/{Draft.objects.get().pk}/why/"))
    assert "<del>50%</del>" in review and "<ins>40%</ins>" in review, "words that stay the same say nothing of it"


def test_a_circle_is_founded_by_somebody_who_cannot_program(inside, ana):
    assert 'value="circle"' in text(ana("get", "/proposals/new/?kind=circle"))
    page = ana("post", "/proposals/new/", {"kind": "circle"})
    path, html = page.redirect_chain[-1][0], text(page)
    assert 'name="names-es"' in html and 'name="seats-rows"' in html and "<textarea" in html
    what = {"slug": "garden", "names-en": "Garden", "names-es": "Huerto", "purpose": "Beds and trees.", "term_months": "12",
            "seats-rows": "1", "seats-0-seats": "3"}  # fmt: skip
    more = ana("post", path, {**what, "arrange": "add:"})
    assert 'value="Huerto"' in text(more) and 'value="Beds' not in text(more) and "Beds and trees." in text(more)
    more = ana("post", path, {**what, "seats-0-seats": "many"})
    assert more.status_code == 422 and 'href="#id_seats-0-seats"' in text(more)
    ana("post", path, what)
    payload = Draft.objects.get().parts[0]["payload"]
    assert payload["names"] == {"en": "Garden", "es": "Huerto"} and payload["seats"] == {"": 3}
    assert 'value="Huerto"' in text(ana("get", path)), "and it can be taken up again"


def test_a_link_that_names_the_kind_has_it_chosen_already(inside, ana):
    page = text(ana("get", "/proposals/new/?kind=recall"))
    assert re.findall(r'<input[^>]* value="(\w+)"[^>]* checked', page) == ["recall"]
    for said in ("", "?kind=", "?kind=nonsense"):
        assert " checked" not in text(ana("get", f"/proposals/new/{said}"))


def test_a_draft_of_any_kind_that_was_begun_and_left_opens_on_each_of_its_pages(inside, ana):
    begun = 0
    for kind in re.findall(r'name="kind" value="(\w+)"', text(ana("get", "/proposals/new/"))):
        ana("post", "/proposals/new/", {"kind": kind})
        for draft in Draft.objects.all():
            begun += 1
            for page in ("why/", "review/"):
                answer = ana("get", f"/proposals/drafts/{draft.pk}/{page}")
                assert answer.status_code == 200, (kind, page)
        Draft.objects.all().delete()
    assert begun > 10


def test_an_amount_that_was_answered_is_shown_as_it_was_typed(inside, ana):
    page = ana("post", "/proposals/new/", {"kind": "spend"})
    path = page.redirect_chain[-1][0]
    draft = Draft.objects.get()
    draft.parts = [{"kind": "spend", "payload": {"amount": 150050}}]
    draft.save()
    assert 'value="1500.50"' in text(ana("get", path))


def test_a_rule_whose_guard_is_to_change(inside, ana):
    page = ana("get", "/proposals/change/fees.commission/?what=guard")
    assert "Who may change this rule later?" in text(page)
    ana("post", "/proposals/change/fees.commission/?what=guard", {"procedure": "coordinators"})
    draft = Draft.objects.get()
    assert draft.parts[0]["payload"]["ops"][0]["procedure"] == "coordinators"
    look = ana("post", f"/proposals/drafts/{draft.pk}/why/", {"title": "Let the coordinators do it"})
    assert "A vote on important rules" in text(look) or "two thirds" in text(look), "weakening a guard takes the rank above"


def test_two_changes_that_go_together(inside, ana):
    ana("post", "/proposals/change/fees.commission/", {"value": "6"})
    draft = Draft.objects.get()
    ana("post", f"/proposals/drafts/{draft.pk}/why/", {"title": "More for the phone"})
    ana("post", f"/proposals/drafts/{draft.pk}/add/", {"rule": "pay.floor_hour"})
    ana("post", f"/proposals/drafts/{draft.pk}/1/what/", {"value": "16.00"})
    look = ana("get", f"/proposals/drafts/{draft.pk}/review/")
    assert "All parts pass together" in text(look)
    ana("post", f"/proposals/drafts/{draft.pk}/review/", {"procedure": "special"})
    proposal = queries.find(1)
    assert len(proposal.contents) == 1 and len(proposal.contents[0]["payload"]["ops"]) == 2


def test_a_free_resolution(inside, ana):
    ana("post", "/proposals/new/", {"kind": "resolution"})
    draft = Draft.objects.get()
    empty = ana("post", f"/proposals/drafts/{draft.pk}/0/what/", {"text": " "})
    assert empty.status_code == 422
    ana("post", f"/proposals/drafts/{draft.pk}/0/what/", {"text": "We greet the strikers at the port."})
    ana("post", f"/proposals/drafts/{draft.pk}/why/", {"title": "A greeting"})
    page = ana("post", f"/proposals/drafts/{draft.pk}/review/", {"procedure": "simple"})
    assert "We greet the strikers" in text(page)


def test_talk_side_by_side_answers_and_a_summary(inside, ana, idea, board, worker, at):
    idea()
    ana("post", "/proposals/1/say/", {"side": "for", "text": "Nobody picks up after five."})
    with scope(inside.pk):
        services.say(proposal=queries.find(1), side="against", text="It comes out of our pay.", by=board, at=at)
        asked = services.say(proposal=queries.find(1), side="question", text="Who answers on Sundays?", by=board, at=at)
    ana("post", f"/proposals/1/said/{asked.pk}/reply/", {"text": "A rota."})
    ana("post", "/proposals/1/summary/", {"text": "One for, one against."})
    page = text(ana("get", "/proposals/1/"))
    for said in (
        "Nobody picks up after five.",
        "It comes out of our pay.",
        "Who answers on Sundays?",
        "A rota.",
        "One for, one against.",
    ):
        assert said in page
    assert page.index("Nobody picks up") < page.index("It comes out of our pay")
    nothing = ana("post", "/proposals/1/say/", {"side": "for", "text": ""})
    assert nothing.status_code == 422


def test_an_amendment_from_offer_to_words(inside, ana, idea, board, at, bob):
    idea()
    bobs = browser(bob)
    with outside(), clock.telling(at):
        first = bobs.post(f"{COOP}/proposals/1/amend/", follow=True)
    draft = Draft.objects.get()
    assert first.status_code == 200 and draft.words["amends"] == 1
    with outside(), clock.telling(at):
        bobs.post(f"{COOP}/proposals/drafts/{draft.pk}/0/what/", {"value": "5.5"})
        bobs.post(f"{COOP}/proposals/drafts/{draft.pk}/why/", {"title": "Raise the fee to 5.5 %", "why": "Half is enough."})
        bobs.post(f"{COOP}/proposals/drafts/{draft.pk}/review/", {"procedure": "simple"})
    page = text(ana("get", "/proposals/1/versions/"))
    assert "Half is enough." in page and "Accept" in page
    ana("post", "/proposals/1/amendments/1/", {"deed": "accept"})
    proposal = queries.find(1)
    assert (proposal.revision, proposal.contents[0]["payload"]["ops"][0]["set"]) == (2, "0.055")
    assert "Amended" in text(ana("get", "/proposals/1/")) and "Version 1." in text(ana("get", "/proposals/1/versions/"))


def test_whoever_offers_an_amendment_is_asked_why_and_not_how_it_is_decided(inside, idea, at, bob):
    idea()
    bobs = browser(bob)

    def ask(path, data):
        return getattr(bobs, "post" if data is not None else "get")(path, data or {}, follow=True)

    with outside(), clock.telling(at):
        page = ask(f"{COOP}/proposals/1/amend/", {})
        page = ask(page.redirect_chain[-1][0], {"value": "5.5"})
        page = ask(page.redirect_chain[-1][0], {"effective": ""})
        assert "Why it would be better so" in text(page)
        # Nor does an address from before lead past the question.
        review = page.redirect_chain[-1][0].replace("/why/", "/review/")
        assert "Why it would be better so" in text(ask(review, None))
        page = ask(page.redirect_chain[-1][0], {"title": "Raise the fee to 5.5 %", "why": "Half is enough."})
        assert "Offer it to the authors" in text(page) and "A vote on important rules" not in text(page)
        page = ask(review, {"procedure": "simple"})
    assert "Your amendment is offered." in text(page) and "Half is enough." in text(page)


def test_a_decision_has_a_page_that_everybody_reads_and_every_number_leads_to(inside, idea, decided, job, ana, client):
    decision = decided(idea())
    with outside(), clock.telling(decision.decided_at + timedelta(hours=1)):
        page = text(client.get(f"{COOP}/decisions/2027-1/"))
    assert "Passed" in page and "Takes effect" in page and decision.hash[:32] in page
    services.enact_due(by=job, at=decision.enactment.due_at)
    later = decision.enactment.due_at + timedelta(days=1)
    with outside(), clock.telling(later):
        rule = text(client.get(f"{COOP}/rules/fees.commission/"))
        assert f'href="{COOP}/decisions/2027-1/"' in rule and "100% of 2" in rule and "quorum met" in rule
        versions = text(client.get(f"{COOP}/rules/versions/"))
        assert f'href="{COOP}/decisions/2027-1/"' in versions, "each version leads to the decision that made it"
        listed = text(client.get(f"{COOP}/decisions/"))
        assert "Raise the fee to 6 %" in listed
        assert "Raise the fee" not in text(client.get(f"{COOP}/decisions/?outcome=rejected"))
        assert "Raise the fee" in text(client.get(f"{COOP}/decisions/?outcome=passed&kind=patch&year=2027"))
        assert client.get(f"{COOP}/decisions/2027-1.json").json()["hashed"]["name"] == "2027-1"
        assert client.get(f"{COOP}/decisions/founding/").url == f"{COOP}/rules/founding/"


def test_what_is_under_way_is_for_members_as_the_bylaws_say(inside, idea, client, at):
    idea()
    with outside(), clock.telling(at):
        assert client.get(f"{COOP}/proposals/1/").status_code == 404
        assert "read by the members" in text(client.get(f"{COOP}/proposals/"))
        assert client.get(f"{COOP}/decisions/").status_code == 200


@pytest.mark.parametrize(("opened", "talk", "decisions"), [("members", 404, 404), ("decisions", 404, 200), ("all", 200, 200)])
def test_strangers_read_what_the_rule_opens_and_nothing_else(inside, idea, decided, client, at, opened, talk, decisions):
    decided(idea())
    idea({"kind": "resolution", "payload": {"text": "We greet the strikers."}}, title="A greeting")
    if opened != "decisions":
        patch = Patch(1, (Op("gov.records_public", "decisions", opened),))
        act = Principal.job(inside.pk, "enactment")
        rules.enact(patch=patch, decision="2026-9", passed_by="special", by=act, at=at)
    with outside(), clock.telling(at + timedelta(days=20)):
        assert client.get(f"{COOP}/proposals/2/").status_code == talk
        assert client.get(f"{COOP}/decisions/2027-1/").status_code == decisions
        assert client.get(f"{COOP}/decisions/").status_code == decisions
        front = client.get(f"{COOP}/rules/").content.decode()
        assert (f'href="{COOP}/decisions/"' in front) == (decisions == 200), "no link that leads nowhere"


def test_a_co_op_that_never_decided_on_it_shows_nothing(inside, idea, decided, client, at):
    decided(idea())
    last = bylaws.version(1)
    known = {rule: one for rule, one in last.document["rules"].items() if rule != "gov.records_public"}
    rules._append(document={**last.document, "rules": known}, changed=[], decision="2026-9", at=at, previous=last)
    with outside(), clock.telling(at + timedelta(days=20)):
        assert client.get(f"{COOP}/decisions/2027-1/").status_code == 404 and client.get(f"{COOP}/decisions/").status_code == 404


def test_charlie_finds_nothing(inside, wheels, charlie, idea, at):
    idea()
    client = browser(charlie)
    with outside(), clock.telling(at):
        for path in ("/proposals/1/", "/proposals/1/talk/", "/proposals/1/versions/", "/proposals/new/"):
            assert client.get(f"{COOP}{path}").status_code == 404, path
        assert client.get("/c/wheels/proposals/1/").status_code == 404
        for path in ("support/", "say/", "withdraw/", "amend/"):
            assert client.post(f"{COOP}/proposals/1/{path}").status_code == 404, path


def test_a_list_costs_no_more_for_more_rows(inside, idea, decided, job, ana, at):
    def cost(path):
        with CaptureQueriesContext(connection) as asked:
            ana("get", path)
        return len(asked)

    idea()
    few = cost("/proposals/"), cost("/decisions/"), cost("/rules/")
    for n in range(6):
        idea({"kind": "resolution", "payload": {"text": f"Thing {n}"}}, title=f"Thing {n}")
    run_jobs()
    assert (cost("/proposals/"), cost("/decisions/"), cost("/rules/")) <= few
    assert Proposal.objects.count() == 7
