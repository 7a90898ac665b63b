"""What is in a batch, counted, with the sha256 of each file: whoever has the files can check them without us."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from weekapp.batches.rows import Row, parcels, totals

NAME = "manifest.json"
MEDIA_TYPE = "application/json"


class Listed(NamedTuple):
    """One file as the manifest lists it."""

    name: str
    size: int  # bytes
    sha256: str


def content(rows: Sequence[Row], files: Iterable[Listed], *, batch: int, edition: int, profile: str, claimed_at: datetime) -> bytes:
    """JSON with counts and hashes; no names and no addresses. `claimed_at` is the moment at which the rows were frozen."""
    facts = {
        "batch": batch,
        "edition": edition,
        "profile": profile,
        "claimed_at": claimed_at.isoformat(timespec="seconds"),
        "orders": len(rows),
        "parcels": len(parcels(rows)),
        "packages": sum(row.quantity for row in rows),
        "items": totals(rows),
        "order_numbers": [row.number for row in rows],
        "files": [{"name": file.name, "bytes": file.size, "sha256": file.sha256} for file in files],
    }
    return (json.dumps(facts, indent=2, ensure_ascii=False) + "\n").encode()
