"""The check before packing: errors and warnings, the words for them, and that nothing is cut (LOG-04)."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfilment.artefacts import csv_file
from tests.fulfilment.sample import awkward, parcel
from weekapp.batches import preflight
from weekapp.batches.preflight import SHORT_WORDS, WARNINGS, WORDS, Finding, Known, findings
from weekapp.batches.profiles import Profile, profile, profiles
from weekapp.batches.rows import Row
from weekapp.geography.rules import Precision

SURE = Known(precision=Precision.ADDRESS)


def kinds(row: Row, key: str = "generiek", known: Known = SURE) -> list[Finding]:
    return [found.kind for found in findings(row, profile(key), known)]


@pytest.mark.parametrize("key", list(profiles()))
def test_ordinary_orders_pass(key: str) -> None:
    assert [kinds(row, key) for row in awkward()] == [[], [], [], []]


@pytest.mark.parametrize(
    ("changed", "key", "kind", "fields"),
    [
        ({"recipient": "x " * 18}, "dpd", Finding.TOO_LONG, ("recipient",)),
        ({"branch": "Afdeling " * 5}, "mailhuis", Finding.TOO_LONG, ("branch",)),
        ({"street": ""}, "sendcloud", Finding.EMPTY, ("street",)),
        ({"attention": "=1+1"}, "generiek", Finding.FORMULA, ("attention",)),
        ({"town": "Utre\u200bcht"}, "generiek", Finding.INVISIBLE, ("town",)),
        ({"recipient": "Buurthuis 😀"}, "generiek", Finding.UNPRINTABLE, ("recipient",)),
        ({"recipient": "Coalitie Eén tegen Eenzaamheid"}, "generiek", Finding.LONELY, ("recipient",)),
        ({"branch": "Team eenzaamheid"}, "generiek", Finding.LONELY, ("branch",)),
        ({"street": "Postbus 12"}, "generiek", Finding.PO_BOX, preflight.ADDRESS),
        ({"addition": "postbus 3"}, "generiek", Finding.PO_BOX, preflight.ADDRESS),
        ({"postcode": "B-1000"}, "generiek", Finding.NOT_DUTCH, preflight.ADDRESS),
        ({"recipient": "Samen " * 20, "branch": "Samen " * 13, "attention": "Anders " * 17}, "generiek", Finding.NO_ROOM, ("recipient",)),
    ],
)
def test_what_does_not_fit_is_an_error_and_says_where(changed: dict[str, str], key: str, kind: Finding, fields: tuple[str, ...]) -> None:
    found = [one for one in findings(parcel(**changed), profile(key), SURE) if one.kind is kind]
    assert found
    assert found[0].is_error
    assert found[0].fields[: len(fields)] == fields


def test_a_letter_outside_the_encoding_of_the_carrier_is_named() -> None:
    old = replace(profile("generiek"), encoding="latin-1")
    (found,) = findings(parcel(attention="Łukasz Şahin"), old, SURE)
    assert found.dutch == "Ter attentie van heeft een letter die de vervoerder niet kent: ŁŞ"


def test_one_trouble_of_one_field_is_told_once() -> None:
    """The profile of PostNL shows the person at the door in one column, that of Sendcloud name and company apart."""
    assert kinds(parcel(attention="x " * 20), "postnl-achtig") == [Finding.TOO_LONG]


@pytest.mark.parametrize("precision", [Precision.UNKNOWN, Precision.MUNICIPALITY])
def test_an_address_that_was_not_found_is_an_error(precision: Precision) -> None:
    assert kinds(parcel(), known=Known(precision)) == [Finding.UNKNOWN_ADDRESS]


@pytest.mark.parametrize("precision", [Precision.PC6, Precision.PC4])
def test_an_address_without_its_house_number_is_doubtful_where_house_numbers_are_known(precision: Precision) -> None:
    assert kinds(parcel(), known=Known(precision, knows_doors=True)) == [Finding.DOUBTFUL_ADDRESS]
    assert kinds(parcel(), known=Known(precision)) == []


def test_another_town_than_that_of_the_postcode_is_told() -> None:
    (found,) = findings(parcel(town="Zeist"), profile("generiek"), Known(Precision.PC4, town="Utrecht"))
    assert (found.is_error, found.dutch) == (False, "Bij deze postcode hoort Utrecht.")


def test_an_address_that_somebody_looked_at_is_not_doubted_again() -> None:
    assert kinds(parcel(), known=Known(Precision.BY_HAND, knows_doors=True, town="Utrecht")) == []


def test_a_second_order_for_one_doorstep_is_a_warning_with_its_number() -> None:
    (found,) = findings(parcel(), profile("generiek"), Known(Precision.ADDRESS, others=("KE27-00007",)))
    assert (found.is_error, found.dutch) == (False, "Er gaat nog een bestelling naar dit adres: KE27-00007. We sturen ze samen.")


@pytest.mark.parametrize("key", ["dpd", "postnl-achtig"])
def test_a_mail_address_that_is_too_long_is_left_out_whole_and_told(key: str) -> None:
    row, chosen = parcel(email=f"{'x' * 50}@voorbeeld.nl"), profile(key)
    assert kinds(row, key) == [Finding.LEFT_EMPTY]
    assert "xxx" not in csv_file.content([row], chosen).decode(chosen.encoding)


def test_each_finding_has_words() -> None:
    assert set(WORDS) == set(SHORT_WORDS) == set(Finding)
    assert set(Finding) > WARNINGS


FIELDS = ("recipient", "attention", "branch", "street", "town")
TEXT = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0x24F), max_size=45)


def cells(row: Row, chosen: Profile) -> list[str]:
    text = csv_file.content([row], chosen).decode("utf-8-sig" if chosen.bom else chosen.encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=chosen.delimiter))[1]


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT, TEXT, st.sampled_from(sorted(profiles())))
def test_what_passes_stands_whole_and_harmless_in_the_file(recipient: str, attention: str, street: str, key: str) -> None:
    """SEC-10: no cell of a carrier's file begins as a formula, and the text of each field is in it from beginning to end."""
    row, chosen = parcel(recipient=recipient, attention=attention, street=street), profile(key)
    if any(found.is_error for found in findings(row, chosen, SURE)):
        return
    found = cells(row, chosen)
    assert not any(cell.startswith(preflight.FORMULA_STARTS) for cell in found)
    assert {recipient, attention or recipient, street} <= {*found, attention or recipient}
    assert all(len(cell) <= column.length for cell, column in zip(found, chosen.columns, strict=True) if column.length)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(preflight.FORMULA_STARTS), st.text(max_size=10), st.sampled_from(["recipient", "attention", "branch", "street", "town"])
)
def test_no_formula_ever_passes_the_check(start: str, rest: str, field: str) -> None:
    row = parcel(**{field: start + rest})
    assert any(found.is_error for found in findings(row, profile("generiek"), SURE))
