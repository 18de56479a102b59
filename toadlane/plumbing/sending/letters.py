"""From a template to a subject, plain text, and the same in HTML."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template import Context, Template, TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils import translation

LINK = re.compile(r"^https?://\S+$")
# A line set in by four blanks stands alone: a code to type.
CODE = re.compile(r"^ {4}(\S.*)$")


@dataclass(frozen=True)
class Written:
    subject: str
    text: str
    html: str


def render(template: str, context: Mapping[str, Any], *, language: str, channel: str) -> Written:
    """Render a letter in a language.

    :raises TemplateDoesNotExist: when there is no such letter
    """
    known = dict(settings.LANGUAGES)
    context = {"server_name": settings.TOADLANE_NAME, "origin": settings.TOADLANE_ORIGIN, **context}
    with translation.override(language if language in known else settings.LANGUAGE_CODE):
        if channel == "sms":
            return Written("", _short(template, context), "")
        subject, text = _subject_and_text(template, context)
        return Written(subject, text, _html(template, context, subject, text))


def subject(template: str, context: Mapping[str, Any], *, language: str) -> str:
    """Return the first line of a letter alone, in a language: how it reads in a list."""
    with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        return _subject_and_text(template, context)[0]


def _short(template: str, context: Mapping[str, Any]) -> str:
    try:
        return _plain(f"letters/{template}.sms.txt", context)
    except TemplateDoesNotExist:
        subject, text = _subject_and_text(template, context)
        links = [line for line in text.splitlines() if LINK.match(line)]
        return "\n".join([subject, *links[:1]])


def _subject_and_text(template: str, context: Mapping[str, Any]) -> tuple[str, str]:
    subject, _, text = _plain(f"letters/{template}.txt", context).partition("\n")
    return " ".join(subject.split()), text.strip("\n") + "\n"


def _plain(name: str, context: Mapping[str, Any]) -> str:
    """Render without escaping: in plain text an ampersand is an ampersand."""
    inner: Template = get_template(name).template  # type: ignore[attr-defined]
    text = inner.render(Context(dict(context), autoescape=False))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _html(template: str, context: Mapping[str, Any], subject: str, text: str) -> str:
    own = {**context, "subject": subject, "blocks": list(_blocks(text)), "direction": _direction()}
    try:
        return render_to_string(f"letters/{template}.html", own)
    except TemplateDoesNotExist:
        return render_to_string("letters/letter.html", own)


def _direction() -> str:
    return "rtl" if translation.get_language_bidi() else "ltr"


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Return the kind (`text`, `link`, `code`) and words of each paragraph."""
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        code = CODE.match(paragraph)
        if LINK.match(paragraph.strip()):
            yield "link", paragraph.strip()
        elif code:
            yield "code", code[1]
        else:
            yield "text", paragraph.strip("\n")
