"""Keeping the bytes that feeds are joined from: written once after a change, most of them by the worker."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import ColumnElement
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError

from weekapp.activities.filters import Filters
from weekapp.db import Busy, db, transaction
from weekapp.feeds import calendar, queries
from weekapp.feeds import pieces as writing
from weekapp.feeds.models import ActivityPiece, CalendarEntry
from weekapp.feeds.queries import MomentId
from weekapp.feeds.rules import Kind

log = structlog.get_logger()
CHUNK = 200  # rows in one statement
AT_A_TIME = 500  # that are written ahead between two transactions


@dataclass(frozen=True, slots=True)
class Fresh:
    """Bytes that were written just now and are not stored yet; `key` is the primary key of their row."""

    key: tuple[Any, ...]
    changed_at: datetime
    recipe: str
    octets: bytes


def entries(which: list[ColumnElement[bool]], filters: Filters, base_url: str) -> tuple[list[bytes], list[Fresh]]:
    """The calendar entries of all moments in order of time, and those among them that should be stored."""
    moments = queries.stored_moments(which, filters, calendar.recipe(base_url))
    fresh = written((moment for moment, octets in moments if octets is None), base_url)
    if not fresh:
        return [octets for _, octets in moments if octets], []
    found = [octets or fresh[moment.occurrence_id].octets for moment, octets in moments if octets or moment.occurrence_id in fresh]
    return found, list(fresh.values())


def written(missing: Iterable[MomentId], base_url: str) -> dict[int, Fresh]:
    """Entries by the id of their moment; a moment that was deleted meanwhile has none."""
    wanted, recipe = list(missing), calendar.recipe(base_url)
    known = queries.moments_with_activity({one.activity_id for one in wanted})
    return {
        one.occurrence_id: Fresh((one.occurrence_id,), calendar.last_change(*pair), recipe, calendar.entry(*pair, base_url))
        for one in wanted
        if (pair := known.get(one.occurrence_id))
    }


def pieces(kind: Kind, which: list[ColumnElement[bool]], base_url: str, *columns: ColumnElement[Any]) -> list[tuple[Any, ...]]:
    """Activities as (id, bytes, and the columns asked for), in no order. What had to be written anew is stored for who asks next."""
    rows: Sequence[Any] = queries.stored_pieces(kind, which, writing.recipe(base_url), *columns)
    fresh = written_pieces([row[0] for row in rows if row[1] is None], base_url)
    if not fresh:
        return [tuple(row) for row in rows]
    of_this_kind = {one.key[0]: one.octets for one in fresh if one.key[1] is kind}
    keep(ActivityPiece, fresh)
    return [(row[0], row[1] or of_this_kind[row[0]], *row[2:]) for row in rows if row[1] or row[0] in of_this_kind]


def written_pieces(missing: Sequence[int], base_url: str) -> list[Fresh]:
    """All pieces of these activities; an activity that was deleted meanwhile has none."""
    recipe = writing.recipe(base_url)
    return [
        Fresh((activity.id, kind), activity.changed_at, recipe, octets)
        for activity in queries.activities(missing)
        for kind, octets in writing.pieces(activity, base_url).items()
    ]


def keep(table: type[CalendarEntry | ActivityPiece], fresh: list[Fresh], *, waits: bool = False) -> None:
    """Store bytes, in a transaction of its own; who only reads a feed `waits` for nobody who writes.

    Where it fails nothing is lost: whoever needs them next writes them anew.
    """
    try:
        with transaction(waits=waits):
            store(table, fresh)
    except (Busy, OperationalError, IntegrityError) as error:  # others write, or what it tells of was just deleted
        log.warning("pieces of feeds not stored", table=table.__tablename__, count=len(fresh), exc_info=error)


def store(table: type[CalendarEntry | ActivityPiece], fresh: list[Fresh]) -> None:
    """Keep bytes; whoever wrote the same ones at the same time wrote the same bytes, so the last one stays."""
    keys = [column.name for column in table.__table__.primary_key]
    rows = [
        dict(zip(keys, one.key, strict=True)) | {"changed_at": one.changed_at, "recipe": one.recipe, "octets": one.octets} for one in fresh
    ]
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    for start in range(0, len(rows), CHUNK):
        insert = dialect.insert(table).values(rows[start : start + CHUNK])
        new = {name: insert.excluded[name] for name in ("changed_at", "recipe", "octets")}
        db.session.execute(insert.on_conflict_do_update(index_elements=keys, set_=new))


def write_ahead(base_url: str) -> int:
    """Write what feeds will ask for and is missing or old; how many. Commits some at a time, so that nobody waits long to write."""
    return entries_ahead(base_url) + pieces_ahead(base_url)


def entries_ahead(base_url: str) -> int:
    many, last = 0, 0
    while missing := queries.missing_entries(calendar.recipe(base_url), after=last, most=AT_A_TIME):
        fresh = written(missing, base_url)
        keep(CalendarEntry, list(fresh.values()), waits=True)
        many, last = many + len(fresh), missing[-1].occurrence_id
    return many


def pieces_ahead(base_url: str) -> int:
    many, last = 0, 0
    while missing := queries.missing_pieces(writing.recipe(base_url), after=last, most=AT_A_TIME):
        fresh = written_pieces(missing, base_url)
        keep(ActivityPiece, fresh, waits=True)
        many, last = many + len(fresh), missing[-1]
    return many
