"""What is printed of a batch: packing slips and labels, in files of so many orders.

The worker makes them when the batch is sealed; a sheet of labels with another start, or slips on larger paper, is made from the same frozen
lines when somebody asks for it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from weekapp.batches import labels, slips
from weekapp.batches.rows import Row, parcels
from weekapp.batches.slips import Paper

SLIPS, THERMAL, SHEETS = "pakbonnen.pdf", "etiketten-10x15.pdf", "etiketten-a4.pdf"


class About(NamedTuple):
    """What stands on a paper besides the orders."""

    batch_id: int
    year: int
    contact_email: str
    contact_phone: str


@dataclass(frozen=True)
class Wish:
    """How somebody wants to print: the paper of the slips, and the first free position on a sheet of labels."""

    paper: Paper = Paper.A5
    first: int = 1

    def name_for(self, file_name: str) -> str:
        """'etiketten-a4-vanaf-5.pdf': beside the sealed file, so that nobody takes one for the other."""
        stem, _, ending = file_name.rpartition(".")
        paper = "" if self.paper is Paper.A5 else f"-{self.paper}"
        return f"{stem}{paper}{f'-vanaf-{self.first}' if self.first > 1 else ''}.{ending}"


AS_SEALED = Wish()


class Part(NamedTuple):
    """A file as it was sealed, and how many orders or parcels are in it."""

    name: str
    row_count: int | None


class Kind(NamedTuple):
    """One kind of paper: so many pages or labels in a file, and how such a file is made."""

    most: int
    of: Callable[[Sequence[Row]], Sequence[Row]]  # each order, or each parcel
    make: Callable[[About, Sequence[Row], Wish], bytes]


def each_order(rows: Sequence[Row]) -> Sequence[Row]:
    """One slip for each initiator, also where several share a parcel; who leads knows who travels along."""
    shared = {row.number: row.along for row in parcels(rows) if row.along}
    return [replace(row, along=shared[row.number]) if row.number in shared else row for row in rows]


def packing_slips(about: About, rows: Sequence[Row], wish: Wish) -> bytes:
    """One page an order, to go into the box."""
    return slips.packing_slips(
        rows,
        title=f"Pakbonnen batch {about.batch_id}",
        contact=f"Vragen? Mail {about.contact_email} of bel {about.contact_phone}.",
        foot=f"Kom Erbij {about.year} · batch {about.batch_id}",
        paper=wish.paper,
    )


def thermal_labels(about: About, rows: Sequence[Row], _wish: Wish) -> bytes:
    """One label a page."""
    return labels.thermal_labels(rows, title=f"Etiketten batch {about.batch_id}")


def label_sheets(about: About, rows: Sequence[Row], wish: Wish) -> bytes:
    """Fourteen labels a page."""
    return labels.label_sheets(rows, title=f"Etiketten batch {about.batch_id}", first=wish.first)


KINDS = {
    SLIPS: Kind(slips.PAGES, each_order, packing_slips),
    THERMAL: Kind(labels.PAGES, parcels, thermal_labels),
    SHEETS: Kind(labels.SHEETS * labels.ON_SHEET, parcels, label_sheets),
}


def kind_of(file_name: str) -> str:
    """'etiketten-a4.pdf' of 'etiketten-a4-2-van-3.pdf'; '' for a file that is not printed from the lines alone."""
    return next((kind for kind in KINDS if file_name == kind or file_name.startswith(kind.removesuffix(".pdf") + "-")), "")


def printed(file_name: str, about: About, rows: Sequence[Row], sealed: Iterable[Part], wish: Wish) -> bytes | None:
    """A file of a sealed batch as somebody wants to print it, from all its rows; None when the batch has no such paper.

    `sealed`: the files of the batch in its order. They say what is in which part: the sizes of today may be others than those of then.
    """
    kind = kind_of(file_name)
    if not kind:
        return None
    left = iter(KINDS[kind].of(rows))
    parts = {part.name: list(islice(left, part.row_count)) for part in sealed if kind_of(part.name) == kind and part.row_count}
    group = parts.get(file_name)
    return KINDS[kind].make(about, group, wish) if group else None
