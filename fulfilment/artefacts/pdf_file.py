"""Packing slips as tagged PDF: A5, one page an order, with a QR code of its number (LOG-07, A11Y-18)."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst

from fulfilment.artefacts.rows import Packed, Row, address_lines, contents
from weekapp.typesetting import pdf, qr_svg

TEMPLATE = Path(__file__).with_name("slips.typ")
MEDIA_TYPE = "application/pdf"
PAGES = 250  # in one file: a stack that one printer takes, and 140 MB of memory while it is made


def packing_slips(rows: Sequence[Row], *, title: str, contact: str, foot: str) -> bytes:
    """The slips of these parcels in their order. Nothing on them tells what they are for."""
    made = pdf(TEMPLATE, {"title": title, "contact": contact, "foot": foot, "orders": [slip(row) for row in rows]})
    let_go_of_pages()
    return made


def let_go_of_pages() -> None:
    """Keep a worker small: typst remembers the pages of its last ten documents, so set ten empty ones (80 ms; 160 MB instead of 670)."""
    for _ in range(11):
        typst.compile(b"", ignore_system_fonts=True)


def slip(row: Row) -> dict[str, Any]:
    """What stands on one slip."""
    heading = row.package if row.quantity == 1 else f"{row.quantity} × {row.package}"
    items = [{"total": packed.total, "words": words(packed, row.quantity)} for packed in contents(row)]
    return {"number": row.number, "lines": address_lines(row), "heading": heading, "items": items, "qr": qr_svg(row.number)}


def words(packed: Packed, quantity: int) -> str:
    """The item, with the sum behind the number where there is one."""
    return packed.name if quantity == 1 else f"{packed.name} ({quantity} × {packed.each})"


def unprintable(text: str) -> str:
    """The letters and signs of a text that our fonts do not have, such as an emoji; each once."""
    return "".join(sign for sign in dict.fromkeys(text) if not is_printable(sign))


@cache
def is_printable(sign: str) -> bool:
    """Whether a slip with this sign can be made: the only sure way to know is to make one."""
    if sign.isascii():
        return sign.isprintable()
    source = b'#set document(title: "x", date: none)\n#set text(lang: "nl")\n#sys.inputs.text'
    try:
        typst.compile(source, sys_inputs={"text": f"a{sign}"}, pdf_standards=["ua-1"], ignore_system_fonts=True)
    except typst.TypstError:
        return False
    return True
