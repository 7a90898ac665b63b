"""Keeping calendar entries: each is written once after a change, most of them by the worker, and joined ever after."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import ColumnElement
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError

from weekapp.activities.filters import Filters
from weekapp.db import db, transaction
from weekapp.feeds import calendar, queries
from weekapp.feeds.models import CalendarEntry
from weekapp.feeds.queries import MomentId

log = structlog.get_logger()
CHUNK = 200  # rows in one statement
AT_A_TIME = 500  # entries that are written ahead between two transactions


@dataclass(frozen=True, slots=True)
class FreshEntry:
    """An entry that was written just now and is not stored yet."""

    occurrence_id: int
    changed_at: datetime
    octets: bytes


def entries(which: list[ColumnElement[bool]], filters: Filters, base_url: str) -> tuple[list[bytes], list[FreshEntry]]:
    """The entries of all moments in order of time, and those among them that should be stored."""
    moments = queries.stored_moments(which, filters, calendar.recipe(base_url))
    fresh = written((moment for moment, octets in moments if octets is None), base_url)
    if not fresh:
        return [octets for _, octets in moments if octets], []
    found = [octets or fresh[moment.occurrence_id].octets for moment, octets in moments if octets or moment.occurrence_id in fresh]
    return found, list(fresh.values())


def written(missing: Iterable[MomentId], base_url: str) -> dict[int, FreshEntry]:
    """Entries by the id of their moment; a moment that was deleted meanwhile has none."""
    wanted = list(missing)
    known = queries.moments_with_activity({one.activity_id for one in wanted})
    return {
        one.occurrence_id: FreshEntry(
            one.occurrence_id, calendar.last_change(*known[one.occurrence_id]), calendar.entry(*known[one.occurrence_id], base_url)
        )
        for one in wanted
        if one.occurrence_id in known
    }


def keep(fresh: list[FreshEntry], base_url: str) -> None:
    """Store entries, in a transaction of its own. Where that fails nothing is lost: whoever needs them next writes them anew."""
    try:
        with transaction():
            store(fresh, base_url)
    except (OperationalError, IntegrityError) as error:  # busy, or a moment was just deleted
        log.warning("calendar entries not stored", count=len(fresh), exc_info=error)


def store(fresh: list[FreshEntry], base_url: str) -> None:
    """Keep entries; whoever wrote the same ones at the same time wrote the same bytes, so the last one stays."""
    recipe = calendar.recipe(base_url)
    rows = [{"occurrence_id": e.occurrence_id, "changed_at": e.changed_at, "recipe": recipe, "octets": e.octets} for e in fresh]
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    for start in range(0, len(rows), CHUNK):
        insert = dialect.insert(CalendarEntry).values(rows[start : start + CHUNK])
        new = {name: insert.excluded[name] for name in ("changed_at", "recipe", "octets")}
        db.session.execute(insert.on_conflict_do_update(index_elements=[CalendarEntry.occurrence_id], set_=new))


def write_ahead(base_url: str) -> int:
    """Write what calendars will ask for and is missing or old; how many. Commits some at a time, so that nobody waits long to write."""
    many, last = 0, 0
    while missing := queries.missing_entries(calendar.recipe(base_url), after=last, most=AT_A_TIME):
        fresh = written(missing, base_url)
        keep(list(fresh.values()), base_url)
        many, last = many + len(fresh), missing[-1].occurrence_id
    return many
