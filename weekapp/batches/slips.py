"""Packing slips as tagged PDF: A5 or A4, one page an order, with the barcode and the QR code of its number (LOG-07, A11Y-18)."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from weekapp.batches.rows import Packed, Row, address_lines, contents
from weekapp.typesetting import code128_svg, let_go_of_pages, pdf, qr_svg

TEMPLATE = Path(__file__).with_name("slips.typ")
PAGES = 250  # in one file: a stack that one printer takes, and 140 MB of memory while it is made


class Paper(StrEnum):
    """What lies in the printer."""

    A5 = "a5"
    A4 = "a4"


def packing_slips(rows: Sequence[Row], *, title: str, contact: str, foot: str, paper: Paper = Paper.A5) -> bytes:
    """The slips of these parcels in their order. Nothing on them tells what they are for."""
    facts = {"title": title, "contact": contact, "foot": foot, "paper": paper.value}
    made = pdf(TEMPLATE, {**facts, "orders": [slip(row) for row in rows]})
    let_go_of_pages()
    return made


def slip(row: Row) -> dict[str, Any]:
    """What stands on one slip."""
    heading = row.package if row.quantity == 1 else f"{row.quantity} × {row.package}"
    items = [{"total": packed.total, "words": words(packed, row.quantity)} for packed in contents(row)]
    codes = {"qr": qr_svg(row.number), "bars": code128_svg(row.number)}
    together = f"Samen in één doos met {', '.join(row.together)}" if row.together else ""
    return {"number": row.number, "lines": address_lines(row), "heading": heading, "together": together, "items": items, **codes}


def words(packed: Packed, quantity: int) -> str:
    """The item, with the sum behind the number where there is one."""
    return packed.name if quantity == 1 else f"{packed.name} ({quantity} × {packed.each})"
