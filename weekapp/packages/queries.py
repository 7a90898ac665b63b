"""Which package is offered, and what the ledger says about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, literal, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from weekapp.accounts.models import User
from weekapp.db import db
from weekapp.packages.models import Item, Package, PackageLine, StockEntry
from weekapp.packages.rules import EFFECT, Movement

CHUNK = 10_000  # SQLite takes at most 32,766 variables in one statement


def offered(edition_id: int) -> list[Package]:
    """The packages that can be ordered for an edition, with their contents: the newest version of each, in the order of the first ones."""
    other = Package.__table__.alias("other")
    newest = select(func.max(other.c.version)).where(
        other.c.edition_id == Package.edition_id, other.c.name == Package.name, other.c.is_offered
    )
    chosen = select(Package).where(Package.edition_id == edition_id, Package.is_offered, Package.version == newest.scalar_subquery())
    first = select(func.min(other.c.id)).where(other.c.edition_id == Package.edition_id, other.c.name == Package.name)
    return list(db.session.scalars(chosen.options(*contents()).order_by(first.scalar_subquery())))


def package(package_id: int) -> Package | None:
    """One package with its contents."""
    return db.session.scalar(select(Package).where(Package.id == package_id).options(*contents()))


def of_edition(edition_id: int) -> list[Package]:
    """All packages of an edition, old versions too, with their contents."""
    return list(db.session.scalars(select(Package).where(Package.edition_id == edition_id).options(*contents()).order_by(Package.id)))


def versions(package: Package) -> list[Package]:
    """All versions of a package in its edition, with their contents, the newest first."""
    rows = select(Package).where(Package.edition_id == package.edition_id, Package.name == package.name)
    return list(db.session.scalars(rows.options(*contents()).order_by(Package.version.desc())))


def items() -> list[Item]:
    """Everything that packages may hold, the oldest first."""
    return list(db.session.scalars(select(Item).order_by(Item.id)))


def item(item_id: int) -> Item | None:
    """One kind of thing."""
    return db.session.get(Item, item_id)


def ledger(package_id: int) -> list[tuple[datetime, Movement, int]]:
    """Every line of the ledger of a package, oldest first: when, what and how many."""
    rows = select(StockEntry.at, StockEntry.kind, StockEntry.quantity).where(StockEntry.package_id == package_id)
    return [(moment, kind, quantity) for moment, kind, quantity in db.session.execute(rows.order_by(StockEntry.at, StockEntry.id))]


def contents() -> tuple[ExecutableOption, ExecutableOption]:
    """Loads what a package holds and what it looks like in the same go."""
    return selectinload(Package.lines).joinedload(PackageLine.item), joinedload(Package.picture)


def movements(package_id: int, *, most: int = 200) -> list[tuple[StockEntry, str]]:
    """The newest lines of the ledger, newest first, each with the name of who did it ('' for the system)."""
    rows = select(StockEntry, func.coalesce(User.name, "")).outerjoin(User, User.id == StockEntry.by_id)
    return [
        (entry, name)
        for entry, name in db.session.execute(rows.where(StockEntry.package_id == package_id).order_by(StockEntry.id.desc()).limit(most))
    ]


@dataclass(frozen=True)
class ItemFigures:
    """How many of one item the packages of an edition hold."""

    name: str
    on_hand: int
    reserved: int
    available: int
    short: int  # for the packages that people wait for


def items_of_edition(edition_id: int, short: Mapping[int, int]) -> list[ItemFigures]:
    """Per item: number on hand, reserved, available and short, over all packages of an edition; `short` packages by id."""
    waited_for = case(*((Package.id == one, number) for one, number in short.items()), else_=0) if short else literal(0)
    lacking = func.sum(PackageLine.count * waited_for)
    on_hand, reserved = func.sum(PackageLine.count * Package.on_hand), func.sum(PackageLine.count * Package.reserved)
    rows = (
        select(Item.name, on_hand, reserved, lacking)
        .join(PackageLine, PackageLine.item_id == Item.id)
        .join(Package, Package.id == PackageLine.package_id)
    )
    rows = rows.where(Package.edition_id == edition_id).group_by(Item.id, Item.name).order_by(Item.id)
    return [ItemFigures(name, there, promised, there - promised, missing) for name, there, promised, missing in db.session.execute(rows)]


def effect(position: int) -> ColumnElement[int]:
    """What a line does to on_hand (0) or reserved (1)."""
    signs = {kind: signs[position] for kind, signs in EFFECT.items()}
    return func.coalesce(func.sum(case(*((StockEntry.kind == kind, StockEntry.quantity * sign) for kind, sign in signs.items()))), 0)


@dataclass(frozen=True)
class Sums:
    """The counters of a package, and what they should be by the ledger."""

    package_id: int
    shown: tuple[int, int]  # on hand, reserved
    booked: tuple[int, int]


def ledger_sums() -> list[Sums]:
    """For each package the counters and the sums of its ledger: they must be equal."""
    rows = select(Package.id, Package.on_hand, Package.reserved, effect(0), effect(1)).outerjoin(
        StockEntry, StockEntry.package_id == Package.id
    )
    rows = rows.group_by(Package.id, Package.on_hand, Package.reserved).order_by(Package.id)
    return [Sums(one, (on_hand, reserved), (there, promised)) for one, on_hand, reserved, there, promised in db.session.execute(rows)]


def reserved_of_orders(order_ids: Iterable[int]) -> dict[int, int]:
    """How many packages each order has reserved at this moment, by the ledger."""
    ids, found = sorted(order_ids), dict[int, int]()
    for start in range(0, len(ids), CHUNK):
        rows = (
            select(StockEntry.order_id, effect(1)).where(StockEntry.order_id.in_(ids[start : start + CHUNK])).group_by(StockEntry.order_id)
        )
        found.update((order_id, reserved) for order_id, reserved in db.session.execute(rows))
    return found


def all_reserved() -> dict[tuple[int, int], int]:
    """(package id, order id): packages reserved by the ledger, where that is not 0."""
    reserved = effect(1)
    rows = select(StockEntry.package_id, StockEntry.order_id, reserved).where(StockEntry.order_id != 0)
    return {(p, o): n for p, o, n in db.session.execute(rows.group_by(StockEntry.package_id, StockEntry.order_id).having(reserved != 0))}


def last_steps(package_id: int, kind: Movement, order_ids: Iterable[int]) -> dict[int, int]:
    """The highest step of each order for this kind of movement; orders without one are absent."""
    ids, found = sorted(order_ids), dict[int, int]()
    for start in range(0, len(ids), CHUNK):
        chosen = (StockEntry.package_id == package_id, StockEntry.kind == kind, StockEntry.order_id.in_(ids[start : start + CHUNK]))
        rows = select(StockEntry.order_id, func.max(StockEntry.step)).where(*chosen).group_by(StockEntry.order_id)
        found.update((order_id, step) for order_id, step in db.session.execute(rows))
    return found
