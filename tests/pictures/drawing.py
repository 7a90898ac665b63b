"""Files that people might send as a picture."""

import io
import zipfile
from typing import Any

from PIL import Image


def photo(width: int = 640, height: int = 480, kind: str = "JPEG", mode: str = "RGB", **more: Any) -> bytes:
    """A picture of one colour."""
    file = io.BytesIO()
    Image.new(mode, (width, height), "teal").save(file, kind, **more)
    return file.getvalue()


def phone_photo() -> bytes:
    """A photo that lies on its side, with the place where it was taken and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn it a quarter
    exif[0x010F] = "Camera van Noor"
    exif.get_ifd(0x8825)[1] = "N"
    return photo(800, 600, exif=exif, comment=b"gemaakt op de Voorbeeldstraat")


def archive() -> bytes:
    """A small archive, to be put behind a picture."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("programma.txt", "iets anders")
    return file.getvalue()
