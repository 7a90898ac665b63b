"""Movements of stock, and how many packages fit a number of visitors."""

import pytest

from weekapp.packages.rules import EFFECT, MOVEMENT_WORDS, Movement, proposed_quantity


def test_every_movement_has_an_effect_and_words() -> None:
    assert set(EFFECT) == set(MOVEMENT_WORDS) == set(Movement)


@pytest.mark.parametrize(("visitors", "packages"), [(1, 1), (74, 1), (75, 2), (148, 2), (10_000, 5)])
def test_one_package_for_each_74_visitors(visitors: int, packages: int) -> None:
    assert proposed_quantity(visitors, 74, 5) == packages
