"""Writing to people. An instrument: it records who had it written, and does not judge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import jobs
from toadlane.plumbing.sending import letters
from toadlane.plumbing.sending.delivery import hand_over
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import scoped_coop_id


class CannotBeReached(Expected):
    words = _("There is neither an e-mail address nor a phone number to write to.")


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Where to write. With both, the e-mail address is used; leave one out to choose."""

    email: str = ""
    phone: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One of many letters: to whom, and what it says. `template`, `context` and `language` as in `send`."""

    to: Recipient
    template: str
    context: Mapping[str, Any]
    language: str = "en"


def send_all(*, letters: Sequence[Wanted], by: Principal, at: datetime) -> list[Letter]:
    """Write many letters in two statements, in the transaction that gives the reason for them, in their order."""
    written = Letter.objects.bulk_create([_letter(one, by, at) for one in letters])
    jobs.enqueue_all(hand_over, [{"letter_id": one.pk, "attempt": 1} for one in written if one.state == Letter.State.WAITING])
    return written


def _letter(wanted: Wanted, by: Principal, at: datetime) -> Letter:
    to = wanted.to
    if not (to.email or to.phone):
        raise CannotBeReached
    channel = Letter.Channel.EMAIL if to.email else Letter.Channel.SMS
    written = letters.render(wanted.template, {"name": to.name, **wanted.context}, language=wanted.language, channel=channel)
    return Letter(
        tenant_id=scoped_coop_id(), channel=channel, address=to.email or to.phone, name=to.name[:120], template=wanted.template,
        language=wanted.language, subject=written.subject[:250], text=written.text, html=written.html, written_by=str(by),
        written_at=at, state=Letter.State.SHOWN if settings.TOADLANE_SANDBOX else Letter.State.WAITING,
    )  # fmt: skip


def send(
    *, to: Recipient, template: str, context: Mapping[str, Any] | None = None, language: str = "en", by: Principal, at: datetime
) -> Letter:
    """Write a letter in the transaction that gives the reason for it; a job sends it after the commit.

    :param template: `people/code` is `letters/people/code.txt`: its first line is the subject. `code.html` and
        `code.sms.txt` beside it are used where they exist
    :param language: the recipient's, in which the template is rendered
    :raises CannotBeReached: when there is no address at all
    """
    letter = _letter(Wanted(to=to, template=template, context=context or {}, language=language), by, at)
    letter.save()
    if letter.state == Letter.State.WAITING:
        hand_over.enqueue(letter_id=letter.pk, attempt=1)
    return letter
