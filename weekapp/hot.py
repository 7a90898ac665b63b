"""Stored public answers, given before Flask's routing: conditional, compressed once per version, in bounded memory.

A view that is `@public` answers with `Cache-Control: public`; such an answer is kept until the public version (rows that each
public change raises in its own transaction, and the Dutch date) moves on. Each process of each machine reads that version once a
second, so that a change is seen everywhere within two seconds, and a request for a kept answer touches no database. When the
database does not answer, the last good answer goes out, marked with `Warning: 110` (docs/decisions/0011).
"""

import gzip
import os
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from threading import Event, Lock, Thread
from typing import Any, NamedTuple

import brotli
import structlog
import zstandard
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import http_date

from weekapp import clock
from weekapp.negotiation import chosen_encoding, names_it, timestamp

log = structlog.get_logger()

ROOM = 96 * 1024 * 1024  # bytes of kept answers in one process, a quarter of it for searches
LARGE = 16 * 1024 * 1024  # bytes; a larger body is kept compressed only
OVERHEAD = 6 * 1024  # bytes that an answer takes besides its bodies: headers, address, locks (measured, rounded up)
SEEN = 20_000  # searches that are remembered as asked once
WORTH_COMPRESSING = 512  # bytes; smaller answers fit in one packet anyway
UNKNOWN_AFTER = 5.0  # seconds; a version that could not be read for so long makes answers stale
PATIENCE = 1.0  # seconds that the former answer goes out unmarked while the new one is made
LONGEST_WAIT = 20.0  # seconds to wait for somebody else's answer

COMPRESSIBLE = re.compile(r"text/|application/([\w.-]+\+)?(json|xml|javascript)\b|image/svg")
NOT_STORED = {"no-store", "private", "no-cache"}
REWRITTEN = {"etag", "content-length", "vary", "last-modified", "x-request-id"}
IN_304 = {"cache-control", "expires", "content-location", "access-control-allow-origin", "access-control-expose-headers"}
CONDITIONS = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_RANGE"}
STALE = ("Warning", '110 - "Response is Stale"')
Headers = list[tuple[str, str]]
Site = Callable[[dict[str, Any], Any], Iterable[bytes]]

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": lambda body: zstandard.ZstdCompressor(level=6).compress(body),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
ENCODINGS = tuple(ENCODERS)


class PublicVersion(NamedTuple):
    """What every stored answer depends on."""

    number: int  # grows with each public change
    changed: datetime  # when the newest change was; never goes back
    day: date  # the Dutch date: what is to come becomes what has been


class Version:
    """The public version of this moment. `read` asks the database; with `every` = 0 seconds each request asks it."""

    def __init__(self, read: Callable[[], PublicVersion], every: float) -> None:
        self.read, self.every = read, every
        self.value: PublicVersion | None = None
        self.known_until = 0.0
        self.was_unknown = False
        self.process = 0
        self.lock = Lock()

    @property
    def is_stale(self) -> bool:
        """Whether the database has not answered lately: what we know may be old."""
        return time.monotonic() > self.known_until

    def now(self) -> PublicVersion | None:
        """The version, at most `every` seconds old; None when it was never known."""
        if self.process != os.getpid():  # the server forks: each process has a thread of its own
            self.begin()
        elif not self.every:
            self.refresh()
        return self.value

    def begin(self) -> None:
        with self.lock:
            if self.process != os.getpid():
                self._refresh()
                self.process = os.getpid()
                if self.every:
                    Thread(target=self.follow, daemon=True, name="public version").start()

    def follow(self) -> None:
        while True:
            time.sleep(self.every)
            self.refresh()

    def refresh(self) -> None:
        """Ask again, one at a time, so that an older answer never replaces a newer one."""
        with self.lock:
            self._refresh()

    def _refresh(self) -> None:
        try:
            found = self.read()
        except SQLAlchemyError as error:
            self.known_until = 0.0
            if not self.was_unknown:
                log.warning("public version cannot be read, former answers go on", exc_info=error)
            self.was_unknown = True
            return
        if found != self.value:  # the same object as long as nothing changed: answers compare it by identity
            self.value = found
        self.known_until = time.monotonic() + self.every + UNKNOWN_AFTER
        self.was_unknown = False


