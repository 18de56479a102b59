"""Read every template as Django does: a tag that does not parse, or a part that is not there, is found before a visitor does."""

import os
import sys
from pathlib import Path

import django

ROOT = Path(__file__).parents[1]


def faults() -> list[str]:
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template

    found = []
    for file in sorted((ROOT / "toadlane").rglob("templates/**/*.html")):
        name = str(file).rsplit("/templates/", 1)[-1]
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            found.append(f"{file.relative_to(ROOT)}: {error}")
        source = file.read_text()
        if "letters" in file.parts:
            continue  # A letter is read in a mail program, which knows no style sheet of ours.
        # The content security policy forbids both: they would be dead in the page.
        found += [
            f"{file.relative_to(ROOT)}: {what} in a template" for what in (' style="', " onclick=", "<script>") if what in source
        ]
    return found


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toadlane.config.settings")
    django.setup()
    found = faults()
    print("\n".join(found) or "every template can be read")
    sys.exit(bool(found))
