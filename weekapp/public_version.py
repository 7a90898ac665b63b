"""What all stored answers depend on, followed by a thread of each web process."""

import os
import time
from collections.abc import Callable
from datetime import date, datetime
from threading import Lock, Thread
from typing import NamedTuple

import structlog
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger()

UNKNOWN_AFTER = 5.0  # seconds; when the version could not be read for so long, answers may be old


class PublicVersion(NamedTuple):
    """Differs as soon as anything that everybody may see has changed."""

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
        """Whether the database does not answer, or not in time: what we know may be old."""
        return time.monotonic() > self.known_until

    def now(self) -> PublicVersion | None:
        """The version, at most `every` seconds old, and the same object as long as it is the same; None when it was never known."""
        if self.process != os.getpid():  # servers fork: each process has a thread of its own
            self.begin()
        elif not self.every:
            self.refresh()
        return self.value

    def begin(self) -> None:
        """Ask for the first time in this process, and go on asking."""
        with self.lock:
            if self.process != os.getpid():
                self._refresh()
                self.process = os.getpid()
                if self.every:
                    Thread(target=self.follow, daemon=True, name="public version").start()

    def follow(self) -> None:
        """Ask again and again, for as long as the process lives."""
        while True:
            time.sleep(self.every)
            self.refresh()

    def refresh(self) -> None:
        """Ask again. One at a time, so that an older answer never takes the place of a newer one."""
        with self.lock:
            self._refresh()

    def _refresh(self) -> None:
        try:
            found = self.read()
        except SQLAlchemyError as error:
            if not self.was_unknown:
                log.warning("public version cannot be read, former answers go on", exc_info=error)
            self.known_until, self.was_unknown = 0.0, True
            return
        if found != self.value:
            self.value = found
        self.known_until, self.was_unknown = time.monotonic() + self.every + UNKNOWN_AFTER, False
