"""Reading the profiles of carriers, which are data: profiles.toml (LOG-01)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from weekapp.batches.rows import SOURCES, Row
from weekapp.errors import N_, DomainError

FILE = Path(__file__).with_name("profiles.toml")


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
    or_empty: bool = False  # what is too long is left out as a whole, and told: the carrier can do without

    def cell(self, row: Row) -> str:
        """What stands in this column for a parcel."""
        return "" if self.is_left_empty(row) else self.full(row)

    def full(self, row: Row) -> str:
        """What would stand there if there were always room."""
        return SOURCES[self.source](row) if self.source else self.text

    def is_left_empty(self, row: Row) -> bool:
        """Whether the carrier's column is too short for it, and may be empty."""
        return self.or_empty and len(self.full(row)) > self.length


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


def is_encodable(text: str, encoding: str) -> bool:
    """Whether a carrier's encoding has all letters of a text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
