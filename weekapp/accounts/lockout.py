"""Counting tries per mail address: five wrong passwords or codes within 15 minutes close the address for 15 minutes (SEC-15).

Counts lie in Redis, so that all web processes share them; they hold no readable address. While Redis is away each process counts
for itself.
"""

import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import structlog
from flask import current_app
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage

from weekapp.accounts import rules
from weekapp.config import Settings
from weekapp.errors import N_, DomainError

log = structlog.get_logger()
NAME = "weekapp.lockout"
Answer = TypeVar("Answer")


class TooOften(DomainError):
    """Wait a while first; `retry_after` is in seconds."""

    status = 429

    def __init__(self, wait: timedelta) -> None:
        self.retry_after = int(wait.total_seconds())
        super().__init__(N_("Je probeert het te vaak. Wacht %(minutes)s minuten en probeer het opnieuw."), minutes=self.retry_after // 60)


class Lockout:
    """The counts of one installation."""

    def __init__(self, settings: Settings) -> None:
        self.key = settings.secret_key.encode()
        self.own = MemoryStorage()
        self.shared: RedisStorage | None = None
        if not settings.redis_url.startswith("memory:"):
            address = settings.redis_url.replace("unix://", "redis+unix://", 1)
            self.shared = RedisStorage(address, key_prefix="weekapp", wrap_exceptions=True, socket_connect_timeout=1, socket_timeout=1)

    def try_once(self, email: str) -> None:
        """Count a try before it is judged, so that a hundred at once do not all slip through. Raises TooOften."""
        tries, closed = self.name("tries", email), self.name("closed", email)
        if self.ask(lambda counts: counts.get(closed)):
            raise TooOften(rules.LOCKED_FOR)
        if self.add(tries, rules.TRIES_WITHIN) > rules.MAX_TRIES:
            self.add(closed, rules.LOCKED_FOR)
            raise TooOften(rules.LOCKED_FOR)

    def was_right(self, email: str) -> None:
        """Take a try back: it was right, but the person is not in yet."""
        self.add(self.name("tries", email), rules.TRIES_WITHIN, -1)

    def is_in(self, email: str) -> None:
        """Forget the tries: the person is in."""
        self.ask(lambda counts: counts.clear(self.name("tries", email)))

    def ask_link(self, email: str) -> None:
        """Count a request for a link, whether we know the address or not. Raises TooOften."""
        if self.add(self.name("links", email), rules.LINKS_WITHIN) > rules.MAX_LINKS:
            raise TooOften(rules.LINKS_WITHIN)

    def limit(self, what: str, who: str, most: int, within: timedelta) -> None:
        """Count something that somebody, or everybody together, may do so often. Raises TooOften."""
        if self.add(self.name(what, who), within) > most:
            raise TooOften(within)

    def name(self, what: str, email: str) -> str:
        return f"{what}/{hmac.new(self.key, email.strip().lower().encode(), 'sha256').hexdigest()}"

    def add(self, name: str, within: timedelta, amount: int = 1) -> int:
        return self.ask(lambda counts: counts.incr(name, int(within.total_seconds()), amount))

    def ask(self, question: Callable[[RedisStorage | MemoryStorage], Answer]) -> Answer:
        if self.shared is not None:
            try:
                return question(self.shared)
            except StorageError:
                log.warning("redis does not answer, tries are counted in this process")
        return question(self.own)


def lockout() -> Lockout:
    """The counts of the running application."""
    chosen: Lockout = current_app.extensions[NAME]
    return chosen
