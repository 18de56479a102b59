"""Where files are, and how a page names them."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import get_script_prefix

from toadlane.plumbing.files.models import Document, Picture

MEDIA_TYPES = {"avif": "image/avif", "webp": "image/webp"}


@dataclass(frozen=True)
class Source:
    media_type: str
    srcset: str


@dataclass(frozen=True)
class Sources:
    """What a `<picture>` needs: the best format first, and the size, so that nothing jumps while it loads."""

    sources: tuple[Source, ...]
    src: str
    width: int
    height: int
    tone: str
    alt: str = ""


def picture_path(coop_id: int, key: str, width: int, name: str) -> str:
    return f"{coop_id}/pictures/{key[:2]}/{key}/{width}.{name}"


def document_path(coop_id: int, key: str) -> str:
    # Apart from the pictures: no address of a picture can ever lead here.
    return f"{coop_id}/documents/{key[:2]}/{key}"


def address(picture: Picture, width: int, name: str = "webp", *, base: str | None = None) -> str:
    """Return the address of one width of a picture.

    :param base: the address of the co-op, ending in a slash; that of the page being shown where it is not said
    """
    base = get_script_prefix() if base is None else base
    return f"{base}{settings.MEDIA_URL.lstrip('/')}{picture.key}/{width}.{name}"


def sources(picture: Picture, *, alt: str = "", base: str | None = None) -> Sources:
    """Return what a page needs to show a picture at the width that suits the screen."""
    widths = picture.widths or [picture.width]
    found = tuple(
        Source(MEDIA_TYPES[name], ", ".join(f"{address(picture, width, name, base=base)} {width}w" for width in widths))
        for name in MEDIA_TYPES
    )
    fallback = next((width for width in widths if width >= 800), widths[-1])
    return Sources(found, address(picture, fallback, base=base), picture.width, picture.height, picture.tone, alt)


def picture_at(key: str) -> Picture | None:
    return Picture.objects.filter(key=key).first()


def documents_of(subject: str) -> list[Document]:
    return list(Document.objects.filter(subject=subject))


def document(pk: int) -> Document | None:
    return Document.objects.filter(pk=pk).first()
