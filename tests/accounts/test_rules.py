from datetime import UTC, datetime, timedelta

import pytest

from weekapp.accounts import rules
from weekapp.accounts.rules import RoleName

NOW = datetime(2027, 9, 1, 12, tzinfo=UTC)


def test_a_link_is_usable_until_its_last_moment():
    assert rules.is_usable(NOW, None, NOW - timedelta(seconds=1))
    assert not rules.is_usable(NOW, None, NOW)


def test_a_used_link_is_not_usable():
    assert not rules.is_usable(NOW, NOW - timedelta(minutes=1), NOW - timedelta(minutes=1))


def test_staff_are_idle_sooner_than_initiators():
    an_hour_ago = NOW - timedelta(hours=1)
    assert rules.is_idle(an_hour_ago, True, NOW)
    assert not rules.is_idle(an_hour_ago, False, NOW)


def test_without_a_second_factor_nobody_is_staff():
    everything = frozenset(RoleName)
    assert rules.acts_as(everything, False) == {RoleName.INITIATOR}
    assert rules.acts_as(everything, True) == everything


@pytest.mark.parametrize(
    "address", ["https://elders.example", "//elders.example", "/\\elders.example", "mijn", "", "/mijn\r\nSet-Cookie: x"]
)
def test_going_on_to_another_site_is_refused(address):
    assert not rules.is_inside(address)


def test_going_on_within_the_site_is_allowed():
    assert rules.is_inside("/mijn/activiteiten?jaar=2027")
