"""Translations: gather the strings, check that none is left, compile them. Babel does the work, no system package needed.

    python tools/translations.py extract   # update toadlane/locale/*/LC_MESSAGES/django.po from the source
    python tools/translations.py check     # fail on a string without translation or with other placeholders
    python tools/translations.py compile   # write the .mo files that Django reads

English is the source. Every other language says every string: one that is missing fails the check.
"""

import re
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "toadlane" / "locale"
LANGUAGES = ("es", "fr", "ar")
KEYWORDS: dict[str, Any] = {
    "gettext": None, "_": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
# `from … import gettext as now_`: whatever a file calls it there.
ALIAS = re.compile(r"\b(n?p?gettext(?:_lazy|_noop)?) as (\w+)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def gather() -> Catalog:
    """Return a catalog of every marked string in code and templates, with the files it stands in."""
    catalog = Catalog(project="Toadlane", version="1", copyright_holder="the people of Toadlane", fuzzy=False)
    for file in sorted((ROOT / "toadlane").rglob("*")):
        if file.suffix not in (".py", ".html", ".txt") or "locale" in file.parts or "migrations" in file.parts:
            continue
        text = file.read_text()
        if file.suffix != ".py":
            if "templates" not in file.parts:
                continue
            # What is left of a template has no indentation that Python would understand.
            text = "\n".join(line.strip() for line in templatize(text, origin=str(file)).splitlines())
        where = file.relative_to(ROOT).as_posix()
        names = {alias: name for name, alias in ALIAS.findall(text)}
        keywords = KEYWORDS | {alias: KEYWORDS[name] for alias, name in names.items() if name in KEYWORDS}
        for _line, function, messages, _comments in extract_python(BytesIO(text.encode()), keywords, [], {"encoding": "utf-8"}):
            _add(catalog, names.get(function, function), messages, where)
    return catalog


def _add(catalog: Catalog, function: str, messages: Any, where: str) -> None:
    parts = messages if isinstance(messages, tuple) else (messages,)
    context = parts[0] if function.startswith(("pgettext", "npgettext")) else None
    words = [part for part in (parts[1:] if context else parts) if isinstance(part, str)]
    if not words or not words[0].strip():
        return
    identity = tuple(words[:2]) if function.startswith(("ngettext", "npgettext")) and len(words) > 1 else words[0]
    # Files without line numbers: a moved line is no change of words.
    catalog.add(identity, None, locations=[(where, 0)], context=context)


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def known(language: str) -> Catalog:
    if not path_of(language).exists():
        return Catalog(locale=language, project="Toadlane", version="1", copyright_holder="the people of Toadlane", fuzzy=False)
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def extract() -> None:
    found = gather()
    for language in LANGUAGES:
        catalog = known(language)
        catalog.update(found, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        with path_of(language).open("wb") as file:
            write_po(file, catalog, width=130, sort_output=True, include_lineno=False, omit_header=False)
        missing = sum(not is_said(message) for message in catalog if message.id)
        print(f"{language}: {len(catalog)} strings, {missing} to translate")


def is_said(message: Message) -> bool:
    """Return whether readers see the translation: one that is marked fuzzy is not compiled."""
    return all(_forms(message.string)) and not message.fuzzy


def _forms(words: Any) -> tuple[str, ...]:
    return words if isinstance(words, list | tuple) else (words,)


def faults() -> list[str]:
    """Return what is not translated, stale, or translated with other placeholders than the source."""
    source, found = gather(), []
    for language in LANGUAGES:
        catalog = known(language)
        for message in source:
            there = catalog.get(message.id, context=message.context) if message.id else None
            if message.id and there is None:
                found.append(f"{language}: not gathered: {message.id!r}")
            elif there is not None and not is_said(there):
                found.append(f"{language}: not translated: {message.id!r}")
            elif there is not None:
                expected = set(PLACEHOLDER.findall(_forms(message.id)[-1]))
                # A plural form may leave the number out ("one visit"), but may not name what is not there.
                if any(set(PLACEHOLDER.findall(form)) - expected for form in _forms(there.string)):
                    found.append(f"{language}: other placeholders: {message.id!r}")
    return found


def compile_all() -> None:
    for language in LANGUAGES:
        if path_of(language).exists():
            # A server that reads them meanwhile reads the old ones or the new ones, and no half of them.
            half = path_of(language).with_suffix(".mo.new")
            with half.open("wb") as file:
                write_mo(file, known(language))
            half.replace(path_of(language).with_suffix(".mo"))


def main(action: str) -> int:
    settings.configure(USE_I18N=True)
    if action == "check":
        found = faults()
        print("\n".join(found[:40]) or "every string is translated")
        return bool(found)
    {"extract": extract, "compile": compile_all}[action]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
