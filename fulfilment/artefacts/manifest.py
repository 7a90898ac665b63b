"""What is in a batch, counted, with the sha256 of each file: whoever has the files can check them without us."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from fulfilment.artefacts.rows import File, Row, totals

NAME = "manifest.json"
MEDIA_TYPE = "application/json"


def content(rows: Sequence[Row], files: Iterable[File], *, batch: int, edition: int, profile: str, claimed_at: datetime) -> bytes:
    """JSON with counts and hashes; no names and no addresses. `claimed_at` is the moment at which the rows were frozen."""
    facts = {
        "batch": batch,
        "edition": edition,
        "profile": profile,
        "claimed_at": claimed_at.isoformat(timespec="seconds"),
        "orders": len(rows),
        "packages": sum(row.quantity for row in rows),
        "items": totals(rows),
        "order_numbers": [row.number for row in rows],
        "files": [{"name": file.name, "bytes": len(file.content), "sha256": hashlib.sha256(file.content).hexdigest()} for file in files],
    }
    return (json.dumps(facts, indent=2, ensure_ascii=False) + "\n").encode()
