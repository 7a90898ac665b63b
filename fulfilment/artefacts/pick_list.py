"""The pick list on paper, as tagged PDF: what to fetch for all parcels together, then what goes into each (A11Y-18)."""

from collections.abc import Sequence
from pathlib import Path

from weekapp.batches.rows import Row, contents, totals
from weekapp.typesetting import let_go_of_pages, pdf

TEMPLATE = Path(__file__).with_name("pick_list.typ")
ORDERS = 500  # in one file, to keep the memory of one file in bounds


def pick_list(rows: Sequence[Row], *, title: str, of_all: Sequence[Row] = ()) -> bytes:
    """These orders with boxes to tick; the first part of a batch begins with the totals of all its orders (`of_all`)."""
    facts = {
        "title": title,
        "totals": [[name, thousands(number)] for name, number in totals(of_all).items()],
        "packages": thousands(sum(row.quantity for row in of_all)),
        "count": thousands(len(of_all)),
        "orders": [line(row) for row in rows],
    }
    made = pdf(TEMPLATE, facts)
    let_go_of_pages()
    return made


def line(row: Row) -> dict[str, str]:
    """One order: who gets it, and how many of each item."""
    items = ", ".join(f"{packed.total} {packed.name}" for packed in contents(row))
    box = f" (in de doos van {row.lead})" if row.lead else ""
    return {"number": row.number, "to": f"{row.recipient}, {row.town}{box}", "packages": f"{row.quantity} × {row.package}", "items": items}


def thousands(number: int) -> str:
    """12.500, as people write it."""
    return f"{number:,}".replace(",", ".")
