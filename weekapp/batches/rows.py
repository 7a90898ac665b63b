"""One parcel as the files of a batch show it: frozen texts in, texts out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True)
class Row:
    """One line of a batch. Nothing about the activity: who packs sees an address and a kit (product.md rule 13)."""

    number: str
    quantity: int
    needed_by: date
    recipient: str
    attention: str
    branch: str
    street: str
    house_number: int
    letter: str
    addition: str
    postcode: str
    town: str
    email: str
    phone: str  # national
    package: str
    items: tuple[tuple[str, int], ...]  # name and count in one package


class Packed(NamedTuple):
    """One kind of thing in a parcel."""

    name: str
    each: int  # in one package
    total: int


class File(NamedTuple):
    """One file of a batch, whole."""

    name: str
    media_type: str
    content: bytes


def suffix(row: Row) -> str:
    """What follows the house number: '', 'A', 'bis' or 'A bis'."""
    return " ".join(part for part in (row.letter, row.addition) if part)


def house(row: Row) -> str:
    """The house number as people write it: '12', '12A', '12-2', '12A-bis'."""
    return f"{row.house_number}{row.letter}" + (f"-{row.addition}" if row.addition else "")


def is_mobile(phone: str) -> bool:
    """Whether a national number is a Dutch mobile one."""
    return phone.startswith("06")


# what the columns of a carrier's file may hold
SOURCES: dict[str, Callable[[Row], str]] = {
    "number": lambda row: row.number,
    "quantity": lambda row: str(row.quantity),
    "needed_by": lambda row: row.needed_by.isoformat(),
    "recipient": lambda row: row.recipient,
    "attention": lambda row: row.attention,
    "person": lambda row: row.attention or row.recipient,
    "branch": lambda row: row.branch,
    "street": lambda row: row.street,
    "house_number": lambda row: str(row.house_number),
    "house": house,
    "letter": lambda row: row.letter,
    "addition": lambda row: row.addition,
    "suffix": suffix,
    "postcode": lambda row: row.postcode,
    "postcode_compact": lambda row: row.postcode.replace(" ", ""),
    "town": lambda row: row.town,
    "email": lambda row: row.email,
    "phone": lambda row: row.phone,
    "mobile": lambda row: row.phone if is_mobile(row.phone) else "",
    "landline": lambda row: "" if is_mobile(row.phone) else row.phone,
}


def contents(row: Row) -> Iterator[Packed]:
    """What goes into the parcel."""
    for name, each in row.items:
        yield Packed(name, each, each * row.quantity)


def totals(rows: Iterable[Row]) -> dict[str, int]:
    """How many of each item all parcels together need, in the order of the packages."""
    found: dict[str, int] = {}
    for row in rows:
        for packed in contents(row):
            found[packed.name] = found.get(packed.name, 0) + packed.total
    return found


def address_lines(row: Row) -> list[str]:
    """The lines of the label, as post workers read them; the last one is '1234 AB  PLAATS' (LOG-08)."""
    person = row.attention if row.attention != row.recipient else ""
    lines = [row.recipient, row.branch, person, f"{row.street} {house(row)}", f"{row.postcode}  {row.town.upper()}"]
    return [line for line in lines if line]
