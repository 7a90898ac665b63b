"""Stored public answers: made once per version of the edition, kept in bounded memory, compared by ETag.

The version is a row (`edition.version`) that each public change raises in its own transaction, so all web processes on all machines
see a change within `FRESH` seconds.
"""

import time
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any

from cachetools import LRUCache
from flask import Response, make_response, request
from sqlalchemy import text

from weekapp import clock
from weekapp.db import db

FRESH = 1.0  # seconds that a version is trusted without asking the database
ROOM = 64 * 1024 * 1024  # bytes of stored answers in one process


class Stored(LRUCache[tuple[object, ...], tuple[bytes, str]]):
    """Answers by address and version; the oldest go when the room is full, whatever strangers ask."""

    def __init__(self) -> None:
        super().__init__(ROOM, getsizeof=lambda entry: len(entry[0]) + 512)
        self.lock = Lock()


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


def stored(view: Callable[..., Any]) -> Callable[..., Response]:
    """Answer from memory while nothing public has changed. Only for `@public` views whose answer depends on the address alone."""

    @wraps(view)
    def answer(**arguments: Any) -> Response:
        key = (request.full_path, public_version(), clock.today())
        with _stored.lock:
            kept = _stored.get(key)
        if kept is None:
            response = make_response(view(**arguments))
            if response.status_code == 200 and not response.is_streamed:
                keep(key, response)
            return response
        body, content_type = kept
        return Response(body, content_type=content_type)

    return answer


def keep(key: tuple[object, ...], response: Response) -> None:
    """Store an answer, unless it alone would take a good part of the room."""
    body = response.get_data()
    if len(body) < ROOM // 4:
        with _stored.lock:
            _stored[key] = (body, response.content_type)
