"""Reading profiles, and telling what of a parcel does not fit one. Nothing is cut silently (product.md rule 5)."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from weekapp.batches.rows import SOURCES, Row
from weekapp.errors import N_, DomainError

FILE = Path(__file__).with_name("profiles.toml")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\0")  # SEC-10: a spreadsheet would run these, and a quote before them breaks an import


class UnknownProfile(DomainError):
    """The setting WEEKAPP_CARRIER_PROFILE, or a batch, names a profile that is not in profiles.toml."""

    def __init__(self, key: str) -> None:
        super().__init__(N_("Het vervoerdersprofiel %(key)s bestaat niet."), key=key)


@dataclass(frozen=True)
class Column:
    """One column: a heading, and what stands below it."""

    name: str
    source: str = ""
    text: str = ""
    length: int = 0  # characters; 0 is no limit
    required: bool = False

    def cell(self, row: Row) -> str:
        """What stands in this column for a parcel."""
        return SOURCES[self.source](row) if self.source else self.text


@dataclass(frozen=True)
class Profile:
    """What one carrier wants to import."""

    key: str
    label: str
    delimiter: str
    encoding: str
    bom: bool
    newline: str
    row_limit: int
    columns: tuple[Column, ...]


@cache
def profiles() -> dict[str, Profile]:
    """All profiles by their key; a mistake in the file stops here."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        key: Profile(key, **table | {"columns": tuple(Column(**column) for column in table["columns"])}) for key, table in tables.items()
    }


def profile(key: str) -> Profile:
    """One profile; raises UnknownProfile."""
    if key not in profiles():
        raise UnknownProfile(key)
    return profiles()[key]


def problems(chosen: Profile, row: Row) -> Iterator[str]:
    """What of this parcel the carrier cannot take, in words for staff."""
    for column in chosen.columns:
        cell = column.cell(row)
        if column.required and not cell:
            yield f"{column.name} is leeg."
        if column.length and len(cell) > column.length:
            yield f"{column.name} is te lang: {len(cell)} tekens, er passen er {column.length}."
        if cell.startswith(FORMULA_STARTS):
            yield f"{column.name} begint met een teken dat een rekenblad uitvoert: {cell[0]!r}."
        if not cell.isprintable():
            yield f"{column.name} heeft een teken dat je niet ziet."
        if not is_encodable(cell, chosen.encoding):
            yield f"{column.name} heeft een letter die de vervoerder niet kent."


def is_encodable(text: str, encoding: str) -> bool:
    """Whether a carrier's encoding has all letters of a text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
