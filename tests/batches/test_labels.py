"""Labels: an address that a sorting machine reads, a barcode that a scanner reads, and nothing else on the outside (LOG-07, LOG-08)."""

import io
from itertools import pairwise

import pikepdf
import pypdf
import pytest
import typst
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.fulfilment.sample import awkward, parcel
from weekapp.batches import labels
from weekapp.batches.rows import Row, address_lines
from weekapp.batches.slips import Paper, packing_slips
from weekapp.typesetting import code128_svg

MM = 72 / 25.4  # points


def thermal(rows: list[Row]) -> bytes:
    return labels.thermal_labels(rows, title="Etiketten batch 12")


def sheets(rows: list[Row], first: int = 1) -> bytes:
    return labels.label_sheets(rows, title="Etiketten batch 12", first=first)


def texts(content: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def size(content: bytes) -> tuple[int, int]:
    """Width and height of the first page in mm."""
    box = pypdf.PdfReader(io.BytesIO(content)).pages[0].mediabox
    return round(float(box.width) / MM), round(float(box.height) / MM)


def positions(content: bytes, number: int) -> list[tuple[float, float]]:
    """Where the numbers of the orders stand on a page, in mm from the top left."""
    found: list[tuple[float, float]] = []
    page = pypdf.PdfReader(io.BytesIO(content)).pages[number]

    def look(text: str, around: list[float], at: list[float], _font: object, _size: float) -> None:
        if text.strip().startswith("KE27-"):
            x, y = around[0] * at[4] + around[4], around[3] * at[5] + around[5]
            found.append((x / MM, 297 - y / MM))

    page.extract_text(visitor_text=look)
    return found


def test_a_thermal_label_is_one_page_of_10_by_15_cm() -> None:
    assert size(thermal(awkward())) == (100, 150)
    assert len(texts(thermal(awkward()))) == 4


def test_a_sheet_holds_fourteen_labels() -> None:
    rows = [parcel(number) for number in range(1, 30)]
    assert size(sheets(rows)) == (210, 297)
    assert [text.count("KE27-") for text in texts(sheets(rows))] == [14, 14, 1]


@pytest.mark.parametrize("first", range(1, 15))
def test_the_first_label_comes_where_the_sheet_has_room(first: int) -> None:
    rows = [parcel(number) for number in range(1, 15)]
    assert [text.count("KE27-") for text in texts(sheets(rows, first))] == ([14] if first == 1 else [15 - first, first - 1])
    empty, begun = positions(sheets(rows), 0), positions(sheets(rows, first), 0)
    assert begun[0] == pytest.approx(empty[first - 1], abs=0.5)


def test_labels_lie_on_the_stickers_of_the_sheet() -> None:
    """Avery L7163: 99.1 x 38.1 mm, 2 x 7, 15.15 mm from the top."""
    found = positions(sheets([parcel(number) for number in range(1, 15)]), 0)
    rows = sorted({round(y, 1) for _x, y in found})
    assert len(rows) == 7
    assert [after - before for before, after in pairwise(rows)] == pytest.approx([38.1] * 6, abs=0.2)
    left, right = min(x for x, _y in found), max(x for x, _y in found)
    assert right - left == pytest.approx(99.1 + 2.5, abs=0.2)


def test_a_position_that_no_sheet_has_is_refused() -> None:
    with pytest.raises(ValueError, match="15"):
        sheets([parcel()], 15)


@pytest.mark.parametrize("make", [thermal, sheets])
def test_names_are_right_and_the_last_line_is_for_post_workers(make: object) -> None:
    row = parcel(attention="Łukasz Şahin", recipient="Bibliotheek Đặng", branch="Ouderen")
    text = texts(make([row]))[0]  # type: ignore[operator]
    assert "Łukasz Şahin" in text
    assert "Bibliotheek Đặng" in text
    assert "Ouderen" in text
    assert "3511 LX  UTRECHT" in text


@pytest.mark.parametrize("make", [thermal, sheets])
def test_the_outside_of_a_parcel_does_not_say_what_it_is_for(make: object) -> None:
    text = "".join(texts(make(awkward()))).lower()  # type: ignore[operator]
    assert "afzender: kom erbij" in text
    for word in ("eenza", "week", "activiteit", "placemat", "soep", "sanne@voorbeeld.nl", "0612345678"):
        assert word not in text


@pytest.mark.parametrize("make", [thermal, sheets])
def test_labels_are_tagged_in_dutch_and_named(make: object) -> None:
    with pikepdf.open(io.BytesIO(make(awkward()))) as pdf:  # type: ignore[operator]
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang).startswith("nl")
        assert pdf.open_metadata()["dc:title"] == "Etiketten batch 12"