class Ready(NamedTuple):
    """An answer in one encoding, with nothing left to do."""

    tag: str
    headers: Headers
    headers_304: Headers
    chunks: list[bytes]


@dataclass(slots=True, eq=False)
class Kept:
    """One answer for everybody. `body` is its bytes, compressed with zstd when `is_packed`; `prepared` has it by encoding."""

    version: PublicVersion | None
    body: bytes
    headers: Headers
    tag: str
    may_compress: bool
    is_packed: bool
    is_immutable: bool
    modified: float  # seconds since 1970, or 0
    settles_at: float  # seconds since 1970: from then on nothing else can bear the same Last-Modified; 0 when that is so
    is_used: bool = True
    counted: int = 0
    prepared: dict[str, Ready] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    @property
    def size(self) -> int:
        """Bytes in memory, roughly."""
        return OVERHEAD + len(self.body) + sum(len(body) for ready in self.prepared.values() for body in ready.chunks if body is not self.body)

    def ready(self, encoding: str) -> Ready:
        """The answer in an encoding, compressed once."""
        found = self.prepared.get(encoding)
        if found is not None:
            return found
        if self.is_packed and not encoding:  # too large to keep: made anew for the few that take no compression
            return self.with_headers("", zstandard.ZstdDecompressor().decompress(self.body))
        with self.lock:
            if encoding not in self.prepared:
                self.prepared[encoding] = self.with_headers(encoding, self.encoded(encoding))
            return self.prepared[encoding]

    def encoded(self, encoding: str) -> bytes:
        if self.is_packed:
            return self.body if encoding == "zstd" else ENCODERS[encoding](zstandard.ZstdDecompressor().decompress(self.body))
        return ENCODERS[encoding](self.body) if encoding else self.body

    def with_headers(self, encoding: str, body: bytes) -> Ready:
        tag = f'"{self.tag}-{encoding}"' if encoding else f'"{self.tag}"'
        common = [("ETag", tag)]
        if self.may_compress:
            common.append(("Vary", "Accept-Encoding"))
        if self.modified:
            common.append(("Last-Modified", http_date(self.modified - 1 if self.settles_at else self.modified)))
        coded = [("Content-Encoding", encoding)] if encoding else []
        headers_304 = [header for header in self.headers if header[0].lower() in IN_304] + common
        return Ready(tag, [*self.headers, *common, *coded, ("Content-Length", str(len(body)))], headers_304, [body])

    def settle(self) -> None:
        """Give it its real Last-Modified. Until now another change in the same second could have borne the same one."""
        with self.lock:
            self.settles_at = 0.0
            self.prepared = {encoding: self.with_headers(encoding, ready.chunks[0]) for encoding, ready in self.prepared.items()}

    def is_unchanged(self, environ: dict[str, Any], tag: str) -> bool:
        """Whether the client has it: If-None-Match first, and only without it If-Modified-Since (RFC 9110, 13.2.2)."""
        given = environ.get("HTTP_IF_NONE_MATCH")
        if given is not None:
            return names_it(given, tag)
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        return since is not None and 0 < self.modified <= timestamp(since) and not self.settles_at


