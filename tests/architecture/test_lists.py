"""What is listed for people is parted as their language parts it: `formats.listed`, `{% comma %}`, not a comma of our own."""

import re
from pathlib import Path

import pytest

TOADLANE = Path(__file__).parents[2] / "toadlane"
JOINED = re.compile(r"""(["'])[,;] \1\.join\(""")
# What people see of a template is what is left without tags, and what a translation says has the comma of its language.
NOT_SHOWN = re.compile(
    r"{%\s*blocktranslate.*?{%\s*endblocktranslate\s*%}|{%\s*comment.*?{%\s*endcomment\s*%}|<script.*?</script>"
    r"|{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>",
    re.DOTALL,
)
JOINED_IN_A_TEMPLATE = re.compile(r"""\|join:["'][,;،]""")
# For the database, for other programs, for whoever keeps the server (in English), or kept in one spelling.
FOR_MACHINES = {
    "commons/records/policies/checks/ballots.py", "config/cli/arriving.py",
    "config/cli/coops.py", "config/cli/health.py", "config/cli/tally.py", "democracy/ballots/queries/verification.py",
    "democracy/ballots/services/roll.py", "democracy/proposals/services/guarding.py", "money/ledger/policies/exports.py",
    "money/funds/queries/verification.py", "money/invoicing/queries/verification.py",
    "money/payments/services/providers/stripe/__init__.py", "ownership/surplus/guards.py",
    "ownership/surplus/policies/measures.py", "ownership/surplus/services/counting.py", "plumbing/files/queries.py",
    "plumbing/sending/post.py", "plumbing/sqlite/history.py", "plumbing/tenancy/prepared.py",
    "society/bylaws/rules/replaying.py", "society/members/queries.py", "trade/billing/api.py",
    "trade/booking/services/holding.py", "ui/themes.py",
}  # fmt: skip


def fault(name: str, text: str) -> str:
    """Return what parts a list with a comma of its own, in code or in a template; empty where nothing does."""
    if name.endswith(".py"):
        found = JOINED.search(text)
    else:
        found = JOINED_IN_A_TEMPLATE.search(text) or re.search(r"[,;] ", NOT_SHOWN.sub("", text))
    return found.group() if found else ""


def test_no_list_for_people_has_a_comma_of_its_own():
    code = [path for path in TOADLANE.rglob("*.py") if "migrations" not in path.parts]
    found = {path.relative_to(TOADLANE).as_posix() for path in code if fault(path.name, path.read_text())}
    assert found == FOR_MACHINES


def test_no_template_has_a_comma_of_its_own():
    templates = [path for path in TOADLANE.rglob("templates/**/*.*") if path.suffix in (".html", ".txt")]
    # Specimens in the style guide are in English throughout.
    shown = [path for path in templates if "styleguide" not in path.as_posix()]
    assert not {path.name: found for path in shown if (found := fault(path.name, path.read_text()))}


@pytest.mark.parametrize(
    ("name", "text", "caught"),
    [
        ("a.py", 'said = ", ".join(names)', True), ("a.py", "said = '; '.join(names)", True),
        ("a.py", "said = formats.listed(names)", False), ("a.py", '",".join(row)', False),
        ("a.html", "<b>{{ name }}</b>, {{ day }}", True), ("a.html", "{{ names|join:', ' }}", True),
        ("a.html", "{{ name }}{% comma %}{{ day }}", False), ("a.html", "{{ names|listed }}", False),
        ("a.html", "{% blocktranslate %}Dear {{ name }}, come.{% endblocktranslate %}", False),
        ("a.html", '<p title="a, b">{% translate "One, two." %}{# a, b #}</p>', False),
    ],
)  # fmt: skip
def test_a_comma_in_a_list_is_caught(name, text, caught):
    assert bool(fault(name, text)) is caught
