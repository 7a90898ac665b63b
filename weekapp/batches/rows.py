"""One parcel as the files of a batch show it: frozen texts in, texts out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True, slots=True)  # a batch may hold 25,000
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
    lead: str = ""  # number of the order in whose parcel this one travels; '' for a parcel of its own
    along: tuple[str, ...] = ()  # numbers of the orders that travel in this one's parcel

    @property
    def together(self) -> tuple[str, ...]:
        """The other orders in the same parcel, as far as this row knows them: who leads first."""
        return (self.lead,) if self.lead else self.along


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
    row_count: int | None = None  # orders or parcels in it, where it is a part of them


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


def doorstep(row: Row) -> tuple[str, int, str, str]:
    """What makes two addresses the same door."""
    return row.postcode.replace(" ", "").upper(), row.house_number, row.letter.upper(), row.addition.replace(" ", "").upper()


def leads(rows: Iterable[Row], most: int) -> dict[str, str]:
    """Whose parcel each order travels in that has none of its own: order number -> number of the first order to that door.

    Several initiators may have their packages brought to one town hall or library: one parcel for all, of at most `most` packages.
    """
    led: dict[str, str] = {}
    open_parcels: dict[tuple[str, int, str, str], tuple[str, int]] = {}
    for row in rows:
        first, inside = open_parcels.get(doorstep(row), ("", most))
        if inside + row.quantity <= most:
            led[row.number] = first
            open_parcels[doorstep(row)] = first, inside + row.quantity
        else:
            open_parcels[doorstep(row)] = row.number, row.quantity
    return led


def parcels(rows: Sequence[Row]) -> list[Row]:
    """One row for each parcel, in their order: the order that leads, with the packages of all that travel along."""
    along: dict[str, list[Row]] = {}
    for row in rows:
        if row.lead:
            along.setdefault(row.lead, []).append(row)
    return [whole_parcel(row, along.get(row.number, [])) for row in rows if not row.lead]


def whole_parcel(row: Row, others: Sequence[Row]) -> Row:
    """A row with what travels along; needed as early as the earliest of them."""
    if not others:
        return row
    everything = [row, *others]
    quantity, needed_by = sum(one.quantity for one in everything), min(one.needed_by for one in everything)
    return replace(row, quantity=quantity, needed_by=needed_by, along=tuple(one.number for one in others))


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
