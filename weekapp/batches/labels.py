"""Address labels as tagged PDF: 10 x 15 cm for a thermal printer, and A4 sheets of 14 (Avery L7163) from any position (LOG-08).

On the outside of a parcel stand an address, a neutral sender and the number of the order: no word about what is inside (LOG-07).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from weekapp.batches.rows import Row, address_lines
from weekapp.typesetting import code128_svg, let_go_of_pages, pdf

THERMAL = Path(__file__).with_name("labels_thermal.typ")
SHEET = Path(__file__).with_name("labels_sheet.typ")
ON_SHEET = 14  # 2 columns of 7, each 99.1 x 38.1 mm
PAGES = 250  # labels of a thermal printer in one file
SHEETS = 50  # in one file: as many labels as keep the memory of one file in bounds
SENDER = "Kom Erbij"  # says nothing about loneliness: a housemate may open the door
WIDTHS = ((0.4, "iljtfrI.,:;'|!()[]-"), (1.05, "mwMW@%&ŒÆ—"))  # ems in bold, rather too many; others below
SPACE = 0.3


class Room(NamedTuple):
    """The place for an address on a label, and the letter sizes in points that may be tried, largest first."""

    wide: float  # mm
    high: float
    pitch: float  # from one line to the next, in letter sizes
    sizes: tuple[float, ...]


ON_THERMAL = Room(84, 84, 1.45, (17, 15, 13, 11))
ON_STICKER = Room(50, 27.5, 1.1, (12, 10.5, 9, 8, 7))
MM_OF_POINT = 25.4 / 72


def thermal_labels(rows: Sequence[Row], *, title: str) -> bytes:
    """One page of 10 x 15 cm a parcel, in the order of the batch."""
    return made(THERMAL, rows, title, ON_THERMAL)


def label_sheets(rows: Sequence[Row], *, title: str, first: int = 1) -> bytes:
    """Sheets of 14 labels; the first label comes on position `first` (1 to 14, row by row), so that a begun sheet can be used up."""
    if not 1 <= first <= ON_SHEET:
        raise ValueError(f"a sheet has positions 1 to {ON_SHEET}, not {first}")
    return made(SHEET, rows, title, ON_STICKER, blank=first - 1)


def made(template: Path, rows: Sequence[Row], title: str, room: Room, *, blank: int = 0) -> bytes:
    facts = {"title": title, "sender": f"Afzender: {SENDER}", "blank": blank, "labels": [label(row, room) for row in rows]}
    content = pdf(template, facts)
    let_go_of_pages()
    return content


def label(row: Row, room: Room) -> dict[str, Any]:
    """What stands on one label; `count` only where a parcel holds more than one package."""
    lines, count = address_lines(row), f"{row.quantity} pakketten" if row.quantity > 1 else ""
    size = size_for(lines, room) or room.sizes[-1]
    return {"number": row.number, "lines": lines, "bars": code128_svg(row.number), "count": count, "size": size}


def has_room(lines: Sequence[str]) -> bool:
    """Whether an address surely fits every label. Rather too strict than cut."""
    return size_for(lines, ON_STICKER) > 0 and size_for(lines, ON_THERMAL) > 0


def size_for(lines: Sequence[str], room: Room) -> float:
    """The largest letters with which an address fits, in points; 0 when it fits with none.

    Counted here and not measured by typst, which takes five times the memory for it.
    """
    for size in room.sizes:
        ems = room.wide / (size * MM_OF_POINT)
        needed = [lines_needed(line, ems) for line in lines]
        if all(needed) and sum(needed) * size * room.pitch * MM_OF_POINT <= room.high:
            return size
    return 0


def lines_needed(text: str, ems: float) -> int:
    """How many lines a text takes, broken between words and behind hyphens; 0 when a word is wider than a line."""
    needed, left = 1, ems
    for word in text.replace("-", "- ").split():
        width = sum(map(width_of, word))
        if width > ems:
            return 0
        if width > left:
            needed, left = needed + 1, ems
        left -= width + SPACE
    return needed


def width_of(sign: str) -> float:
    """Ems that a letter takes, rather too many."""
    for width, signs in WIDTHS:
        if sign in signs:
            return width
    return 0.8 if sign.isupper() or not sign.isascii() else 0.58
