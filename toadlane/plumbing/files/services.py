"""Taking files in: checked, re-encoded, stored by their contents, each in its own co-op."""

import hashlib
import re
import unicodedata
from datetime import datetime, timedelta
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, ManyToOneRel, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.files import images
from toadlane.plumbing.files.images import NotAPicture, TooLarge
from toadlane.plumbing.files.models import Document, Picture
from toadlane.plumbing.files.permissions import SEND, SWEEP
from toadlane.plumbing.files.queries import document_path, picture_path
from toadlane.plumbing.tenancy.scope import current_coop_id

__all__ = ["NotADocument", "NotAPicture", "TooLarge", "add_document", "add_picture", "sweep"]

MOST_BYTES, MOST_BYTES_OF_PICTURE = 10 * 2**20, images.MOST_BYTES
SWEPT_AT_ONCE = 500
# What may hang on a message, by its first bytes; the name it came with is not believed.
SIGNATURES = {b"%PDF-": "application/pdf"}
TEXTS = {".txt": "text/plain", ".csv": "text/csv", ".ics": "text/calendar"}


class NotADocument(Expected):
    words = lazy("This kind of file cannot be attached.")
    status = 422
    field = "file"


def add_picture(*, file: IO[bytes], by: Principal, at: datetime) -> Picture:
    """Keep a photo: re-encoded in several widths, without location and camera data. The same photo is kept once.

    Takes about a second for a large photo: call it outside a transaction.

    :raises NotAPicture: when it is none that can be shown
    :raises TooLarge: when it has too many bytes or points
    """
    by.must(SEND)
    prepared = images.prepare(file)
    if known := Picture.objects.filter(key=prepared.key).first():
        return known
    coop_id = current_coop_id()
    for width, name, content in prepared.variants():
        _store(picture_path(coop_id, prepared.key, width, name), content)
    with transaction.atomic():
        picture, _created = Picture.objects.get_or_create(
            key=prepared.key,
            defaults={"width": prepared.image.width, "height": prepared.image.height, "widths": prepared.widths,
                      "tone": prepared.tone, "sender": str(by), "added_at": at},
        )  # fmt: skip
    return picture


def add_document(*, file: IO[bytes], name: str, subject: str, by: Principal, at: datetime) -> Document:
    """Keep an attachment: a PDF, a plain text, or a photo, which is re-encoded like every photo.

    :param subject: what it hangs on, such as `order:12`: that room answers for who may open it
    :raises NotADocument: when it is of a kind that is not taken
    :raises TooLarge: when it has more than ten megabytes
    """
    by.must(SEND)
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TooLarge(_("An attachment has at most %(most)d megabytes.") % {"most": MOST_BYTES // 2**20})
    clean = _clean_name(name)
    media_type, content, clean = _recognize(content, clean)
    key = hashlib.sha256(content).hexdigest()
    _store(document_path(current_coop_id(), key), content)
    return Document.objects.create(
        key=key, subject=subject, name=clean, media_type=media_type, size_bytes=len(content), sender=str(by), added_at=at
    )


def sweep(*, by: Principal, at: datetime) -> int:
    """Forget pictures that nothing shows any more, a day old at least; return how many."""
    by.must(SWEEP)
    unseen = Picture.objects.filter(added_at__lt=at - timedelta(days=1))
    for relation in Picture._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            shown = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            unseen = unseen.exclude(Exists(shown))
    forgotten = 0
    for picture in unseen.order_by("pk")[:SWEPT_AT_ONCE]:
        paths = [picture_path(picture.coop_id, picture.key, width, name) for width in picture.widths for name in images.FORMATS]
        picture.delete()
        for path in paths:
            default_storage.delete(path)
        forgotten += 1
    return forgotten


def _clean_name(name: str) -> str:
    """Return a file name that is safe in a header and on every disk."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = "".join(letter for letter in plain if letter.isprintable() and letter not in '<>:"|?*\x00')
    stem, dot, ending = plain.strip(" .").rpartition(".")
    short = f"{stem[:100]}{dot}{ending[:10]}" if dot else ending[:100]
    return short or "file"


def _recognize(content: bytes, name: str) -> tuple[str, bytes, str]:
    for signature, media_type in SIGNATURES.items():
        if content.startswith(signature):
            return media_type, content, name
    ending = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending in TEXTS:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
        if "\x00" not in text:
            return TEXTS[ending], text.encode(), name
    try:
        prepared = images.prepare(ContentFile(content))
    except NotAPicture as error:
        raise NotADocument(hint=_("Send a PDF, a text file or a photo.")) from error
    _width, _format, encoded = next(variant for variant in prepared.variants() if variant[1] == "webp")
    return "image/webp", encoded, re.sub(r"\.[^.]*$", "", name) + ".webp"


def _store(path: str, content: bytes) -> None:
    """Write once: the address is made of the contents, so what is there already is the same."""
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
