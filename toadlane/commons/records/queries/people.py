"""Whose names a public file leaves out, and what it calls these people instead: the same in every file of the co-op."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.utils.crypto import salted_hmac

from toadlane.commons.records.policies.redacting import Names
from toadlane.democracy.meetings.models import ApprovedMinutes
from toadlane.democracy.proposals.models import Proposal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.members.models import Delegate, Membership, Office, Worker
from toadlane.society.people.models import Person


def names() -> Names:
    """Return the names and addresses of everybody who has to do with the co-op, as they are now and as they were written down."""
    return Names(dict(reversed([*_known()])).items())


def _known() -> Iterator[tuple[str, str]]:
    own = Q()
    for rows in (Membership.objects, Delegate.objects, Office.objects, Worker.objects):
        own |= Q(pk__in=rows.filter(person__isnull=False).values("person_id"))
    for pk, name, email, phone in Person.objects.filter(own).values_list("pk", "name", "email", "phone").iterator():
        instead = _pseudonym(str(pk))
        yield from ((text, instead) for text in (name, email, phone) if text)
    written = [*Worker.objects.values_list("name", flat=True), *Proposal.objects.values_list("author_name", flat=True)]
    for contents in Proposal.objects.filter(contents__0__payload__has_key="candidates").values_list("contents", flat=True):
        written += [one.get("name", "") for part in contents for one in part["payload"].get("candidates", ())]
    for document in ApprovedMinutes.objects.values_list("document", flat=True).iterator(chunk_size=50):
        written += in_minutes(document)
    # Somebody may have been called otherwise when it was written down.
    yield from ((name, _pseudonym(name)) for name in dict.fromkeys(written) if name)


def in_minutes(document: Mapping[str, Any]) -> list[str]:
    """Return who is named where minutes name people."""
    found = [one["name"] for part in ("helpers", "attendance", "approved_by", "remarks") for one in document[part]]
    found += [stay["by"] for one in document["attendance"] for stay in one["stays"]]
    for item in document["items"]:
        found += [*item["speakers"], *(remark["name"] for remark in item["remarks"])]
    return found


def _pseudonym(key: str) -> str:
    """Return what somebody is called: it says nothing about them, and is the same the next time."""
    return f"[member {salted_hmac('toadlane.records', f'{current_coop_id()}:{key}', algorithm='sha256').hexdigest()[:10]}]"
