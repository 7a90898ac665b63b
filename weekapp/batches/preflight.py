"""The check before packing: what of an order does not fit the files of a batch, and what a person should look at (LOG-04).

An **error** never gets into a sealed batch: the order is held, with the reason. A **warning** can go along; who has looked at it may
accept it, and then it is not shown again. Nothing is cut or replaced silently (product.md rule 5).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from weekapp.activities.rules import names_loneliness
from weekapp.batches import labels
from weekapp.batches.profiles import Column, Profile, is_encodable
from weekapp.batches.rows import Row, address_lines
from weekapp.errors import N_
from weekapp.formulas import FORMULA_STARTS
from weekapp.geography.rules import Precision, is_po_box, normalise_postcode
from weekapp.orders.delivery import NOT_FOUND
from weekapp.typesetting import unprintable

ADDRESS = ("postcode", "house_number", "street", "town")
FIELD_OF = {  # where staff mend what a column shows; a mail address or a phone number is the initiator's own
    "recipient": "recipient",
    "attention": "attention",
    "person": "attention",
    "branch": "branch",
    "street": "street",
    "house_number": "house_number",
    "house": "house_number",
    "letter": "house_number",
    "addition": "house_number",
    "suffix": "house_number",
    "postcode": "postcode",
    "postcode_compact": "postcode",
    "town": "town",
}


class Finding(StrEnum):
    """What can be the matter."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_ROOM = "no_room"
    FORMULA = "formula"
    INVISIBLE = "invisible"
    OTHER_LETTER = "other_letter"
    UNPRINTABLE = "unprintable"
    LONELY = "lonely"
    PO_BOX = "po_box"
    UNKNOWN_ADDRESS = "unknown_address"
    NOT_DUTCH = "not_dutch"
    LEFT_EMPTY = "left_empty"
    DOUBTFUL_ADDRESS = "doubtful_address"
    OTHER_TOWN = "other_town"
    DOUBLE_ADDRESS = "double_address"


WARNINGS = frozenset({Finding.LEFT_EMPTY, Finding.DOUBTFUL_ADDRESS, Finding.OTHER_TOWN, Finding.DOUBLE_ADDRESS})

WORDS = {
    Finding.EMPTY: N_("%(column)s is leeg."),
    Finding.TOO_LONG: N_("%(column)s is te lang: %(length)s tekens, er passen er %(most)s."),
    Finding.NO_ROOM: N_("Het adres is te lang voor het etiket."),
    Finding.FORMULA: N_("%(column)s begint met een teken dat een rekenblad uitvoert: %(sign)s"),
    Finding.INVISIBLE: N_("%(column)s heeft een teken dat je niet ziet."),
    Finding.OTHER_LETTER: N_("%(column)s heeft een letter die de vervoerder niet kent: %(signs)s"),
    Finding.UNPRINTABLE: N_("Deze tekens kunnen we niet op de pakbon printen: %(signs)s"),
    Finding.LONELY: N_("Op de doos mag het woord eenzaam niet staan. De buren lezen mee. Kies een kortere naam."),
    Finding.PO_BOX: N_("Het adres is een postbus. Daar kan geen pakket komen."),
    Finding.UNKNOWN_ADDRESS: N_("Het adres is niet gevonden."),
    Finding.NOT_DUTCH: N_("%(postcode)s is geen Nederlandse postcode."),
    Finding.LEFT_EMPTY: N_("%(column)s is te lang voor de vervoerder. Dat vak blijft leeg."),
    Finding.DOUBTFUL_ADDRESS: N_("Het huisnummer is niet gevonden bij deze postcode."),
    Finding.OTHER_TOWN: N_("Bij deze postcode hoort %(town)s."),
    Finding.DOUBLE_ADDRESS: N_("Er gaat nog een bestelling naar dit adres: %(numbers)s. We sturen ze samen."),
}
SHORT_WORDS = {  # without what stands in the order: for lists that are kept
    Finding.EMPTY: N_("Er is een vak leeg."),
    Finding.TOO_LONG: N_("Een regel is te lang voor de vervoerder."),
    Finding.NO_ROOM: WORDS[Finding.NO_ROOM],
    Finding.FORMULA: N_("Een rekenblad zou een regel uitvoeren."),
    Finding.INVISIBLE: N_("Er is een teken dat je niet ziet."),
    Finding.OTHER_LETTER: N_("De vervoerder kent een letter niet."),
    Finding.UNPRINTABLE: N_("We kunnen een teken niet printen."),
    Finding.LONELY: N_("Het woord eenzaam staat op het etiket."),
    Finding.PO_BOX: N_("Het adres is een postbus."),
    Finding.UNKNOWN_ADDRESS: WORDS[Finding.UNKNOWN_ADDRESS],
    Finding.NOT_DUTCH: N_("Het adres is niet in Nederland."),
    Finding.LEFT_EMPTY: N_("Er blijft een vak leeg voor de vervoerder."),
    Finding.DOUBTFUL_ADDRESS: WORDS[Finding.DOUBTFUL_ADDRESS],
    Finding.OTHER_TOWN: N_("Bij de postcode hoort een andere plaats."),
    Finding.DOUBLE_ADDRESS: N_("Er gaat nog een bestelling naar dit adres."),
}