def read_codes(source: bytes, inputs: str) -> list[tuple[str, str]]:
    """What a scanner reads on a page, drawn at 300 dots an inch: (kind, text)."""
    drawn = typst.compile(source, sys_inputs={"data": inputs}, format="png", ppi=300, ignore_system_fonts=True)
    image = Image.open(io.BytesIO(drawn[0] if isinstance(drawn, list) else drawn)).convert("L")
    return [(str(code.format).rpartition(".")[2].replace(" ", ""), code.text) for code in zxingcpp.read_barcodes(image)]


def drawn(monkeypatch: pytest.MonkeyPatch, make: object) -> list[tuple[str, str]]:
    """What a scanner reads on the first page of what `make` makes: the same template and data, as a picture instead of PDF."""
    import json

    seen: list[list[tuple[str, str]]] = []

    def look(template: object, data: object) -> bytes:
        seen.append(read_codes(template.read_bytes(), json.dumps(data)))  # type: ignore[attr-defined]
        return b""

    monkeypatch.setattr("weekapp.batches.labels.pdf", look)
    monkeypatch.setattr("weekapp.batches.slips.pdf", look)
    make()  # type: ignore[operator]
    return seen[0]


def test_a_scanner_reads_the_number_on_a_thermal_label(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, lambda: thermal([parcel(42)])) == [("Code128", "KE27-00042")]


def test_a_scanner_reads_every_number_on_a_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [parcel(number) for number in range(1, 15)]
    assert sorted(drawn(monkeypatch, lambda: sheets(rows))) == [("Code128", row.number) for row in rows]


@pytest.mark.parametrize("paper", Paper)
def test_a_scanner_reads_both_codes_of_a_slip(monkeypatch: pytest.MonkeyPatch, paper: Paper) -> None:
    found = drawn(monkeypatch, lambda: packing_slips([parcel(42)], title="x", contact="y", foot="z", paper=paper))
    assert {text for _kind, text in found} == {"KE27-00042"}
    assert len(found) == 2


def test_a_barcode_is_black_bars_of_whole_modules() -> None:
    assert code128_svg("KE27-00001").count("M") == code128_svg("KE27-00001").count("z")
    assert code128_svg("KE27-00001") != code128_svg("KE27-00002")


WORDS = st.sampled_from(["Buurthuis", "WIJKCENTRUM", "Mummelmans", "van", "de", "Đặng", "Noordoost-Nederland", "Ontmoetingscentrum", "aan"])
LINE = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)


@settings(max_examples=25, deadline=None)
@given(LINE, LINE, LINE, LINE)
def test_what_has_room_by_our_count_is_whole_on_its_sticker(recipient: str, branch: str, attention: str, street: str) -> None:
    """Nothing is cut and nothing runs into another label: all text lies within the 38.1 mm of its own row."""
    row = parcel(recipient=recipient, branch=branch, attention=attention, street=street)
    if not labels.has_room(address_lines(row)):
        return
    heights: list[float] = []

    def look(text: str, around: list[float], at: list[float], _font: object, _size: float) -> None:
        if text.strip():
            heights.append(297 - (around[3] * at[5] + around[5]) / MM)

    pypdf.PdfReader(io.BytesIO(sheets([row]))).pages[0].extract_text(visitor_text=look)
    top = (297 - 7 * 38.1) / 2
    assert top + 2 < min(heights)
    assert max(heights) < top + 38.1 - 2


def test_an_address_that_is_too_long_for_a_label_has_no_room() -> None:
    assert labels.has_room(address_lines(parcel()))
    assert not labels.has_room(["x" * 60])
    assert not labels.has_room(["Stichting Samen Verder in de Buurt"] * 12)
