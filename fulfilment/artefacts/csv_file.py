"""The file that a carrier imports, by its profile."""

import csv
import io
from collections.abc import Sequence

from weekapp.batches.profiles import Profile
from weekapp.batches.rows import Row

MEDIA_TYPE = "text/csv"


def content(rows: Sequence[Row], profile: Profile) -> bytes:
    """Heading and one line a parcel, RFC 4180; what does not fit was kept out when the batch was claimed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=profile.delimiter, lineterminator=profile.newline)
    writer.writerow([column.name for column in profile.columns])
    writer.writerows([column.cell(row) for column in profile.columns] for row in rows)
    start = "\ufeff" if profile.bom else ""
    return (start + out.getvalue()).encode(profile.encoding)
