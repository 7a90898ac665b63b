"""Sheets for people: the pick list and the orders. Texts are texts: no cell is ever a formula or a link (SEC-10)."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import xlsxwriter

from weekapp.batches.rows import Row, contents, house, totals

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIXED = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # bytes must depend on the rows alone
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDEST = 45  # characters
Cell = str | int


def pick_list(rows: Sequence[Row], title: str) -> bytes:
    """First what to fetch for all parcels together, then what goes into each."""
    items = totals(rows)
    needed: list[list[Cell]] = [[name, number] for name, number in items.items()]
    needed += [["Pakketten", sum(row.quantity for row in rows)], ["Bestellingen", len(rows)]]
    heading = ["Bestelnummer", "Ontvanger", "Pakketten", *items]
    lines: list[list[Cell]] = [[row.number, row.recipient, row.quantity, *counts(row, items)] for row in rows]
    return workbook(title, [("Totaal", ["Onderdeel", "Aantal"], needed), ("Per bestelling", heading, lines)])


def counts(row: Row, items: Iterable[str]) -> list[Cell]:
    """How many of each of these items go into a parcel: one column an item, a fourth of the memory that a line for each would take."""
    there = {packed.name: packed.total for packed in contents(row)}
    return [there.get(name, 0) for name in items]


def orders(rows: Sequence[Row], title: str) -> bytes:
    """Every order with its address, to look something up."""
    heading = ["Bestelnummer", "Pakketten", "Pakket", "Uiterlijk bezorgen", "Ontvanger", "Ter attentie van", "Afdeling"]
    heading += ["Straat", "Huisnummer", "Postcode", "Plaats", "E-mail", "Telefoon", "In de doos van"]
    lines: list[list[Cell]] = [
        [
            *(row.number, row.quantity, row.package, row.needed_by.strftime("%d-%m-%Y"), row.recipient, row.attention, row.branch),
            *(row.street, house(row), row.postcode, row.town, row.email, row.phone, row.lead),
        ]
        for row in rows
    ]
    return workbook(title, [("Bestellingen", heading, lines)])


def workbook(title: str, sheets: Iterable[tuple[str, list[str], list[list[Cell]]]]) -> bytes:
    """A workbook of sheets (name, heading, lines) with a frozen heading and filters; the same input gives the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, SAFE)
    book.set_properties({"title": title, "created": FIXED})
    bold = book.add_format({"bold": True, "bottom": 1})
    for name, heading, lines in sheets:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        for column, words in enumerate(heading):
            widest = max([len(words) + 3, *(len(str(line[column])) + 1 for line in lines)])
            sheet.set_column(column, column, min(widest, WIDEST))
            sheet.write_string(0, column, words, bold)
        for number, line in enumerate(lines, 1):
            for column, cell in enumerate(line):
                sheet.write_number(number, column, cell) if isinstance(cell, int) else sheet.write_string(number, column, cell)
        sheet.autofilter(0, 0, len(lines), len(heading) - 1)
    book.close()
    return out.getvalue()