@dataclass(frozen=True)
class Found:
    """One thing about one order; `fields` are those of the address form with which it can be mended."""

    kind: Finding
    fields: tuple[str, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        """Whether the order cannot go along like this."""
        return self.kind not in WARNINGS

    @property
    def text(self) -> str:
        """The sentence of the catalogue, with places for the values."""
        return WORDS[self.kind]

    @property
    def dutch(self) -> str:
        """The sentence as it is written down in the history of the order."""
        return self.text % self.values if self.values else self.text


@dataclass(frozen=True)
class Known:
    """What is known of an order besides its row."""

    precision: Precision
    knows_doors: bool = False  # the geocoder knows house numbers: then an address without one is doubtful
    town: str = ""  # that belongs to the postcode, when another one stands in the order
    others: tuple[str, ...] = ()  # numbers of other orders for this doorstep


def findings(row: Row, chosen: Profile, known: Known) -> list[Found]:
    """Everything about one order, errors first."""
    return [*of_address(row, known), *of_columns(row, chosen), *of_papers(row), *doubts(row, chosen, known)]


def of_address(row: Row, known: Known) -> Iterator[Found]:
    """Whether a parcel can be brought there at all."""
    if is_po_box(row.street) or is_po_box(row.addition):
        yield Found(Finding.PO_BOX, ADDRESS)
    elif normalise_postcode(row.postcode) is None:
        yield Found(Finding.NOT_DUTCH, ADDRESS, {"postcode": row.postcode})
    elif known.precision in NOT_FOUND:
        yield Found(Finding.UNKNOWN_ADDRESS, ADDRESS)


def of_columns(row: Row, chosen: Profile) -> Iterator[Found]:
    """What the carrier's file cannot hold; one column may hold what another holds too, so the same trouble is told once for a field."""
    told: set[tuple[Finding, str]] = set()
    for column in chosen.columns:
        fields = tuple(FIELD_OF[source] for source in (column.source,) if source in FIELD_OF)
        for kind, values in of_cell(column, column.cell(row), chosen.encoding):
            key = (kind, fields[0] if fields else column.name)
            if key not in told:
                told.add(key)
                yield Found(kind, fields, {"column": column.name} | values)


def of_cell(column: Column, cell: str, encoding: str) -> Iterator[tuple[Finding, dict[str, object]]]:
    if column.required and not cell:
        yield Finding.EMPTY, {}
    if column.length and len(cell) > column.length:
        yield Finding.TOO_LONG, {"length": len(cell), "most": column.length}
    if cell.startswith(FORMULA_STARTS):
        yield Finding.FORMULA, {"sign": cell[0]}
    if not cell.isprintable():
        yield Finding.INVISIBLE, {}
    if not is_encodable(cell, encoding):
        yield Finding.OTHER_LETTER, {"signs": "".join(sign for sign in dict.fromkeys(cell) if not is_encodable(sign, encoding))}


def of_papers(row: Row) -> Iterator[Found]:
    """What slips and labels cannot show."""
    lines = address_lines(row)
    signs = unprintable("".join([*lines, row.package]))
    if signs:
        texts = {name: getattr(row, name) for name in ("recipient", "attention", "branch", "street", "town")}
        fields = tuple(name for name, text in texts.items() if set(text.upper() + text) & set(signs))
        yield Found(Finding.UNPRINTABLE, fields, {"signs": signs})
    telling = tuple(name for name in ("recipient", "branch", "attention") if names_loneliness(getattr(row, name)))
    if telling:
        yield Found(Finding.LONELY, telling)
    if not labels.has_room(lines):
        yield Found(Finding.NO_ROOM, ("recipient", "branch", "attention", "street"))


def doubts(row: Row, chosen: Profile, known: Known) -> Iterator[Found]:
    """What a person should look at."""
    for column in chosen.columns:
        if column.is_left_empty(row):
            yield Found(Finding.LEFT_EMPTY, (), {"column": column.name})
    is_sure = known.precision in {Precision.ADDRESS, Precision.BY_HAND} or known.precision in NOT_FOUND
    if known.knows_doors and not is_sure:
        yield Found(Finding.DOUBTFUL_ADDRESS, ADDRESS)
    elif known.town and not is_sure:
        yield Found(Finding.OTHER_TOWN, ADDRESS, {"town": known.town})
    if known.others:
        yield Found(Finding.DOUBLE_ADDRESS, ADDRESS, {"numbers": ", ".join(known.others)})
