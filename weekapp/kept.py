"""An answer that is the same for everyone, in all encodings and with its conditions: what can be done once is done once."""

import gzip
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from threading import Lock
from typing import Any, NamedTuple

import brotli
import zstandard
from werkzeug.http import http_date, parse_date

from weekapp import clock
from weekapp.public_version import PublicVersion

Headers = list[tuple[str, str]]

LARGE = 16 * 1024 * 1024  # bytes; a larger body is kept compressed only
WORTH_COMPRESSING = 150  # bytes; below that compressing adds more than it takes away
OVERHEAD, FOR_EACH_ENCODING = 3 * 1024, 1024  # bytes that an answer takes besides its bodies (measured, rounded up)
COMPRESSIBLE = re.compile(r"text/|application/([\w.-]+\+)?(json|xml|javascript)\b|image/svg")
NOT_STORED = {"no-store", "private", "no-cache"}
WRITTEN_HERE = {"etag", "content-length", "vary", "last-modified", "x-request-id"}
IN_304 = {"cache-control", "expires", "content-location", "access-control-allow-origin"}

ENCODERS: dict[str, Callable[[bytes], bytes]] = {  # of those that a client likes equally the first is chosen
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": lambda body: memoryview(zstandard.ZstdCompressor(level=6).compress(body)).tobytes(),  # a copy: the first is as long as `body`
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}


class Ready(NamedTuple):
    """An answer in one encoding, with nothing left to do."""

    tag: str
    headers: Headers
    headers_304: Headers
    chunks: list[bytes]


@dataclass(slots=True, eq=False)
class Kept:
    """One answer. `body` is its bytes, compressed with zstd when `is_packed`; `prepared` has it by encoding ("" for none)."""

    version: PublicVersion | None
    body: bytes
    headers: Headers
    tag: str
    may_compress: bool
    is_packed: bool
    is_immutable: bool
    modified: float  # seconds since 1970; 0 for unknown
    settles_at: float  # seconds since 1970: until then another change could bear the same Last-Modified; 0 when that is past
    is_used: bool = True
    counted: int = 0
    prepared: dict[str, Ready] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    @property
    def size(self) -> int:
        """Bytes in memory, roughly."""
        encoded = (body for ready in self.prepared.values() for body in ready.chunks if body is not self.body)
        return OVERHEAD + FOR_EACH_ENCODING * len(self.prepared) + len(self.body) + sum(map(len, encoded))

    def ready(self, encoding: str) -> Ready:
        """The answer in an encoding, compressed once."""
        found = self.prepared.get(encoding)
        if found is not None:
            return found
        if self.is_packed and not encoding:  # too large to keep: unpacked for the few that take no compression
            return self.with_headers("", zstandard.ZstdDecompressor().decompress(self.body))
        with self.lock:
            if encoding not in self.prepared:
                self.prepared[encoding] = self.with_headers(encoding, self.encoded(encoding))
            return self.prepared[encoding]

    def encoded(self, encoding: str) -> bytes:
        """The body in an encoding."""
        if self.is_packed:
            return self.body if encoding == "zstd" else ENCODERS[encoding](zstandard.ZstdDecompressor().decompress(self.body))
        return ENCODERS[encoding](self.body) if encoding else self.body

    def with_headers(self, encoding: str, body: bytes) -> Ready:
        """Each encoding has an ETag of its own (RFC 9110, 8.8.3); a 304 has only what a store needs to know (15.4.5)."""
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
        """Put its real Last-Modified in place: until now another change in the same second could have borne the same one."""
        with self.lock:
            self.settles_at = 0.0
            self.prepared = {encoding: self.with_headers(encoding, ready.chunks[0]) for encoding, ready in self.prepared.items()}

    def for_request(self, accepted: str) -> Ready:
        """The answer as this `Accept-Encoding` likes it best."""
        if self.settles_at and clock.now().timestamp() >= self.settles_at:
            self.settle()
        encoding = chosen_encoding(accepted) if self.may_compress and len(self.body) > WORTH_COMPRESSING else ""
        return self.prepared.get(encoding) or self.ready(encoding)

    def is_unchanged(self, environ: dict[str, Any], tag: str) -> bool:
        """Whether the client has it: If-None-Match first, and only without it If-Modified-Since (RFC 9110, 13.2.2)."""
        given = environ.get("HTTP_IF_NONE_MATCH")
        if given is not None:
            return names_it(given, tag)
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        return since is not None and 0 < self.modified <= timestamp(since) and not self.settles_at


def is_for_everybody(status: str, headers: Headers) -> bool:
    """Whether an answer may be kept: public, without a cookie, and not dependent on who asks."""
    named = {name.lower(): value.lower() for name, value in headers}
    storing = {part.strip() for part in named.get("cache-control", "").split(",")}
    varies = {part.strip() for part in named.get("vary", "accept-encoding").split(",")}
    is_public = "public" in storing and not storing & NOT_STORED
    return status.startswith("200") and is_public and "set-cookie" not in named and varies <= {"accept-encoding"}


def kept_answer(version: PublicVersion | None, headers: Headers, body: bytes, every: float) -> Kept:
    """An answer of the site in the form in which it is kept; `every`: how old the version of another process may be, in seconds."""
    named = {name.lower(): value for name, value in headers}
    compressible = "content-encoding" not in named and COMPRESSIBLE.match(named.get("content-type", "")) is not None
    is_immutable = "immutable" in named.get("cache-control", "")
    modified, settles_at = timestamp(named.get("last-modified", "")), 0.0
    if modified and version and not is_immutable:
        modified = min(modified, version.changed.timestamp() // 1)  # was known before the content was read: never newer than it
        settles_at = modified + 1 + every
    is_packed = compressible and len(body) > LARGE
    return Kept(
        version=version,
        body=ENCODERS["zstd"](body) if is_packed else body,
        headers=[(name, value) for name, value in headers if name.lower() not in WRITTEN_HERE],
        tag=blake2b(body, digest_size=12).hexdigest(),
        may_compress=compressible,
        is_packed=is_packed,
        is_immutable=is_immutable,
        modified=modified,
        settles_at=settles_at if clock.now().timestamp() < settles_at else 0.0,
    )


@lru_cache(256)
def chosen_encoding(accepted: str) -> str:
    """The encoding that `Accept-Encoding` likes best; "" for none (RFC 9110, 12.5.3).

    What is not asked for is not sent: some calendars choke on gzip.
    """
    weights = dict(weighted(accepted))
    anything = weights.get("*", 0.0)
    best = max(ENCODERS, key=lambda name: weights.get(name, anything))
    weight = weights.get(best, anything)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def weighted(accepted: str) -> Iterable[tuple[str, float]]:
    """Each name with its weight; one with a weight that cannot be read counts as refused."""
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        key, _, weight = parameter.partition("=")
        if not parameter.strip():
            yield name.strip(), 1.0
        elif key.strip() == "q" and re.fullmatch(r"\s*[01](\.[0-9]{0,3})?\s*", weight):
            yield name.strip(), float(weight)
        else:
            yield name.strip(), 0.0


def names_it(if_none_match: str, tag: str) -> bool:
    """Whether `If-None-Match` holds this entity tag, compared weakly, or `*` (RFC 9110, 13.1.2)."""
    if if_none_match == tag:
        return True
    given = {name.strip().removeprefix("W/") for name in if_none_match.split(",")}
    return "*" in given or tag in given


@lru_cache(256)
def timestamp(date: str) -> float:
    """Seconds since 1970 of an HTTP date; a broken one is long ago, so that nothing is held back because of it."""
    moment = parse_date(date)
    return moment.timestamp() if moment else 0.0
