"""All files of a batch in one ZIP. It is never stored: it is put together from the sealed files whenever somebody asks for it.

Nothing is compressed (PDF and XLSX are already), so its bytes depend on the files alone and not on a version of a compressor. Its hash is
written down when the batch is sealed, and `reconcile` proves that it still comes out. One file of the batch is in memory at a time.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator

from weekapp.batches.rows import File

MEDIA_TYPE = "application/zip"
FIXED = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP can hold


def name_of(batch_id: int) -> str:
    """'batch-12.zip'"""
    return f"batch-{batch_id}.zip"


def pieces(files: Iterable[File]) -> Iterator[bytes]:
    """The ZIP in pieces, one for each file and one for the list at its end; times, rights and system are always the same."""
    out = Outlet()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, date_time=FIXED)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.content)
            yield out.take()
    yield out.take()


class Outlet(io.BytesIO):
    """A file of which only the newest piece is kept; positions count from the beginning, as `zipfile` writes them down."""

    gone = 0  # bytes that were taken already

    def tell(self) -> int:
        return self.gone + super().tell()

    def seek(self, position: int, whence: int = io.SEEK_SET) -> int:
        return self.gone + super().seek(position - self.gone if whence == io.SEEK_SET else position, whence)

    def take(self) -> bytes:
        """What was written since the last time."""
        piece = self.getvalue()
        self.gone += len(piece)
        super().seek(0)
        self.truncate()
        return piece
