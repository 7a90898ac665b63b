"""Stored public answers, given before Flask's routing: conditional, compressed once per version, in bounded memory.

A view that is `@public` answers with `Cache-Control: public`; such an answer is kept until the public version (a row that
each public change raises in its own transaction) or the Dutch date moves on. All processes on all machines read that row once a
second, so a change is seen everywhere within two seconds, and a request for a kept answer touches no database. When the
database does not answer, the last good answer goes out, marked with `Warning: 110` (RFC 7234, 5.5.1).
"""

import gzip
import os
import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Lock, Thread
from typing import Any

import brotli
import structlog
import zstandard
from cachetools import LRUCache
from werkzeug.http import parse_date

log = structlog.get_logger()

ROOM = 64 * 1024 * 1024  # bytes of kept answers in one process
LARGEST = ROOM // 4  # bytes; a larger answer is not kept
SEEN = 20_000  # addresses with a query that are remembered as asked once
COMPRESSIBLE = ("text/", "application/json", "application/geo+json", "application/atom+xml", "application/javascript", "image/svg+xml")
STALE = ("Warning", '110 - "Response is Stale"')
Headers = list[tuple[str, str]]

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": lambda body: zstandard.ZstdCompressor(level=9).compress(body),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}


class Version:
    """The public version of this moment. `read` asks the database; with `every` = 0 seconds each request asks it."""

    def __init__(self, read: Callable[[], Hashable], every: float) -> None:
        self.read, self.every = read, every
        self.value: Hashable = None
        self.is_stale = False
        self.process = 0

    def now(self) -> Hashable:
        """The version, at most `every` seconds old. A web server forks: each process has a thread of its own."""
        if self.every == 0:
            self.refresh()
        elif self.process != os.getpid():
            self.process = os.getpid()
            self.refresh()
            Thread(target=self.follow, daemon=True, name="public version").start()
        return self.value

    def follow(self) -> None:
        while True:
            time.sleep(self.every)
            self.refresh()

    def refresh(self) -> None:
        """Ask again; when the database is away, the former version holds on and answers are marked stale."""
        try:
            self.value = self.read()
        except OSError as error:
            self.is_stale = True
            log.warning("public version unknown, former answers go on", exc_info=error)
        else:
            self.is_stale = False


