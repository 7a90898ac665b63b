"""What may come in as a picture, and what becomes of it: bytes in, bytes out."""

import hashlib
import io
import zipfile
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, JpegImagePlugin, UnidentifiedImageError

from weekapp.errors import N_, DomainError

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 24_000_000  # of what must be unpacked whole; some 100 MB
MOST_PIXELS_OF_PHOTO = 120_000_000  # JPEG: unpacked at an eighth of its size, so the memory stays small
LONGEST_SIDE = 1280  # pixels of what we keep
QUALITY = 80  # of the JPEG that we make; a photo of this size takes some 150 kB
KINDS = ("JPEG", "PNG", "WEBP")
PROGRAMS = (b"<script", b"<?php", b"<html", b"<svg", b"<!doctype", b"%pdf-", b"<iframe")  # in lower case


class NoPicture(DomainError):
    """What was sent cannot be used as a picture; the sentence says why, and what to do."""

    status = 400


class TooManyPixels(NoPicture):
    """Unpacked it would take too much memory."""

    def __init__(self) -> None:
        super().__init__(N_("Deze foto heeft te veel beeldpunten. Maak hem kleiner of kies een andere."))


@dataclass(frozen=True, slots=True)
class Made:
    """A picture as we keep it: a JPEG without anything but the image."""

    octets: bytes
    width: int
    height: int
    digest: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as a page needs it: its address, what it shows in words, and its size in pixels."""

    path: str
    alt: str
    width: int
    height: int


def address_of(digest: str) -> str:
    """The address of a picture that everybody may see. Its content never changes."""
    return f"/afbeeldingen/{digest}.jpg"


def made_from(sent: bytes) -> Made:
    """Check what was sent by its content, never by its name, and draw it anew; raises NoPicture.

    Drawing it anew leaves out place, camera and whatever else a file can carry. What is two things at once, such as a picture that
    is a web page or an archive too, is refused: nobody makes one by accident.
    """
    if not sent:
        raise NoPicture(N_("Dit bestand is leeg. Kies een ander bestand."))
    if len(sent) > MOST_BYTES:
        raise NoPicture(N_("Dit bestand is te groot. Kies een foto van minder dan 10 MB."))
    if is_something_else(sent):
        raise NoPicture(N_("In dit bestand zit meer dan een foto. Dat is niet veilig. Kies een ander bestand."))
    try:
        return drawn_anew(Image.open(io.BytesIO(sent), formats=KINDS))
    except UnidentifiedImageError:
        raise NoPicture(N_("Dit is geen foto die wij kennen. Kies een bestand dat eindigt op jpg, png of webp.")) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):  # far too many; Pillow warns of some, as an error in tests
        raise TooManyPixels() from None
    except (OSError, ValueError, SyntaxError):  # what Pillow raises for a broken file
        raise NoPicture(N_("Deze foto is stuk. Kies een ander bestand.")) from None


def is_something_else(sent: bytes) -> bool:
    """Whether a program would take these bytes for a web page, a document or an archive (ASVS 5.2)."""
    lower = sent.lower()
    return any(start in lower for start in PROGRAMS) or zipfile.is_zipfile(io.BytesIO(sent))


def drawn_anew(image: Image.Image) -> Made:
    """The image upright, at most LONGEST_SIDE pixels long, in the colours of the web."""
    is_photo = isinstance(image, JpegImagePlugin.JpegImageFile)
    if image.width * image.height > (MOST_PIXELS_OF_PHOTO if is_photo else MOST_PIXELS):
        raise TooManyPixels()
    if is_photo:
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    flat = on_white(in_web_colours(upright))
    file = io.BytesIO()
    flat.save(file, "JPEG", quality=QUALITY, progressive=True, optimize=True)
    octets = file.getvalue()
    return Made(octets, flat.width, flat.height, hashlib.sha256(octets).hexdigest()[:40])


def in_web_colours(image: Image.Image) -> Image.Image:
    """Phones and cameras save colours with a profile; we keep none, so the colours themselves are changed to sRGB."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except ImageCms.PyCMSError:
        return image
    return changed or image


def on_white(image: Image.Image) -> Image.Image:
    """A picture that is partly transparent, on white; and nothing but the image: a new one has no comments, place or camera."""
    solid = image.convert("RGBA") if image.has_transparency_data else image.convert("RGB")
    flat = Image.new("RGB", solid.size, "white")
    flat.paste(solid, mask=solid.getchannel("A") if solid.mode == "RGBA" else None)
    return flat
