"""Bytes of a spreadsheet, CSV or XLSX, as rows of cells; what cannot be read safely is refused with a sentence."""

import csv
import io
import re
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from weekapp.errors import N_
from weekapp.shipments.rules import MOST_BYTES, MOST_ROWS

Cell = object  # what a spreadsheet holds: text, int, float, bool, date, datetime, time or None
DELIMITERS = ";,\t|"
SAMPLE = 64 * 1024  # characters that tell the delimiter
MOST_COLUMNS = 200
MB = 1024 * 1024
MOST_PARTS = 1000  # files in a workbook
MOST_SHEETS, MOST_TEXTS, MOST_REST = 100 * MB, 40 * MB, 10 * MB  # unpacked bytes of a workbook, before anything is unpacked
MOST_RATIO, FREE_OF_RATIO = 60, 5 * MB  # an honest sheet packs to about a tenth
BROKEN = (  # what openpyxl and zipfile raise on broken or locked files
    BadZipFile,
    InvalidFileException,
    SyntaxError,  # of both XML parsers
    zlib.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
)

NO_TABLE = N_("Dit is geen CSV-bestand en geen Excel-bestand (.xlsx). Vraag de vervoerder om een van die twee.")
BROKEN_BOOK = N_("Dit Excel-bestand is kapot. Open het in Excel en bewaar het opnieuw als .xlsx.")
TOO_BIG = N_("Dit bestand is groter dan 25 MB. Splits het in kleinere bestanden.")
TOO_BIG_INSIDE = N_("Dit Excel-bestand is uitgepakt veel te groot. Bewaar het blad met de zendingen als CSV.")
TOO_MANY_ROWS = N_("Dit bestand heeft meer dan 50.000 rijen. Splits het in kleinere bestanden.")
EMPTY = N_("Dit bestand is leeg.")
ONE_COLUMN = N_("We vinden maar één kolom. Bewaar het bestand als CSV met een puntkomma tussen de kolommen.")
STRANGE_LETTERS = N_("We kunnen de letters in dit bestand niet lezen. Bewaar het in Excel als: CSV UTF-8.")
WRONG_QUOTES = N_("In rij %(row)s klopt een aanhalingsteken niet. Daarna kunnen we het bestand niet lezen.")


class Unreadable(Exception):
    """The file as a whole cannot be used; `message` is a catalogue text, filled by `values`."""

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message)
        self.message, self.values = message, values


@dataclass(frozen=True)
class Table:
    """A header and, one by one, the rows below it, each with its number as the spreadsheet counts them (the first one is 1).

    Taking the next row can raise Unreadable, since nothing is read before it is needed.
    """

    header: list[str]
    rows: Iterator[tuple[int, Sequence[Cell]]]
    delimiter: str = ""  # '' for a workbook
    encoding: str = ""


