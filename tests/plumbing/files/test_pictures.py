"""Photos go in as cameras make them and come out as pages need them."""

import struct
import zlib
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from tests.conftest import browser
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.files import permissions, queries, services
from toadlane.plumbing.tenancy.scope import scope
from toadlane.trade.catalog.models import Listing


def photo(width=2400, height=1600, kind="JPEG", **more) -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (width, height), (180, 90, 40)).save(out, kind, **more)
    out.seek(0)
    return out


def with_gps() -> BytesIO:
    exif = Image.Exif()
    exif[0x010F] = "ACME"  # The maker of the camera.
    exif[0x0112] = 6  # It lies on its side.
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 16.0, 19.0), 3: "W", 4: (9.0, 3.0, 14.0)})
    return photo(800, 600, exif=exif)


def bomb(width=20_000, height=20_000) -> BytesIO:
    """A picture of four hundred million points in a few hundred kilobytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * ((width // 8 + 1) * height), 9)
    return BytesIO(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))


@pytest.fixture
def add(inside, worker, at):
    return lambda file: services.add_picture(file=file, by=worker, at=at)


def stored(picture, width, name="webp"):
    return default_storage.open(queries.picture_path(picture.coop_id, picture.key, width, name))


def test_a_large_photo_is_kept_in_three_widths_and_two_formats(add):
    picture = add(photo())
    assert (picture.width, picture.height, picture.widths) == (1600, 1067, [400, 800, 1600])
    for width in picture.widths:
        for name in ("avif", "webp"):
            assert Image.open(stored(picture, width, name)).width == width


def test_a_small_photo_is_not_blown_up(add):
    assert add(photo(300, 200)).widths == [300]


def test_where_and_with_what_it_was_taken_is_gone_and_it_stands_upright(add):
    picture = add(with_gps())
    assert (picture.width, picture.height) == (600, 800)
    for name in ("avif", "webp"):
        file = stored(picture, 600, name)
        assert not dict(Image.open(file).getexif())
        file.seek(0)
        assert b"ACME" not in file.read()


def test_the_same_photo_is_kept_once(add):
    assert add(photo(500, 400)).pk == add(photo(500, 400)).pk


@pytest.mark.parametrize("size", [(20_000, 20_000), (10_001, 10_000)])
def test_a_bomb_is_refused_before_it_is_unpacked(add, size):
    with pytest.raises(services.TooLarge) as error:
        add(bomb(*size))
    assert error.value.hint and error.value.status == 422


@pytest.mark.parametrize(("side", "kind", "taken"), [(5_000, "WEBP", True), (5_010, "WEBP", False), (5_010, "PNG", False)])
def test_what_is_unpacked_whole_has_half_the_points(add, side, kind, taken):
    out = BytesIO()
    Image.new("L", (side, side)).save(out, kind)
    out.seek(0)
    if taken:
        assert add(out).width == 1600
    else:
        with pytest.raises(services.TooLarge, match="25"):
            add(out)


def test_a_picture_taller_than_can_be_kept_is_refused_kindly(add):
    assert add(bomb(40, 16_383)).height == 16_383
    with pytest.raises(services.NotAPicture, match="too tall") as error:
        add(bomb(40, 16_384))
    assert error.value.hint


@pytest.mark.parametrize(("mode", "tone"), [("RGBA", "#ffffff"), ("P", "#000000"), ("LA", "#ffffff"), ("1", "#000000")])
def test_a_wide_picture_is_made_smaller_whatever_its_points_are(add, mode, tone):
    out = BytesIO()
    Image.new(mode, (7_000, 90)).save(out, "PNG")
    out.seek(0)
    picture = add(out)
    assert (picture.width, picture.height, picture.tone) == (1600, 40, tone)


def test_too_many_bytes_are_refused(add):
    with pytest.raises(services.TooLarge):
        add(BytesIO(b"\xff\xd8" + b"0" * (15 * 2**20)))


@pytest.mark.parametrize("content", [b"", b"not a picture", b"<svg onload=alert(1)>", b"%PDF-1.7", photo().getvalue()[:900]])
def test_what_is_no_picture_is_refused_kindly(add, content):
    with pytest.raises(services.NotAPicture) as error:
        add(BytesIO(content))
    assert "JPEG" in str(error.value.hint)


def test_transparency_becomes_white(add):
    out = BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(out, "PNG")
    out.seek(0)
    assert add(out).tone == "#ffffff"


def test_a_stranger_sends_nothing(inside, at):
    with pytest.raises(Refused):
        services.add_picture(file=photo(), by=Principal(coop_id=inside.pk, channel=Channel.WEB), at=at)


def test_pictures_are_shown_for_a_year_and_only_at_their_own_coop(add, client):
    picture = add(photo(500, 400))
    answer = client.get(f"/c/sparkle/media/{picture.key}/500.avif")
    assert answer.status_code == 200 and answer["Content-Type"] == "image/avif"
    assert "immutable" in answer["Cache-Control"] and "max-age=31536000" in answer["Cache-Control"]
    assert client.get(f"/c/sparkle/media/{picture.key}/500.avif", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    for path in (f"/c/wheels/media/{picture.key}/500.avif", f"/media/{picture.key}/500.avif",
                 f"/c/sparkle/media/{picture.key}/501.avif", f"/c/sparkle/media/{'0' * 64}/400.webp"):  # fmt: skip
        assert client.get(path).status_code == 404


def test_a_picture_that_nothing_shows_is_forgotten_after_a_day(inside, add, at):
    lost, hung = add(photo(500, 400)), add(photo(400, 500))
    listing = Listing.objects.create(
        kind="clean", title="Clean", currency="EUR", cover=hung, created_at=at, changed_at=at
    )  # fmt: skip
    system = Principal.job(inside.pk)
    assert services.sweep(by=system, at=at + timedelta(hours=23)) == 0
    assert services.sweep(by=system, at=at + timedelta(hours=25)) == 1
    assert queries.picture_at(lost.key) is None and listing.cover == queries.picture_at(hung.key)
    assert not default_storage.exists(queries.picture_path(inside.pk, lost.key, 500, "webp"))
    assert default_storage.exists(queries.picture_path(inside.pk, hung.key, 400, "webp"))


# ------------------------------------------------------------------------------------------------------------ documents


@pytest.fixture
def letters(monkeypatch):
    """Somebody answers for documents of letters: only their own sender opens them."""
    monkeypatch.setattr(permissions, "_readers", {"letter": lambda by, subject_id: str(by.person_id) == subject_id})


def attach(alice, worker, at, content=b"%PDF-1.7 hello", name="note.pdf", subject=None):
    return services.add_document(file=BytesIO(content), name=name, subject=subject or f"letter:{alice.pk}", by=worker, at=at)


def test_an_attachment_is_for_those_it_concerns(inside, alice, bob, charlie, worker, at, letters, client):
    document = attach(alice, worker, at)
    path = f"/c/sparkle/media/documents/{document.pk}/"
    answer = browser(alice).get(path)
    assert answer.status_code == 200 and answer["Content-Disposition"] == 'attachment; filename="note.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
    assert [browser(bob).get(path).status_code, browser(charlie).get(path).status_code, client.get(path).status_code] == [404] * 3
    assert browser(alice).get(f"/c/wheels/media/documents/{document.pk}/").status_code == 404


def test_what_nobody_answers_for_nobody_opens(inside, alice, worker, at):
    document = attach(alice, worker, at, subject="mystery:1")
    assert browser(alice).get(f"/c/sparkle/media/documents/{document.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "kept", "media_type"),
    [
        ("../../etc/pass<w>d.txt", b"words", "passwd.txt", "text/plain"),
        ("räksmörgås.csv", b"a,b", "räksmörgås.csv", "text/csv"),
        ("fake.pdf", b"%PDF-1.4", "fake.pdf", "application/pdf"),
    ],
)
def test_names_and_kinds_are_made_safe(inside, alice, worker, at, name, content, kept, media_type):
    document = attach(alice, worker, at, content, name)
    assert (document.name, document.media_type) == (kept, media_type)


def test_a_photo_on_a_message_loses_its_place_too(inside, alice, worker, at):
    document = attach(alice, worker, at, with_gps().getvalue(), "here.jpg")
    assert (document.name, document.media_type) == ("here.webp", "image/webp")
    file = default_storage.open(queries.document_path(document.coop_id, document.key))
    assert not dict(Image.open(file).getexif())


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"<html><script>", b"PK\x03\x04"])
def test_programs_and_pages_are_not_attached(inside, alice, worker, at, content):
    with pytest.raises(services.NotADocument):
        attach(alice, worker, at, content, "thing.exe")


def test_charlies_coop_does_not_find_the_document(inside, wheels, alice, worker, at):
    document = attach(alice, worker, at)
    with scope(wheels.pk):
        assert queries.document(document.pk) is None


def test_a_photo_in_the_format_of_a_phone_is_told_by_its_name(add):
    """“Not a picture” is no answer to somebody who has just taken it."""
    with pytest.raises(services.NotAPicture) as error:
        add(BytesIO(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500)))
    assert "HEIC" in error.value.hint and "JPEG" in error.value.hint
