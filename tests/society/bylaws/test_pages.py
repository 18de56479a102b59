"""Anybody reads the rules, who decided them, and that nothing was changed behind their back."""

import pytest

from toadlane.kernel import canonical

PATHS = ["", "versions/", "versions/1/", "versions/compare/?from=1&to=1", "founding/", "members.notice_days/"]


@pytest.mark.parametrize("path", PATHS)
def test_the_rules_are_public(sparkle, client, path):
    assert client.get(f"/c/sparkle/rules/{path}").status_code == 200


@pytest.mark.parametrize("path", ["versions/2/", "versions/2.json", "versions/compare/?from=x", "no.such_rule/"])
def test_what_is_not_there_is_not_found(sparkle, client, path):
    assert client.get(f"/c/sparkle/rules/{path}").status_code == 404


def test_the_page_says_the_rule_in_words_and_who_guards_it(sparkle, client):
    html = client.get("/c/sparkle/rules/members.notice_days/").content.decode()
    assert "30 days before" in html and "More than half of the votes" in html and "founding act" in html


def test_anybody_can_check_a_version_by_themselves(sparkle, client):
    version = client.get("/c/sparkle/rules/versions/1.json").json()
    assert canonical.digest(version["hashed"]) == version["hash"]


def test_the_founding_act_names_who_signed(sparkle, client):
    assert b"Bob" in client.get("/c/sparkle/rules/founding/").content


def test_the_api_tells_a_rule_with_its_provenance(sparkle, client):
    rule = client.get("/api/v1/coops/sparkle/rules/members.probation_days").json()
    assert (rule["value"], rule["decided"]["version"], rule["decided"]["decision"]) == (90, 1, "founding")
    assert client.get("/api/v1/coops/sparkle/rules?version=2").status_code == 404
    assert client.get("/api/v1/coops/sparkle/rules/chain").json() == {"versions": 1, "first_broken_link": None}
    assert len(client.get("/api/v1/coops/sparkle/rules").json()["rules"]) > 8


@pytest.mark.parametrize("asked", ["from=x", "from=99&to=1", "to=-1", "from=1&to=1.5"])
def test_a_version_that_is_none_is_said_kindly_and_another_can_be_chosen(inside, client, asked):
    answer = client.get(f"/c/sparkle/rules/versions/compare/?{asked}")
    page = answer.content.decode()
    assert answer.status_code == 404 and "There is no version" in page and '<option value="1"' in page
    assert "Nothing differs" not in page


def test_a_word_finds_the_rules_that_have_it_and_no_others(sparkle, client):
    page = client.get("/c/sparkle/rules/?q=PROBATION+days").content.decode()
    found = page.split('<details class="article"')[1:]
    assert found and "members.probation_days" in "".join(found) and "members.notice_days" not in "".join(found)
    assert all(part.startswith(" open>") for part in found) and 'value="PROBATION days"' in page
    nothing = client.get("/c/sparkle/rules/?q=xylophone").content.decode()
    assert "No rule has that in it" in nothing and 'class="article"' not in nothing
    assert "&lt;b&gt;" in client.get("/c/sparkle/rules/?q=<b>").content.decode()


def test_chapters_are_folded_but_the_first_and_an_address_unfolds_them_all(sparkle, client):
    folded = client.get("/c/sparkle/rules/").content.decode()
    opened = client.get("/c/sparkle/rules/?unfolded=yes").content.decode()
    chapters = folded.count('<details class="article"')
    assert chapters > 3 and folded.count('<details class="article" open>') == 1
    assert opened.count('<details class="article" open>') == chapters