@contextmanager
def open_table(content: bytes) -> Iterator[Table]:
    """Read a spreadsheet, whatever its name was. Raises Unreadable. Warnings of the reader about odd cells are of no use to anybody."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if len(content) > MOST_BYTES:
            raise Unreadable(TOO_BIG)
        if not content.strip():
            raise Unreadable(EMPTY)
        if content.startswith(b"PK"):
            yield from_rows(rows_of_workbook(content))
        elif content.startswith(b"\xd0\xcf\x11\xe0"):
            raise Unreadable(N_("Dit is een oud Excel-bestand, of het heeft een wachtwoord. Bewaar het als .xlsx zonder wachtwoord."))
        else:
            text, encoding = decoded(content)
            delimiter = delimiter_of(text)
            yield from_rows(rows_of_text(text, delimiter), delimiter=delimiter, encoding=encoding)


def from_rows(rows: Iterator[tuple[int, Sequence[Cell]]], *, delimiter: str = "", encoding: str = "") -> Table:
    """The first row that is not empty is the header."""
    filled = ((number, cells) for number, cells in rows if any(cell not in (None, "") for cell in cells))
    _number, first = next(filled, (0, []))
    header = [" ".join(str(cell).split())[:120] if cell is not None else "" for cell in first]
    if not any(header):
        raise Unreadable(EMPTY)
    if sum(1 for name in header if name) < 2:
        raise Unreadable(ONE_COLUMN)
    return Table(header, at_most(filled), delimiter, encoding)


def at_most(rows: Iterator[tuple[int, Sequence[Cell]]]) -> Iterator[tuple[int, Sequence[Cell]]]:
    """The rows, and Unreadable when there are too many."""
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise Unreadable(TOO_MANY_ROWS)
        yield row


def decoded(content: bytes) -> tuple[str, str]:
    """Text and its encoding: a mark at the beginning decides, else UTF-8 when it is, else Windows-1252 as Excel writes it."""
    for encoding in ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text or text.lstrip().startswith(("<", "%PDF", "{\\rtf")):
            raise Unreadable(NO_TABLE)
        return text, encoding
    raise Unreadable(NO_TABLE if b"\0" in content else STRANGE_LETTERS)


def delimiter_of(text: str) -> str:
    """The sign between the columns: what Excel wrote in a first line `sep=;`, else the one that cuts most lines like the first."""
    said = re.match(r"sep=([;,\t|])\r?\n", text)
    if said:
        return said[1]
    sample = text[:SAMPLE]
    if len(text) > SAMPLE:
        sample = sample[: sample.rfind("\n") + 1]
    return max(DELIMITERS, key=lambda delimiter: fit(sample, delimiter))


def fit(sample: str, delimiter: str) -> tuple[int, int]:
    """How well a delimiter cuts a text: number of lines as wide as the first, and how wide that is; one column is no cut."""
    widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
    if not widths or widths[0] < 2:
        return (0, 0)
    return (sum(1 for width in widths if width == widths[0]), widths[0])


def rows_of_text(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    """The rows of a CSV file (RFC 4180); a quote that is not closed stops the reading instead of swallowing the rest."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Unreadable(WRONG_QUOTES, row=str(number + 1)) from None
        number += 1
        if number == 1 and len(row) <= 2 and row[:1] and row[0].startswith("sep="):
            continue
        yield number, row[:MOST_COLUMNS]


def rows_of_workbook(content: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    """The rows of the first sheet, read one by one."""
    refuse_bomb(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says about its size need not be true
        yield from enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), 1)
    except BROKEN:
        raise Unreadable(BROKEN_BOOK) from None


def refuse_bomb(content: bytes) -> None:
    """Look at what a workbook says it holds before unpacking any of it; zipfile never unpacks more than that."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if not any(part.filename == "xl/workbook.xml" for part in parts):
                raise Unreadable(NO_TABLE)
            if len(parts) > MOST_PARTS or is_too_big({part.filename: part.file_size for part in parts}, len(content)):
                raise Unreadable(TOO_BIG_INSIDE)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and has_own_entities(archive.open(part).read(2048)):
                    raise Unreadable(BROKEN_BOOK)
    except BROKEN:
        raise Unreadable(BROKEN_BOOK) from None


def is_too_big(sizes: dict[str, int], packed: int) -> bool:
    """Whether the parts of a workbook are more than an honest one holds; pictures are never unpacked and do not count."""
    read = {name: size for name, size in sizes.items() if name.endswith((".xml", ".rels"))}
    sheets = sum(size for name, size in read.items() if name.startswith("xl/worksheets/"))
    texts = sum(size for name, size in read.items() if name == "xl/sharedStrings.xml")
    rest = sum(read.values()) - sheets - texts
    if sheets > MOST_SHEETS or texts > MOST_TEXTS or rest > MOST_REST:
        return True
    return sum(read.values()) > max(FREE_OF_RATIO, MOST_RATIO * packed)


def has_own_entities(beginning: bytes) -> bool:
    """Whether an XML part declares a document type: no spreadsheet does, and it is how XML is made to explode."""
    return b"<!DOCTYPE" in beginning.replace(b"\0", b"").upper()
