"""Stored public answers, given before Flask's routing: conditional, compressed once per version, in bounded memory.

A view that is `@public` answers with `Cache-Control: public`; such an answer is kept until the public version (rows that each
public change raises in its own transaction, and the Dutch date) moves on. Each process of each machine reads that version once a
second, so that a change is seen everywhere within two seconds, and a request for a kept answer touches no database. When the
database does not answer, the last good answer goes out, marked with `Warning: 110` (docs/decisions/0011-stored-answers.md).
"""

import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from threading import Event, Lock
from typing import Any, NamedTuple

from flask import Flask, current_app
from sqlalchemy import Connection

from weekapp import languages
from weekapp.db import db
from weekapp.kept import Headers, Kept, is_for_everybody, kept_answer
from weekapp.public_version import PublicVersion, Version
from weekapp.web import CUT, LONGEST_QUERY

ROOM = 96 * 1024 * 1024  # bytes of kept answers in one process, a quarter of it for searches
SEEN = 20_000  # searches that are remembered as asked once
PATIENCE = 1.0  # seconds that the former answer goes out unmarked while the new one is made
LONGEST_WAIT = 20.0  # seconds to wait for somebody else's answer
NAME = "stored answers"

CONDITIONS = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_RANGE"}
STALE = ("Warning", '110 - "Response is Stale"')  # RFC 7234, 5.5.1
Environ = dict[str, Any]
Site = Callable[[Environ, Any], Iterable[bytes]]


class Room:
    """Answers by address in bounded memory. Reading takes no lock; what nobody asked for since the last round goes first."""

    def __init__(self, room: int) -> None:
        self.room, self.taken = room, 0
        self.answers: OrderedDict[str, Kept] = OrderedDict()
        self.lock = Lock()

    def put(self, key: str, kept: Kept) -> None:
        """Keep an answer; one that takes more than half the room is not kept."""
        with self.lock:
            self.put_in(key, kept)

    def count_again(self, key: str, kept: Kept) -> None:
        """It has grown by one more encoding."""
        with self.lock:
            if self.answers.get(key) is kept:
                self.put_in(key, kept)

    def put_in(self, key: str, kept: Kept) -> None:
        former = self.answers.pop(key, None)
        if former is not None:
            self.taken -= former.counted
        kept.counted = kept.size + 2 * len(key)
        if kept.counted > self.room // 2:
            return
        self.answers[key] = kept
        self.taken += kept.counted
        while self.taken > self.room:
            self.drop_one()

    def drop(self, key: str) -> None:
        """It is no public answer any more: it must not come back when the database is away."""
        with self.lock:
            former = self.answers.pop(key, None)
            if former is not None:
                self.taken -= former.counted

    def drop_one(self) -> None:
        key, oldest = self.answers.popitem(last=False)
        if oldest.is_used:  # a second chance
            oldest.is_used = False
            self.answers[key] = oldest
        else:
            self.taken -= oldest.counted

    def clear(self) -> None:
        with self.lock:
            self.answers.clear()
            self.taken = 0


class Seen:
    """Which searches were asked for before, of the last SEEN or so."""

    def __init__(self) -> None:
        self.newer: set[int] = set()
        self.older: set[int] = set()

    def before(self, key: str) -> bool:
        """Whether it was asked for before; from now on it was."""
        mark = hash(key)
        if mark in self.newer or mark in self.older:
            return True
        if len(self.newer) >= SEEN // 2:
            self.newer, self.older = set(), self.newer
        self.newer.add(mark)
        return False


class Question(NamedTuple):
    """A request that may have a public answer."""

    environ: Environ
    start_response: Any
    room: Room
    key: str
    version: PublicVersion | None


class Making:
    """An answer that somebody makes at this moment."""

    def __init__(self) -> None:
        self.since = time.monotonic()
        self.done = Event()
        self.made: Kept | None = None


