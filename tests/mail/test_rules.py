from datetime import UTC, datetime, timedelta

import pytest

from weekapp.mail import rules

NOW = datetime(2027, 9, 1, 12, tzinfo=UTC)


def test_waits_double_from_half_a_minute_to_two_hours():
    waits = [rules.next_try(attempts, NOW) - NOW for attempts in (1, 2, 3, 20)]
    assert waits == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2), timedelta(hours=2)]


def test_we_keep_trying_for_more_than_a_day():
    assert sum((rules.next_try(attempts, NOW) - NOW for attempts in range(1, rules.MAX_ATTEMPTS)), timedelta()) > timedelta(days=1)


@pytest.mark.parametrize("text", ["https://kwaad.example/x", "www.kwaad.example", "kwaad.nl", "http://127.0.0.1"])
def test_what_a_stranger_typed_is_no_web_address_any_more(text):
    changed = rules.not_a_link(text)
    assert "://" not in changed
    assert not any(part.strip(rules.WORD_JOINER).count(".") for part in changed.split("\u2060.\u2060"))
    assert changed.replace(rules.WORD_JOINER, "") == text


def test_ordinary_names_stay_as_they_are():
    assert rules.not_a_link("J. de Vries-van 't Hof (Đặng)") == "J. de Vries-van 't Hof (Đặng)"


@pytest.mark.parametrize("text", ["a@b.nl\r\nBcc: x@y.nl", "a@b.nl\nBcc: x", "", "a\x00b"])
def test_what_could_start_a_header_of_its_own_is_not_one_line(text):
    assert not rules.is_one_line(text)
