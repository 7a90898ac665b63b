"""Stored public answers: made once per version of the edition, packed once, kept in bounded memory, compared by ETag.

The version is a row (`edition.version`) that each public change raises in its own transaction, so all web processes on all machines
see a change within `FRESH` seconds.
"""

import gzip
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any

from cachetools import LRUCache
from flask import Response, make_response, request
from sqlalchemy import text

from weekapp import clock
from weekapp.db import db
from weekapp.errors import N_, InvalidInput

FRESH = 1.0  # seconds that a version is trusted without asking the database
ROOM = 64 * 1024 * 1024  # bytes of stored answers in one process
LONGEST_QUERY = 2000  # bytes after the question mark; nobody types more, and none of it is read
WORTH_PACKING = 1000  # bytes; smaller answers fit in one packet anyway
PACKED_TYPES = ("text/", "application/json", "application/geo+json", "application/atom+xml", "application/xml", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished answer: its bytes, the same bytes packed with gzip when that pays, and its headers."""

    body: bytes
    packed: bytes | None
    headers: tuple[tuple[str, str], ...]
    etag: str


class Stored(LRUCache[tuple[object, ...], Kept]):
    """Answers by address and version; the least used go when the room is full, whatever strangers ask."""

    def __init__(self) -> None:
        super().__init__(ROOM, getsizeof=size)
        self.lock = Lock()


def size(kept: Kept) -> int:
    """Bytes that an answer takes, its address and headers roughly included."""
    return len(kept.body) + len(kept.packed or b"") + 2 * LONGEST_QUERY


_stored = Stored()
_version: tuple[float, int] = (0.0, -1)


def public_version() -> int:
    """A number that changes with each public change; at most FRESH seconds old."""
    global _version
    checked, number = _version
    if time.monotonic() - checked > FRESH or number < 0:
        number = db.session.execute(text("SELECT coalesce(sum(version), 0) FROM edition")).scalar_one()
        _version = (time.monotonic(), number)
    return number


def forget() -> None:
    """Drop everything (for tests, and after a restore)."""
    global _version
    _version = (0.0, -1)
    with _stored.lock:
        _stored.clear()


def room_taken() -> int:
    """Bytes that stored answers take in this process."""
    return int(_stored.currsize)


def stored(view: Callable[..., Any]) -> Callable[..., Response]:
    """Answer from memory while nothing public has changed. Only for `@public` views whose answer depends on the address alone."""

    @wraps(view)
    def answer(**arguments: Any) -> Response:
        if len(request.query_string) > LONGEST_QUERY:
            raise InvalidInput([("adres", N_("Dit adres is te lang. Gebruik minder filters."))])
        key = (request.full_path, public_version(), clock.today())
        with _stored.lock:
            kept = _stored.get(key)
        if kept is None:
            response = make_response(view(**arguments))
            if response.status_code != 200 or response.is_streamed:
                return response
            kept = keep(key, response)
        return response_from(kept)

    return answer


def keep(key: tuple[object, ...], response: Response) -> Kept:
    """Store an answer, unless it alone would take a good part of the room."""
    body = response.get_data()
    worth = len(body) >= WORTH_PACKING and response.content_type.startswith(PACKED_TYPES)
    kept = Kept(
        body=body,
        packed=gzip.compress(body, compresslevel=6, mtime=0) if worth else None,
        headers=tuple((name, value) for name, value in response.headers if name != "Content-Length"),
        etag=hashlib.blake2s(body, digest_size=16).hexdigest(),
    )
    if size(kept) < ROOM // 4:
        with _stored.lock:
            _stored[key] = kept
    return kept


def response_from(kept: Kept) -> Response:
    """The answer in an encoding that the client takes; each encoding has an ETag of its own (RFC 9110, 8.8.3)."""
    packed = kept.packed if request.accept_encodings.quality("gzip") > 0 else None
    response = Response(kept.body if packed is None else packed, headers=list(kept.headers))
    response.set_etag(kept.etag if packed is None else f"{kept.etag}-gzip")
    if packed is not None:
        response.headers["Content-Encoding"] = "gzip"
    if kept.packed is not None:
        response.vary.add("Accept-Encoding")
    return response