class Room:
    """Answers by address in bounded memory. Reading takes no lock; what nobody asked for since the last round goes first."""

    def __init__(self, room: int) -> None:
        self.room, self.taken = room, 0
        self.answers: OrderedDict[str, Kept] = OrderedDict()
        self.lock = Lock()

    def put(self, key: str, kept: Kept) -> None:
        """Keep an answer, or count again one that has grown; one that takes more than half the room is not kept."""
        with self.lock:
            former = self.answers.pop(key, None)
            if former is not None:
                self.taken -= former.counted
            kept.counted = kept.size + 2 * len(key)
            if kept.counted > self.room // 2:
                return
            self.answers[key] = kept
            self.taken += kept.counted
            while self.taken > self.room:
                self.make_room()

    def make_room(self) -> None:
        key, oldest = self.answers.popitem(last=False)
        if oldest.is_used:
            oldest.is_used = False
            self.answers[key] = oldest
        else:
            self.taken -= oldest.counted

    def clear(self) -> None:
        with self.lock:
            self.answers.clear()
            self.taken = 0


class Seen:
    """Which searches were asked before, of the last SEEN or so."""

    def __init__(self) -> None:
        self.newer: set[int] = set()
        self.older: set[int] = set()

    def before(self, key: str) -> bool:
        """Whether it was asked before; now it has been."""
        mark = hash(key)
        if mark in self.newer or mark in self.older:
            return True
        if len(self.newer) >= SEEN // 2:
            self.newer, self.older = set(), self.newer
        self.newer.add(mark)
        return False


class Making:
    """An answer that somebody makes at this moment."""

    def __init__(self) -> None:
        self.since = time.monotonic()
        self.done = Event()
        self.made: Kept | None = None


class HotLayer:
    """WSGI middleware around the whole site."""

    def __init__(self, site: Site, version: Version, *, private: Iterable[str] = (), room: int = ROOM) -> None:
        """`private` are first parts of addresses (`mijn` of /mijn/activiteiten) that never have a public answer."""
        self.site, self.version, self.private = site, version, frozenset(private)
        self.pages, self.searches = Room(room - room // 4), Room(room // 4)
        self.seen = Seen()
        self.making: dict[tuple[str, PublicVersion | None], Making] = {}
        self.lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.site(environ, start_response)
        version = self.version.now()
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING")
        room, key = (self.searches, f"{path}?{query}") if query else (self.pages, path)
        kept = room.answers.get(key)
        if kept is not None and (kept.version is version or kept.is_immutable):
            return self.answer(room, key, kept, environ, start_response)
        if path.partition("/")[2].partition("/")[0] in self.private:
            return self.site(environ, start_response)
        return self.one_makes(room, key, kept, version, environ, start_response)

    def one_makes(
        self, room: Room, key: str, former: Kept | None, version: PublicVersion | None, environ: dict[str, Any], start_response: Any
    ) -> Iterable[bytes]:
        """Of all that ask for the same new answer one makes it; the others get the former one, or wait."""
        with self.lock:
            other = self.making.get((key, version))
            mine = self.making[key, version] = Making() if other is None else other
        if other is None:
            try:
                return self.make(mine, room, key, former, version, environ, start_response)
            finally:
                with self.lock:
                    del self.making[key, version]
                mine.done.set()
        if former is not None:
            return self.answer(room, key, former, environ, start_response, stale=time.monotonic() - other.since > PATIENCE)
        other.done.wait(LONGEST_WAIT)
        if other.made is not None:
            return self.answer(room, key, other.made, environ, start_response)
        return self.site(environ, start_response)

    def make(
        self,
        mine: Making,
        room: Room,
        key: str,
        former: Kept | None,
        version: PublicVersion | None,
        environ: dict[str, Any],
        start_response: Any,
    ) -> Iterable[bytes]:
        """Ask the site, without conditions: those are judged here. When it cannot answer, the former answer goes out, marked."""
        started: list[Any] = []
        inner = {name: value for name, value in environ.items() if name not in CONDITIONS} | {"REQUEST_METHOD": "GET"}
        chunks = self.site(inner, lambda status, headers, exc_info=None: started.extend([status, headers]))
        status, headers = started
        if status.startswith("5") and former is not None:
            close(chunks)
            return self.answer(room, key, former, environ, start_response, stale=True)
        if not is_for_everybody(status, headers):
            start_response(status, headers)
            if environ["REQUEST_METHOD"] == "GET":
                return chunks
            close(chunks)
            return []
        kept = kept_answer(version, headers, joined(chunks), self.version.every)
        if former is not None and kept.may_compress:
            for encoding in former.prepared:  # ready for all others before they see it
                kept.ready(encoding)
        mine.made = kept
        if room is self.pages or former is not None or self.seen.before(key):
            room.put(key, kept)
        return self.answer(room, key, kept, environ, start_response)

    def answer(
        self, room: Room, key: str, kept: Kept, environ: dict[str, Any], start_response: Any, *, stale: bool = False
    ) -> Iterable[bytes]:
        """200 or 304, in the encoding that the client likes best."""
        kept.is_used = True
        if kept.settles_at and clock.now().timestamp() >= kept.settles_at:
            kept.settle()
        encoding = chosen_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""), ENCODINGS) if kept.may_compress else ""
        ready = kept.prepared.get(encoding)
        if ready is None:
            ready = kept.ready(encoding)
            if room.answers.get(key) is kept:
                room.put(key, kept)  # it has grown
        more = [STALE] if stale or self.version.is_stale else []
        if kept.is_unchanged(environ, ready.tag):
            start_response("304 NOT MODIFIED", ready.headers_304 + more)
            return []
        start_response("200 OK", ready.headers + more)
        return ready.chunks if environ["REQUEST_METHOD"] == "GET" else []

    def forget(self) -> None:
        """Drop everything, for instance after a restore."""
        self.pages.clear()
        self.searches.clear()
        self.seen = Seen()


