"""How we spare a service of somebody else: calls keep their distance, and stop for a while when it does not answer."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta


class CircuitBreaker:
    """Open after so many failures in a row; after the pause one call may try again, and the others keep waiting for it.

    Of our own because pybreaker 1.4 holds its lock during the call, so that one slow answer makes every thread wait,
    and asks the clock itself (docs/decisions/0010).
    """

    def __init__(self, *, now: Callable[[], datetime], failures: int = 5, pause: timedelta = timedelta(seconds=60)) -> None:
        self._now = now
        self._limit = failures
        self._pause = pause
        self._failures = 0
        self._open_until: datetime | None = None
        self._lock = threading.Lock()

    def may_call(self) -> bool:
        """Whether this caller may try; whoever may, must report how it went."""
        with self._lock:
            if self._open_until is None:
                return True
            if self._now() < self._open_until:
                return False
            self._open_until = self._now() + self._pause  # this caller tries, nobody else until it has reported
            return True

    def succeeded(self) -> None:
        """The service answered: all is forgotten."""
        with self._lock:
            self._failures = 0
            self._open_until = None

    def failed(self) -> int:
        """The service did not answer; returns how often in a row."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._limit:
                self._open_until = self._now() + self._pause
            return self._failures


class Pace:
    """Lets callers through one by one, at least `gap` seconds apart, within this process."""

    def __init__(self, gap: float, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep) -> None:
        self._gap = gap
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Returns when it is this caller's turn."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._gap
        if turn > now:
            self._sleep(turn - now)
