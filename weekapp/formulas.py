"""What a spreadsheet would run instead of show (SEC-10): forms refuse it, files disarm it, parcels are held back for it."""

import csv
from io import StringIO

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\0")
MARK = "\ufeff"  # at the start of a CSV file it tells Excel that it is UTF-8


def disarmed(cell: str) -> str:
    """One line that a spreadsheet takes for text, even when it starts like a formula."""
    flat = " ".join("".join(sign if sign.isprintable() else " " for sign in cell).split())
    return f"'{flat}" if flat.startswith(FORMULA_STARTS) else flat


def csv_line(cells: list[str]) -> bytes:
    """A row that a Dutch Excel opens in columns with a double click; cells that people typed are to be disarmed before."""
    out = StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()
