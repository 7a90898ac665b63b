"""Calls to somebody else's service keep their distance and stop when it does not answer."""

from datetime import UTC, datetime, timedelta

from weekapp.geography.restraint import CircuitBreaker, Pace


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 9, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def open_breaker(clock: Clock) -> CircuitBreaker:
    breaker = CircuitBreaker(now=clock, failures=3, pause=timedelta(seconds=60))
    for _ in range(3):
        breaker.failed()
    return breaker


def test_a_breaker_opens_after_so_many_failures_in_a_row():
    breaker = CircuitBreaker(now=Clock(), failures=3)
    assert [breaker.failed(), breaker.failed()] == [1, 2]
    assert breaker.may_call()
    breaker.failed()
    assert not breaker.may_call()


def test_an_answer_in_between_starts_the_count_again():
    breaker = CircuitBreaker(now=Clock(), failures=2)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.may_call()


def test_after_the_pause_one_caller_tries_and_the_others_wait():
    clock = Clock()
    breaker = open_breaker(clock)
    clock.pass_(60)
    assert [breaker.may_call(), breaker.may_call()] == [True, False]
    breaker.succeeded()
    assert breaker.may_call()


def test_a_failed_try_after_the_pause_closes_nothing():
    clock = Clock()
    breaker = open_breaker(clock)
    clock.pass_(60)
    assert breaker.may_call()
    breaker.failed()
    clock.pass_(59)
    assert not breaker.may_call()


def test_calls_keep_their_distance():
    moments = iter([10.0, 10.0, 10.03, 10.9])
    slept: list[float] = []
    pace = Pace(0.1, clock=lambda: next(moments), sleep=slept.append)
    for _ in range(4):
        pace.wait()
    assert [round(seconds, 2) for seconds in slept] == [0.1, 0.17]
