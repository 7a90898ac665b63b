"""When a place is kept and for whom."""

from datetime import UTC, datetime, timedelta

import pytest

from weekapp.signups import rules
from weekapp.signups.rules import State

NOON = datetime(2027, 9, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "hours"),
    [
        (timedelta(days=30), 24),
        (timedelta(days=4), 24),
        (timedelta(days=2), 12),
        (timedelta(hours=8), 2),
        (timedelta(hours=2), 1),
        (timedelta(minutes=30), 0.5),
    ],
)
def test_an_offer_lasts_a_day_and_less_when_the_moment_is_near(before: timedelta, hours: float) -> None:
    assert rules.offer_until(NOON, NOON + before) == NOON + timedelta(hours=hours)


def test_a_place_is_kept_two_hours_but_not_past_the_start() -> None:
    assert rules.hold_until(NOON, NOON + timedelta(days=1)) == NOON + timedelta(hours=2)
    assert rules.hold_until(NOON, NOON + timedelta(minutes=20)) == NOON + timedelta(minutes=20)


def test_fewer_places_than_people_is_no_room_and_no_minus() -> None:
    assert rules.places_left(2, 5) == 0


def test_without_a_limit_everyone_fits() -> None:
    assert rules.places_left(None, 500) is None
    assert rules.fits(10, None)


def test_a_newcomer_does_not_overtake_who_waits() -> None:
    assert rules.has_place(1, 3, waiting=0)
    assert not rules.has_place(1, 3, waiting=1)


def test_a_code_has_nothing_that_looks_like_something_else() -> None:
    seen = set("".join(rules.new_code() for _ in range(500)))
    assert seen <= set(rules.ALPHABET)
    assert not set(rules.ALPHABET) & set("01258BGILOQSUVZAEU")


def test_a_code_is_read_however_it_is_written() -> None:
    assert rules.read_code(" k3d-7fm ") == "K3D7FM"
    assert rules.spoken_code("K3D7FM") == "K3D 7FM"


def test_the_same_content_has_the_same_key_and_another_name_another() -> None:
    assert rules.send_key("form", 1, "jan", 2) == rules.send_key("form", 1, "jan", 2)
    assert rules.send_key("form", 1, "jan", 2) != rules.send_key("form", 1, "els", 2)
    assert rules.send_key("form", 1, "jan", 2) != rules.send_key("form", 2, "jan", 2)


def test_a_token_needs_the_secret_of_the_site_and_serves_one_purpose() -> None:
    token = rules.token("cancel", "key", "secret")
    assert len(token) == 32  # 192 bits
    assert token == rules.token("cancel", "key", "secret")
    assert token not in {rules.token("confirm 0", "key", "secret"), rules.token("cancel", "key", "other")}


def test_a_cancelled_sign_up_never_comes_back_to_life() -> None:
    assert not any(rules.can_become(State.CANCELLED, then) for then in State)


def test_every_state_reason_and_call_has_its_words() -> None:
    assert set(rules.STATE_WORDS) == set(State)
    assert set(rules.REASON_WORDS) == set(rules.Reason)
    assert set(rules.CALL_WORDS) == set(rules.Call) - {rules.Call.NONE}
