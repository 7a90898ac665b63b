"""Registrations are tested on a day on which everything is open; their journeys in a browser, on a phone."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.browsing import PHONE, Visitor


@pytest.fixture(autouse=True)
def in_june(at):
    at(datetime(2027, 6, 15, 8, tzinfo=UTC))


@pytest.fixture
def somebody(somebody: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """Somebody with a phone, unless a test says otherwise."""
    return lambda size=PHONE, **more: somebody(size, **more)
