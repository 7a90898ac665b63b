"""All files of a batch in one."""

import io
import zipfile
from collections.abc import Iterable

from weekapp.batches.rows import File

MEDIA_TYPE = "application/zip"
FIXED = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP can hold


def content(files: Iterable[File]) -> bytes:
    """The files in the given order; times, rights and system are always the same, so that the bytes depend on the files alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, date_time=FIXED)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.content)
    return out.getvalue()