def is_for_everybody(status: str, headers: Headers) -> bool:
    """Whether an answer may be kept: public, without a cookie, and not dependent on who asks."""
    named = {name.lower(): value.lower() for name, value in headers}
    storing = {part.strip() for part in named.get("cache-control", "").split(",")}
    varies = {part.strip() for part in named.get("vary", "accept-encoding").split(",")}
    is_public = "public" in storing and not storing & NOT_STORED
    return status.startswith("200") and is_public and "set-cookie" not in named and varies <= {"accept-encoding"}


def kept_answer(version: PublicVersion | None, headers: Headers, body: bytes, every: float) -> Kept:
    """An answer of the site in the form in which it is kept."""
    named = {name.lower(): value for name, value in headers}
    compressible = "content-encoding" not in named and COMPRESSIBLE.match(named.get("content-type", "")) is not None
    is_immutable = "immutable" in named.get("cache-control", "")
    modified = timestamp(named.get("last-modified", ""))
    settles_at = 0.0
    if modified and version and not is_immutable:
        modified = min(modified, version.changed.timestamp() // 1)  # known before the content was read, so never too new
        settles_at = modified + 1 + every
    is_packed = compressible and len(body) > LARGE
    return Kept(
        version=version,
        body=ENCODERS["zstd"](body) if is_packed else body,
        headers=[(name, value) for name, value in headers if name.lower() not in REWRITTEN],
        tag=blake2b(body, digest_size=12).hexdigest(),
        may_compress=compressible and len(body) > WORTH_COMPRESSING,
        is_packed=is_packed,
        is_immutable=is_immutable,
        modified=modified,
        settles_at=settles_at if clock.now().timestamp() < settles_at else 0.0,
    )


def joined(chunks: Iterable[bytes]) -> bytes:
    try:
        return b"".join(chunks)
    finally:
        close(chunks)


def close(chunks: Iterable[bytes]) -> None:
    """What a WSGI server does when it is done (PEP 3333)."""
    if hasattr(chunks, "close"):
        chunks.close()


def layer_of(app: Flask) -> HotLayer:
    """The layer around an application."""
    layer: HotLayer = app.extensions["stored answers"]
    return layer


def look_again() -> None:
    """Something public was committed by this process: it sees the change at once, the others within `fresh_seconds`."""
    layer = current_app.extensions.get("stored answers")
    if layer is not None:  # the worker has no pages
        layer.version.refresh()
