"""Registrations are tested on a day on which everything is open."""

from datetime import UTC, datetime

import pytest


@pytest.fixture(autouse=True)
def in_june(at):
    at(datetime(2027, 6, 15, 8, tzinfo=UTC))
