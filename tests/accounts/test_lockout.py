from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.conftest import settings_for_tests
from tests.processes import running_valkey
from weekapp.accounts import rules
from weekapp.accounts.lockout import Lockout, TooOften

ME = "mo@voorbeeld.nl"


@pytest.fixture
def lockout(tmp_path):
    return Lockout(settings_for_tests(tmp_path, "sqlite://"))


def refused(lockout, email=ME):
    try:
        lockout.try_once(email)
    except TooOften:
        return True
    return False


def test_the_sixth_try_is_refused(lockout):
    assert [refused(lockout) for _ in range(6)] == [False] * 5 + [True]


def test_an_address_stays_closed_for_fifteen_minutes(lockout):
    for _ in range(6):
        refused(lockout)
    assert lockout.own.get_expiry(lockout.name("closed", ME)) - lockout.own.get_expiry(lockout.name("tries", ME)) < 1
    assert lockout.own.get(lockout.name("closed", ME)) == 1


def test_another_address_stays_open(lockout):
    for _ in range(6):
        refused(lockout)
    assert not refused(lockout, "sam@voorbeeld.nl")


def test_the_same_address_in_capitals_is_the_same(lockout):
    for _ in range(5):
        refused(lockout)
    assert refused(lockout, " MO@voorbeeld.nl")


def test_a_right_password_does_not_count_but_does_not_wipe_out_wrong_codes(lockout):
    for _ in range(4):
        lockout.try_once(ME)
    lockout.try_once(ME)
    lockout.was_right(ME)
    assert [refused(lockout) for _ in range(2)] == [False, True]


def test_being_in_wipes_out_the_tries(lockout):
    for _ in range(5):
        lockout.try_once(ME)
    lockout.is_in(ME)
    assert not refused(lockout)


def test_of_many_tries_at_once_no_more_than_five_are_judged(lockout):
    with ThreadPoolExecutor(20) as pool:
        assert sum(not closed for closed in pool.map(lambda _: refused(lockout), range(40))) == rules.MAX_TRIES


def test_links_can_be_asked_a_few_times_an_hour(lockout):
    for _ in range(rules.MAX_LINKS):
        lockout.ask_link(ME)
    with pytest.raises(TooOften) as refusal:
        lockout.ask_link(ME)
    assert refusal.value.retry_after == timedelta(hours=1).total_seconds()


def test_counts_hold_no_readable_address(lockout):
    lockout.try_once(ME)
    assert not [name for name in lockout.own.storage if "voorbeeld" in name]


def test_without_redis_tries_are_still_counted(tmp_path):
    lockout = Lockout(settings_for_tests(tmp_path, "sqlite://", CACHE_URL=f"redis+socket://{tmp_path}/none.sock"))
    assert [refused(lockout) for _ in range(6)] == [False] * 5 + [True]


@pytest.mark.processes
def test_web_processes_share_their_counts(tmp_path):
    with running_valkey(tmp_path) as address:
        one, other = (Lockout(settings_for_tests(tmp_path, "sqlite://", CACHE_URL=address)) for _ in range(2))
        assert [refused(which) for which in (one, other, one, other, one)] == [False] * 5
        one.was_right(ME)
        assert [refused(which) for which in (other, one, other)] == [False, True, True]
        one.is_in(ME)
        assert other.ask(lambda counts: counts.get(other.name("tries", ME))) == 0
