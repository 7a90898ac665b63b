"""Groups of rows, and what the files of several groups are called."""

from hypothesis import given
from hypothesis import strategies as st

from weekapp.batches.parts import name_of_part, parts


@given(st.lists(st.integers(), max_size=50), st.integers(0, 12))
def test_parts_hold_everything_once_in_the_same_order(things: list[int], limit: int) -> None:
    groups = parts(things, limit)
    assert [thing for group in groups for thing in group] == things
    assert all(groups)
    assert not limit or all(len(group) <= limit for group in groups)
    assert limit or len(groups) <= 1


def test_one_part_has_a_plain_name() -> None:
    assert name_of_part("pakbonnen.pdf", 1, 1) == "pakbonnen.pdf"
    assert name_of_part("pakbonnen.pdf", 2, 3) == "pakbonnen-2-van-3.pdf"
