"""Write the tables of the documentation that the code knows best: settings, commands, rules.

python tools/documented.py          # write docs/operators.md (its tables) and docs/rules.md
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OPERATORS, RULES = ROOT / "docs" / "operators.md", ROOT / "docs" / "rules.md"


def settings_table() -> Iterator[str]:
    from toadlane.config.environment import PREFIX, SETTINGS

    yield "| setting | what it is |"
    yield "|---|---|"
    for setting in SETTINGS.values():
        if setting.of == "operators":
            yield f"| `{PREFIX}{setting.name}` | {setting.meaning} |"


def commands_table() -> Iterator[str]:
    import click

    from toadlane.config.cli import COMMANDS, toadlane

    yield "| command | what it does |"
    yield "|---|---|"
    context = click.Context(toadlane)
    for name in COMMANDS:
        command = toadlane.get_command(context, name)
        assert command
        options = " ".join(
            f"`{max(o.opts, key=len)}`" for o in command.params if isinstance(o, click.Option) and o.name != "as_json"
        )
        about = " ".join((command.help or "").split("\n\n")[0].split())
        yield f"| `toadlane {name}` | {about} {options} |"


UNDECIDED = """## Rules that came later

A founding document holds the rules that the software knew on that day. When a newer version brings another one, it holds in
every co-op as it stands below, lifted or lowered to what the law of the co-op allows, and is marked "not yet decided by the
members": under "How we run", on receipts, and in the API (`is_decided`). Nothing is opened to strangers that way: such a rule
keeps it shut.

Members adopt it by a proposal, as it reads or otherwise, in the way its tier asks for at a founding: operational rules by the
coordinators, policy by an ordinary vote, constitutional by a vote on important rules, entrenched ones as they are by the
strictest vote there is. From then on it is a rule like any other. Over the API the op to send stands at the rule, as its
`adoption`.""".splitlines()


def rules_page() -> Iterator[str]:
    from toadlane.society.bylaws import rules

    yield "# Rules"
    yield ""
    yield "Every rule a co-op's bylaws may hold, with what it starts with where the blueprint says nothing else."
    yield "Written by `tools/documented.py`."
    yield ""
    yield from UNDECIDED
    section = ""
    for name, rule in rules.declared().items():
        if rule.section != section:
            section = rule.section
            yield from ("", f"## {section}", "", "| rule | kind | starts with | tier | what it is |", "|---|---|---|---|---|")
        text = rule.text.get("en") or rule.question
        yield f"| `{name}` | {rule.type} | {_value(rule.default)} | {rule.tier} | {' '.join(str(text).split())} |"


def _value(value: Any) -> str:
    return f"`{value}`" if isinstance(value, str | int | bool) and value != "" else "a table" if value else "nothing"


def operators_page(page: str) -> str:
    for heading, table in (("## Settings", settings_table), ("## The command", commands_table)):
        start = page.index(heading)
        end = page.index("\n## ", start + 3)
        before, after = re.split(r"(?:\n\|.*)+|\n[A-Z]+_TABLE", page[start:end], maxsplit=1)
        page = page[:start] + before + "\n" + "\n".join(table()) + after + page[end:]
    return page


def pages() -> dict[Path, str]:
    """Return what the pages should say."""
    return {OPERATORS: operators_page(OPERATORS.read_text()), RULES: "\n".join(rules_page()) + "\n"}


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toadlane.config.settings")
    import django

    django.setup()
    for path, text in pages().items():
        path.write_text(text)