class HotLayer:
    """WSGI middleware around the whole site."""

    def __init__(
        self, site: Site, version: Version, *, private: Iterable[str] = (), languages: Iterable[str] = (), room: int = ROOM
    ) -> None:
        """`private` are first parts of addresses (`mijn` of /mijn/activiteiten) below which no answer is public, also after a language."""
        self.site, self.version, self.private, self.languages = site, version, frozenset(private), frozenset(languages)
        self.pages, self.searches = Room(room - room // 4), Room(room // 4)
        self.seen = Seen()
        self.making: dict[tuple[str, PublicVersion | None], Making] = {}
        self.lock = Lock()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.site(environ, start_response)
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING")
        if query and len(query) > LONGEST_QUERY:  # nobody reads it, not even to look whether it was asked before
            return self.site(environ | {"QUERY_STRING": "", CUT: True}, start_response)
        version = self.version.now()
        room, key = (self.searches, f"{path}?{query}") if query else (self.pages, path)
        kept = room.answers.get(key)
        if kept is None and self.is_private(path):
            return self.site(environ, start_response)
        question = Question(environ, start_response, room, key, version)
        if kept is not None and (kept.version is version or kept.is_immutable):
            return self.answer(question, kept)
        return self.let_one_make(question, kept)

    def is_private(self, path: str) -> bool:
        """Whether no answer below this address is public, in whatever language."""
        first, _, rest = path[1:].partition("/")
        return first in self.private or (first in self.languages and rest.partition("/")[0] in self.private)

    def let_one_make(self, question: Question, former: Kept | None) -> Iterable[bytes]:
        """Of all that ask for the same new answer one makes it; the others get the former one, or wait."""
        address = (question.key, question.version)
        with self.lock:
            other = self.making.get(address)
            mine = self.making.setdefault(address, Making())
        if other is None:
            try:
                return self.make(mine, question, former)
            finally:
                with self.lock:
                    del self.making[address]
                mine.done.set()
        if former is not None:
            return self.answer(question, former, stale=time.monotonic() - other.since > PATIENCE)
        other.done.wait(LONGEST_WAIT)
        if other.made is not None:
            return self.answer(question, other.made)
        return self.site(question.environ, question.start_response)

    def make(self, mine: Making, question: Question, former: Kept | None) -> Iterable[bytes]:
        """Ask the site, and keep its answer when it is everybody's. When it cannot answer, the former answer goes out, marked."""
        status, headers, chunks = self.ask(question.environ)
        if status.startswith("5") and former is not None:
            close(chunks)
            return self.answer(question, former, stale=True)
        if not is_for_everybody(status, headers):
            question.room.drop(question.key)
            question.start_response(status, headers)
            if question.environ["REQUEST_METHOD"] == "GET":
                return chunks
            close(chunks)
            return []
        kept = kept_answer(question.version, headers, joined(chunks), self.version.every)
        if former is not None and kept.may_compress:
            for encoding in former.prepared:  # others get the former one until these are ready
                kept.ready(encoding)
        mine.made = kept
        if question.room is self.pages or former is not None or self.seen.before(question.key):
            question.room.put(question.key, kept)  # a search from the second time on: strangers ask for endless combinations
        return self.answer(question, kept)

    def ask(self, environ: Environ) -> tuple[str, Headers, Iterable[bytes]]:
        """The whole answer of the site, without conditions: those are judged here."""
        started: list[Any] = []
        inner = {name: value for name, value in environ.items() if name not in CONDITIONS} | {"REQUEST_METHOD": "GET"}
        chunks = self.site(inner, lambda status, headers, exc_info=None: started.extend([status, headers]))
        return started[0], started[1], chunks

    def answer(self, question: Question, kept: Kept, *, stale: bool = False) -> Iterable[bytes]:
        """200 or 304."""
        environ = question.environ
        kept.is_used, encodings = True, len(kept.prepared)
        ready = kept.for_request(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if len(kept.prepared) != encodings:
            question.room.count_again(question.key, kept)
        more = [STALE] if stale or self.version.is_stale else []
        if kept.is_unchanged(environ, ready.tag):
            question.start_response("304 NOT MODIFIED", ready.headers_304 + more)
            return []
        question.start_response("200 OK", ready.headers + more)
        return ready.chunks if environ["REQUEST_METHOD"] == "GET" else []

    @property
    def taken(self) -> int:
        """Bytes that the kept answers take."""
        return self.pages.taken + self.searches.taken

    def forget(self) -> None:
        """Drop everything."""
        self.pages.clear()
        self.searches.clear()
        self.seen = Seen()


def joined(chunks: Iterable[bytes]) -> bytes:
    try:
        return b"".join(chunks)
    finally:
        close(chunks)


def close(chunks: Iterable[bytes]) -> None:
    """What a WSGI server does when it is done (PEP 3333)."""
    if hasattr(chunks, "close"):
        chunks.close()


def set_up_stored_answers(app: Flask, public_version: Callable[[Connection], tuple[int, datetime, date]], every: float) -> None:
    """Put the layer around an application that has all its routes; `every`: so many seconds old the version may be."""

    def read() -> PublicVersion:
        with app.app_context(), db.engine.connect() as connection:
            return PublicVersion(*public_version(connection))

    layer = HotLayer(app.wsgi_app, Version(read, every), private=private_parts(app), languages=languages.known())
    app.extensions[NAME] = layer
    app.wsgi_app = layer  # type: ignore[method-assign]


def private_parts(app: Flask) -> set[str]:
    """First parts of addresses below which no view is public: requests for them need not wait for each other."""
    needs = defaultdict(set)
    for rule in app.url_map.iter_rules():
        needs[rule.rule.split("/")[1]].add(getattr(app.view_functions[rule.endpoint], "needs", ""))
    return {part for part, of_views in needs.items() if "public" not in of_views and "<" not in part}


def layer_of(app: Flask) -> HotLayer:
    """The layer around an application."""
    layer: HotLayer = app.extensions[NAME]
    return layer


def public_version() -> int:
    """A number that grows with each public change; 0 while it is unknown."""
    version = layer_of(current_app).version.now()
    return version.number if version else 0


def room_taken() -> int:
    """Bytes that stored answers take in this process."""
    return layer_of(current_app).taken


def look_again() -> None:
    """This process committed a public change and sees it at once; the others see it within `fresh_seconds`."""
    if NAME in current_app.extensions:  # the worker has no pages
        layer_of(current_app).version.refresh()