@dataclass(slots=True)
class Kept:
    """One answer. `prepared` holds, per encoding, headers of 200 and 304 and the body."""

    version: Hashable
    body: bytes
    headers: Headers
    tag: str
    may_compress: bool
    modified: str
    prepared: dict[str, tuple[str, Headers, Headers, bytes]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return 1024 + len(self.body) + sum(len(ready[3]) for encoding, ready in self.prepared.items() if encoding)


class HotLayer:
    """WSGI middleware around the whole site."""

    def __init__(self, site: Any, version: Version, *, passes: tuple[str, ...] = (), room: int = ROOM) -> None:
        """`passes` are the beginnings of addresses that are never public: their requests need not wait for each other."""
        self.site, self.version, self.passes = site, version, passes
        self.kept: LRUCache[str, Kept] = LRUCache(room, getsizeof=lambda kept: kept.size)
        self.seen: LRUCache[int, bool] = LRUCache(SEEN)
        self.lock = Lock()
        self.building = [Lock() for _ in range(64)]  # of two that ask for the same new answer, one makes it

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or path.startswith(self.passes):
            return self.site(environ, start_response)
        query = environ.get("QUERY_STRING")
        key = f"{path}?{query}" if query else path
        version = self.version.now()
        with self.lock:
            kept = self.kept.get(key)
        if kept is not None and kept.version == version:
            return self.answer(key, kept, environ, start_response)
        with self.building[hash(key) % 64]:
            return self.make(key, version, environ, start_response)

    def make(self, key: str, version: Hashable, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Ask the site, keep its answer when it is public, fall back to the former one when the site cannot."""
        with self.lock:
            kept = self.kept.get(key)
        if kept is not None and kept.version == version:  # somebody else made it meanwhile
            return self.answer(key, kept, environ, start_response)
        status, headers, body = self.ask(environ)
        if status.startswith("503") and kept is not None:
            return self.answer(key, kept, environ, start_response, stale=True)
        fresh = self.public_answer(version, status, headers, body)
        if fresh is None:
            start_response(status, headers)
            return [body] if environ["REQUEST_METHOD"] == "GET" else []
        if self.is_welcome(key, fresh):
            with self.lock:
                self.kept[key] = fresh
        return self.answer(key, fresh, environ, start_response)

    def ask(self, environ: dict[str, Any]) -> tuple[str, Headers, bytes]:
        """The whole answer of the site, without conditions: those are judged here."""
        started: list[Any] = []
        conditional = {name: environ[name] for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE") if name in environ}
        inner = {name: value for name, value in environ.items() if name not in conditional} | {"REQUEST_METHOD": "GET"}
        chunks = self.site(inner, lambda status, headers, exc_info=None: started.extend([status, headers]))
        try:
            body = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close:
                close()
        return started[0], started[1], body

    def public_answer(self, version: Hashable, status: str, headers: Headers, body: bytes) -> Kept | None:
        """The answer as it can be kept, or None when it is not everybody's."""
        named = {name.lower(): value for name, value in headers}
        storable = named.get("cache-control", "").startswith("public") and "set-cookie" not in named
        if not status.startswith("200") or not storable:
            return None
        dropped = {"etag", "content-length", "vary", "last-modified"}
        rest = [(name, value) for name, value in headers if name.lower() not in dropped]
        tag = blake2b(body, digest_size=12).hexdigest()
        media = named.get("content-type", "")
        may_compress = media.startswith(COMPRESSIBLE) and len(body) > 512 and "content-encoding" not in named
        return Kept(version, body, rest, tag, may_compress, named.get("last-modified", ""))

    def is_welcome(self, key: str, fresh: Kept) -> bool:
        """A search is kept from the second time on, so that strangers who ask for endless combinations push nothing out."""
        if fresh.size > LARGEST:
            return False
        if "?" not in key:
            return True
        mark = hash(key)
        with self.lock:
            known = mark in self.seen
            self.seen[mark] = True
        return known

    def answer(self, key: str, kept: Kept, environ: dict[str, Any], start_response: Any, *, stale: bool = False) -> Iterable[bytes]:
        """200 or 304, in the encoding that the client likes best."""
        encoding = chosen_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")) if kept.may_compress else ""
        ready = kept.prepared.get(encoding) or self.prepare(key, kept, encoding)
        tag, headers, headers_304, body = ready
        if stale or self.version.is_stale:
            headers, headers_304 = [*headers, STALE], [*headers_304, STALE]
        if is_unchanged(environ, kept, tag):
            start_response("304 NOT MODIFIED", headers_304)
            return []
        start_response("200 OK", headers)
        return [body] if environ["REQUEST_METHOD"] == "GET" else []

    def prepare(self, key: str, kept: Kept, encoding: str) -> tuple[str, Headers, Headers, bytes]:
        """Compress and write the headers, once per version and encoding."""
        body = ENCODERS[encoding](kept.body) if encoding else kept.body
        tag = f'"{kept.tag}-{encoding}"' if encoding else f'"{kept.tag}"'
        common = [("ETag", tag)]
        if kept.may_compress:
            common.append(("Vary", "Accept-Encoding"))
        if kept.modified:
            common.append(("Last-Modified", kept.modified))
        coded = [("Content-Encoding", encoding)] if encoding else []
        headers = [*kept.headers, *common, *coded, ("Content-Length", str(len(body)))]
        of_304 = [(name, value) for name, value in kept.headers if not name.lower().startswith("content-t")]
        ready = kept.prepared[encoding] = (tag, headers, [*of_304, *common], body)
        with self.lock:
            if self.kept.get(key) is kept:  # count the new bytes too
                del self.kept[key]
                if kept.size <= LARGEST:
                    self.kept[key] = kept
        return ready

    def forget(self) -> None:
        """Drop everything, for instance after a restore."""
        with self.lock:
            self.kept.clear()
            self.seen.clear()


_choices: dict[str, str] = {"": ""}


def chosen_encoding(accepted: str) -> str:
    """The best of br, zstd and gzip that the client names with a weight above zero; '' for none (RFC 9110, 12.5.3)."""
    known = _choices.get(accepted)
    if known is not None:
        return known
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.strip().partition(";")
        try:
            weights[name.strip()] = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    rest = weights.get("*", 0.0)
    best = max(ENCODERS, key=lambda name: weights.get(name, rest))
    choice = best if weights.get(best, rest) > 0 else ""
    if len(_choices) < 500:
        _choices[accepted] = choice
    return choice


def is_unchanged(environ: dict[str, Any], kept: Kept, tag: str) -> bool:
    """Whether the client has it already: If-None-Match first, and only without it If-Modified-Since (RFC 9110, 13.2.2)."""
    given = environ.get("HTTP_IF_NONE_MATCH")
    if given is not None:
        if given == tag:
            return True
        names = [name.strip().removeprefix("W/") for name in given.split(",")]
        return "*" in names or tag in names
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    return since is not None and kept.modified != "" and not is_later(kept.modified, since)


def is_later(modified: str, since: str) -> bool:
    """Whether the first HTTP date is later than the second; a broken date counts as long ago."""
    then, asked = parse_date(modified), parse_date(since)
    return then is None or asked is None or then > asked
