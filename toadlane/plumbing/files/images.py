"""Photos as people send them, made into pictures as we keep them. Pure: bytes in, bytes out."""

import hashlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from toadlane.kernel.errors import Expected

WIDTHS = (400, 800, 1600)
FORMATS = ("avif", "webp")
# The brands by which HEIF and HEIC files begin.
HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
ACCEPTED = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
MOST_BYTES = 15 * 2**20
MOST_PIXELS = 50_000_000
# A JPEG is unpacked at a quarter or less of its size; anything else whole, several times over on its way, from a kilobyte.
MOST_PIXELS_UNPACKED = 25_000_000
LEAST_SIDE = 40
TALLEST = 16_383  # The most that WebP can hold.
# Speed over the last few per cent of size: a photo is encoded while somebody waits.
HOW = {"avif": {"quality": 60, "speed": 9}, "webp": {"quality": 78, "method": 3}}


class NotAPicture(Expected):
    words = lazy("This file is not a picture that we can show.")
    status = 422
    field = "file"


class TooLarge(Expected):
    """This picture is too large."""

    status = 422
    field = "file"


# Unpacked, a picture takes hundreds of megabytes for a moment: one at a time in each process.
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Prepared:
    """A photo after checking: upright, in plain RGB, without a word of where and with what it was taken."""

    key: str
    image: Image.Image

    @property
    def widths(self) -> list[int]:
        """Return the widths to make: never more than the photo has, and always one."""
        return [*(width for width in WIDTHS if width < self.image.width), self.image.width]

    @property
    def tone(self) -> str:
        red, green, blue = self.image.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))  # type: ignore[misc]
        return f"#{red:02x}{green:02x}{blue:02x}"

    def variants(self) -> Iterator[tuple[int, str, bytes]]:
        """Yield (width, format, bytes), the largest first: each is made from the one before."""
        image = self.image
        for width in reversed(self.widths):
            height = max(1, round(self.image.height * width / self.image.width))
            image = image if image.width == width else image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
            for name in FORMATS:
                out = BytesIO()
                image.save(out, name.upper(), **HOW[name])
                yield width, name, out.getvalue()


def prepare(file: IO[bytes]) -> Prepared:
    """Check a photo and take everything off it but its pixels.

    :raises TooLarge: before a single pixel of an oversized picture is unpacked
    :raises NotAPicture: when it is none, or is broken
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TooLarge(
            _("This picture has more than %(most)d megabytes.") % {"most": MOST_BYTES // 2**20},
            hint=_("Make it smaller, or send it as a JPEG."),
        )
    try:
        with _one_at_a_time, warnings.catch_warnings():
            # Our own limit stands below Pillow's, which warns first and refuses only at twice its size.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = _plain(_opened(content))
    except Image.DecompressionBombError as error:
        raise _too_many_points(MOST_PIXELS) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise NotAPicture(hint=_hint(content)) from error
    if min(image.size) < LEAST_SIDE:
        raise NotAPicture(_("This picture is too small to show."), hint=_("Send one of at least 40 by 40 points."))
    if image.width > WIDTHS[-1]:
        height = max(LEAST_SIDE, round(image.height * WIDTHS[-1] / image.width))
        image = image.resize((WIDTHS[-1], height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if image.height > TALLEST:
        raise NotAPicture(_("This picture is too tall to show."), hint=_("Cut it into several."))
    return Prepared(hashlib.sha256(content).hexdigest(), image)


def _hint(content: bytes) -> str:
    """Say what to send instead. A phone names its own format nowhere that its owner would see."""
    if content[4:8] == b"ftyp" and content[8:12] in HEIF:
        return _(
            "It is a HEIC, the format of some phones. Send it as a JPEG: on an iPhone choose “Most Compatible” in Settings, "
            "Camera, Formats, or take a screenshot of the photo."
        )
    return _("Send a JPEG, PNG, WebP, AVIF or GIF.")


def _opened(content: bytes) -> Image.Image:
    """Return the picture upright, and no larger than it is of use."""
    image: Image.Image = Image.open(BytesIO(content), formats=ACCEPTED)
    most = MOST_PIXELS if image.format == "JPEG" else MOST_PIXELS_UNPACKED
    if image.width * image.height > most:
        raise _too_many_points(most)
    # A JPEG can be unpacked at half or a quarter of its size, which is all we need.
    image.draft("RGB", (WIDTHS[-1] * 2, WIDTHS[-1] * 2))
    ImageOps.exif_transpose(image, in_place=True)
    if (times := image.width // (WIDTHS[-1] * 2)) < 2:
        return image
    if image.mode not in ("L", "LA", "RGB", "RGBA"):
        image = image.convert("RGBA" if image.mode == "PA" or "transparency" in image.info else "RGB")
    return image.reduce((times, max(1, min(times, image.height // LEAST_SIDE))))


def _too_many_points(most: int) -> TooLarge:
    return TooLarge(
        _("This picture has more than %(most)d million points.") % {"most": most // 1_000_000},
        hint=_("Make it smaller: 1600 points across are all we show."),
    )


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels alone, on white where they were transparent."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        ground.alpha_composite(layer)
        image = ground
    bare = Image.new("RGB", image.size)
    bare.paste(image.convert("RGB"))
    return bare
