"""Address labels as tagged PDF: 10 x 15 cm for a thermal printer, and A4 sheets of 14 (Avery L7163) from any position (LOG-08).

On the outside of a parcel stand an address, a neutral sender and the number of the order: no word about what is inside (LOG-07).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from weekapp.batches.rows import Row, address_lines
from weekapp.typesetting import code128_svg, let_go_of_pages, pdf

THERMAL = Path(__file__).with_name("labels_thermal.typ")
SHEET = Path(__file__).with_name("labels_sheet.typ")
ON_SHEET = 14  # 2 columns of 7, each 99.1 x 38.1 mm
PAGES = 250  # labels of a thermal printer in one file
SHEETS = 50  # in one file: as many labels as keep the memory of one file in bounds
SENDER = "Kom Erbij"  # says nothing about loneliness: a housemate may open the door
THERMAL_SIZES = (17, 15, 13, 11)  # points; the first with which an address fits is taken
SHEET_SIZES = (12, 10.5, 9, 8, 7)
WIDEST, MOST_LINES = 20.0, 9  # on a sheet in the smallest letters: ems in a line, lines of an address
WIDTHS = {"narrow": (0.36, "iljtfr.,:;'|!()[]- "), "wide": (1.05, "mwMW@%&ŒÆ—")}  # ems, bold; generous


def thermal_labels(rows: Sequence[Row], *, title: str) -> bytes:
    """One page of 10 x 15 cm a parcel, in the order of the batch."""
    return made(THERMAL, rows, title, sizes=THERMAL_SIZES)


def label_sheets(rows: Sequence[Row], *, title: str, first: int = 1) -> bytes:
    """Sheets of 14 labels; the first label comes on position `first` (1 to 14, row by row), so that a begun sheet can be used up."""
    if not 1 <= first <= ON_SHEET:
        raise ValueError(f"a sheet has positions 1 to {ON_SHEET}, not {first}")
    return made(SHEET, rows, title, sizes=SHEET_SIZES, blank=first - 1)


def made(template: Path, rows: Sequence[Row], title: str, *, sizes: Sequence[float], blank: int = 0) -> bytes:
    around = {"title": title, "sender": f"Afzender: {SENDER}", "sizes": sizes, "blank": blank}
    facts = {**around, "labels": [label(row) for row in rows]}
    content = pdf(template, facts)
    let_go_of_pages()
    return content


def label(row: Row) -> dict[str, Any]:
    """What stands on one label; `count` only where a parcel holds more than one package."""
    count = f"{row.quantity} pakketten" if row.quantity > 1 else ""
    return {"number": row.number, "lines": address_lines(row), "bars": code128_svg(row.number), "count": count}


def has_room(lines: Sequence[str]) -> bool:
    """Whether an address surely fits the smallest label in its smallest letters. Rather too strict: nothing is cut."""
    return sum(lines_needed(line) for line in lines) <= MOST_LINES


def lines_needed(text: str) -> int:
    """How many lines of a label a text takes, broken between words; more than there are where a word is wider than a line."""
    needed, room = 1, WIDEST
    for word in text.replace("-", "- ").split():  # a line may also end behind a hyphen
        width = sum(map(width_of, word))
        if width > WIDEST:
            return MOST_LINES + 1
        if width > room:
            needed, room = needed + 1, WIDEST
        room -= width + width_of(" ")
    return needed


def width_of(sign: str) -> float:
    """Ems that a letter takes, rather too many."""
    for width, signs in WIDTHS.values():
        if sign in signs:
            return width
    return 0.8 if sign.isupper() or not sign.isascii() else 0.58
