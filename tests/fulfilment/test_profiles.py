"""Carrier profiles: a golden file for each, and what does not fit is named, never cut."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfilment.artefacts import csv_file
from tests.fulfilment.sample import awkward, parcel
from weekapp.batches.preflight import of_columns
from weekapp.batches.profiles import Profile, UnknownProfile, profile, profiles
from weekapp.batches.rows import SOURCES, Row

GOLDEN = Path(__file__).parent / "golden"
KEYS = ["generiek", "sendcloud", "dpd", "mailhuis", "postnl-achtig"]


def test_these_profiles_exist() -> None:
    assert list(profiles()) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_a_carrier_file_is_as_it_was_agreed(key: str) -> None:
    assert csv_file.content(awkward(), profile(key)) == (GOLDEN / f"{key}.csv").read_bytes()


def problems(chosen: Profile, row: Row) -> list[str]:
    """What does not fit the carrier's file, in words."""
    return [found.dutch for found in of_columns(row, chosen)]


@pytest.mark.parametrize("key", KEYS)
def test_ordinary_parcels_fit_every_carrier(key: str) -> None:
    assert list(problems(profile(key), parcel())) == []


@pytest.mark.parametrize("key", KEYS)
def test_columns_take_what_exists(key: str) -> None:
    chosen = profile(key)
    assert all(column.source in SOURCES for column in chosen.columns if column.source)
    assert len({column.name for column in chosen.columns}) == len(chosen.columns)
    assert any(column.source == "number" for column in chosen.columns), "without it nothing can be read back (LOG-02)"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30), min_size=1, max_size=5))
def test_a_csv_reader_gets_back_what_went_in(names: list[str]) -> None:
    for key in KEYS:
        chosen = profile(key)
        text = csv_file.content([parcel(recipient=name) for name in names], chosen).decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=chosen.delimiter))
        column = next(number for number, column in enumerate(chosen.columns) if column.source == "recipient")
        assert [line[column] for line in lines[1:]] == names


def test_what_is_too_long_is_named_with_its_length() -> None:
    found = list(problems(profile("dpd"), parcel(recipient="x" * 36)))
    assert found == ["recipient_name is te lang: 36 tekens, er passen er 35."]


def test_what_a_carrier_needs_and_is_empty_is_named() -> None:
    assert list(problems(profile("sendcloud"), parcel(street=""))) == ["Street name is leeg."]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\0"])
def test_a_cell_that_a_spreadsheet_would_run_does_not_pass(start: str) -> None:
    assert list(problems(profile("generiek"), parcel(recipient=f"{start}1+1")))


def test_a_letter_that_the_encoding_lacks_is_named() -> None:
    chosen = profile("generiek")
    old = type(chosen)(**{**vars(chosen), "encoding": "latin-1"})
    assert list(problems(old, parcel(attention="Łukasz"))) == ["Ter attentie van heeft een letter die de vervoerder niet kent: Ł"]


def test_an_unknown_profile_is_named() -> None:
    with pytest.raises(UnknownProfile, match="duivenpost"):
        profile("duivenpost")
