"""Files of a batch: what stands in them, that no cell is ever run, and the same bytes for the same rows."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import openpyxl
import pikepdf
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfilment.artefacts import csv_file, manifest, pick_list, xlsx_file
from tests.fulfilment.sample import awkward, parcel
from weekapp.batches import archive
from weekapp.batches.labels import label_sheets, thermal_labels
from weekapp.batches.profiles import profile
from weekapp.batches.rows import File, Row, address_lines, house, suffix, totals
from weekapp.batches.slips import Paper, packing_slips
from weekapp.typesetting import unprintable

CLAIMED = datetime(2027, 8, 31, 15, 30, tzinfo=UTC)


def slips(rows: list[Row], paper: Paper = Paper.A5) -> bytes:
    return packing_slips(rows, title="Pakbonnen batch 12", contact="Vragen? Bel 088 000 0000.", foot="Kom Erbij 2027", paper=paper)


def listed(rows: list[Row]) -> bytes:
    files = [manifest.Listed("a.csv", 1, "ca97"), manifest.Listed("b.csv", 1, "3e23")]
    return manifest.content(rows, files, batch=12, edition=2027, profile="generiek", claimed_at=CLAIMED)


def zipped(rows: list[Row]) -> bytes:
    files = [File("a.csv", "text/csv", csv_file.content(rows, profile("generiek"))), File("m.json", "", listed(rows))]
    return b"".join(archive.pieces(files))


MAKERS: list[Callable[[list[Row]], bytes]] = [
    slips,
    lambda rows: slips(rows, Paper.A4),
    lambda rows: thermal_labels(rows, title="Etiketten"),
    lambda rows: label_sheets(rows, title="Etiketten", first=3),
    lambda rows: pick_list.pick_list(rows, title="Picklijst batch 12", of_all=rows),
    listed,
    zipped,
    lambda rows: xlsx_file.pick_list(rows, "Picklijst batch 12"),
    lambda rows: xlsx_file.orders(rows, "Bestellingen batch 12"),
    lambda rows: csv_file.content(rows, profile("generiek")),
]


@pytest.mark.parametrize("make", MAKERS)
def test_the_same_rows_give_the_same_bytes(make: Callable[[list[Row]], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    first = make(awkward())
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert make(awkward()) == first


@pytest.mark.parametrize("make", MAKERS)
def test_other_rows_give_other_bytes(make: Callable[[list[Row]], bytes]) -> None:
    assert make([parcel(quantity=2)]) != make([parcel(quantity=3)])


def test_each_order_has_a_page_of_its_own() -> None:
    pages = pypdf.PdfReader(io.BytesIO(slips([parcel(number) for number in range(1, 8)]))).pages
    assert len(pages) == 7
    assert "Pakbon KE27-00005" in pages[4].extract_text()


def test_names_with_accents_are_right_on_the_slip() -> None:
    names = ["Łukasz Şahin", "Đặng Thị Ánh", "Zoë Ğül", "Geïntje IJsbrand"]
    pages = pypdf.PdfReader(io.BytesIO(slips([parcel(attention=name) for name in names]))).pages
    for page, name in zip(pages, names, strict=True):
        assert name in page.extract_text()


def test_a_slip_counts_what_goes_into_the_parcel() -> None:
    text = pypdf.PdfReader(io.BytesIO(slips([parcel(quantity=3)]))).pages[0].extract_text()
    assert "3 × Kom Erbij-pakket" in text
    assert "150" in text
    assert "Placemats (3 × 50)" in text


def test_a_slip_does_not_say_what_the_package_is_for() -> None:
    text = pypdf.PdfReader(io.BytesIO(slips(awkward()))).pages[0].extract_text().lower()
    assert "eenza" not in text


def test_the_slips_are_tagged_for_screen_readers() -> None:
    with pikepdf.open(io.BytesIO(slips(awkward()))) as pdf:
        root = pdf.Root
        assert bool(root.MarkInfo.Marked)
        assert "/StructTreeRoot" in root
        assert str(root.Lang).startswith("nl")
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert pdf.open_metadata()["dc:title"] == "Pakbonnen batch 12"


@pytest.mark.parametrize("sign", ["😀", "中", "\u0007"])
def test_signs_that_no_slip_can_show_are_named(sign: str) -> None:
    assert unprintable(f"Buurthuis {sign}{sign}!") == sign


@pytest.mark.parametrize("text", ["Łukasz Şahin", "Đặng Thị Ánh", "Ελένη", "Кафе", "Café 't Hoekje – “thuis”"])
def test_letters_of_europe_can_be_printed(text: str) -> None:
    assert unprintable(text) == ""


def cells(content: bytes) -> list[openpyxl.cell.Cell]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]


HOSTILE = ("=1+1", "+31", "-2", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x.nl", "mailto:x@y.nl", "{=1}")


def test_no_cell_of_a_sheet_is_a_formula_or_a_link() -> None:
    rows = [parcel(number, recipient=text, attention=text, branch=text) for number, text in enumerate(HOSTILE, 1)]
    for content in (xlsx_file.orders(rows, "x"), xlsx_file.pick_list(rows, "x")):
        assert {cell.data_type for cell in cells(content)} <= {"s", "n"}
        assert not any(cell.hyperlink for cell in cells(content))
        assert set(HOSTILE) <= {cell.value for cell in cells(content)}


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_any_text_stays_a_text_in_a_sheet(text: str) -> None:
    found = [cell for cell in cells(xlsx_file.orders([parcel(recipient=text)], "x")) if cell.coordinate == "E2"]
    assert [(cell.data_type, cell.value) for cell in found] in ([("s", text)], [("s", text.strip())])


def test_numbers_that_people_read_stay_as_they_are_written() -> None:
    found = {cell.value for cell in cells(xlsx_file.orders([parcel(phone="0612345678", recipient="007")], "x"))}
    assert {"0612345678", "007"} <= found


def test_the_pick_list_adds_up() -> None:
    rows = [parcel(1, quantity=2), parcel(2, quantity=1)]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file.pick_list(rows, "x")))["Totaal"]
    assert list(sheet.iter_rows(min_row=2, values_only=True)) == [("Placemats", 150), ("Poster", 3), ("Pakketten", 3), ("Bestellingen", 2)]


def test_the_pick_list_on_paper_has_the_totals_first_and_then_each_order() -> None:
    rows = [parcel(1, quantity=2, attention="Łukasz"), parcel(2, recipient="Bibliotheek Đặng"), parcel(3)]
    text = pypdf.PdfReader(io.BytesIO(pick_list.pick_list(rows[:2], title="Picklijst batch 12", of_all=rows))).pages[0].extract_text()
    assert "3 bestellingen, 4 pakketten." in text
    assert text.index("200") < text.index("Per bestelling") < text.index("KE27-00001") < text.index("KE27-00002")
    assert "100 Placemats, 2 Poster" in text
    assert "Bibliotheek Đặng, Utrecht" in text
    assert "KE27-00003" not in text


def test_a_second_part_of_the_pick_list_has_no_totals() -> None:
    text = pypdf.PdfReader(io.BytesIO(pick_list.pick_list([parcel(501)], title="Picklijst"))).pages[0].extract_text()
    assert "Alles bij elkaar" not in text


def test_the_pick_list_on_paper_is_tagged_as_tables() -> None:
    content = pick_list.pick_list(awkward(), title="Picklijst batch 12", of_all=awkward())
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        kinds = {str(thing.get("/S")) for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/S" in thing}
    assert {"/Table", "/TH", "/TD", "/H1"} <= kinds


def test_the_pick_list_says_what_goes_into_each_parcel() -> None:
    rows = [parcel(1, quantity=2), parcel(2, items=(("Poster", 3), ("Badges", 5)))]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file.pick_list(rows, "x")))["Per bestelling"]
    assert list(sheet.iter_rows(values_only=True)) == [
        ("Bestelnummer", "Ontvanger", "Pakketten", "Placemats", "Poster", "Badges"),
        ("KE27-00001", "Buurthuis De Linde", 2, 100, 2, 0),
        ("KE27-00002", "Buurthuis De Linde", 1, 0, 3, 5),
    ]


def test_the_manifest_counts_and_hashes_without_names() -> None:
    facts = json.loads(listed(awkward()))
    assert (facts["orders"], facts["packages"], facts["items"]) == (4, 5, {"Placemats": 250, "Poster": 5})
    assert facts["files"][0] == {"name": "a.csv", "bytes": 1, "sha256": "ca97"}
    assert "Linde" not in listed(awkward()).decode()


def test_the_zip_holds_the_files_as_they_are() -> None:
    with zipfile.ZipFile(io.BytesIO(zipped(awkward()))) as archive:
        assert archive.namelist() == ["a.csv", "m.json"]
        assert archive.read("m.json") == listed(awkward())
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("letter", "addition", "written", "ending"),
    [("", "", "12", ""), ("A", "", "12A", "A"), ("", "2", "12-2", "2"), ("A", "bis", "12A-bis", "A bis")],
)
def test_house_numbers_as_people_write_them(letter: str, addition: str, written: str, ending: str) -> None:
    assert (house(parcel(letter=letter, addition=addition)), suffix(parcel(letter=letter, addition=addition))) == (written, ending)


def test_the_last_line_of_an_address_is_for_post_workers() -> None:
    assert address_lines(parcel(branch="Jeugd"))[-1] == "3511 LX  UTRECHT"
    assert address_lines(parcel(attention="Buurthuis De Linde")) == ["Buurthuis De Linde", "Voorbeeldstraat 12", "3511 LX  UTRECHT"]


def test_totals_follow_the_order_of_the_packages() -> None:
    assert list(totals([parcel(items=(("B", 1), ("A", 2))), parcel(items=(("C", 1), ("A", 2)))])) == ["B", "A", "C"]
