"""How many activities each further choice of a search would give, to say so beside the choice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from slugify import slugify
from sqlalchemy import CTE, Integer, Select, String, cast, func, literal, select, union_all

from weekapp.activities.filters import YES_WORDS, Filters
from weekapp.activities.matching import YES_CONDITIONS
from weekapp.activities.models import Activity, ActivityAudience, ActivityLanguage, Occurrence
from weekapp.activities.queries import found_by
from weekapp.clock import day_bounds
from weekapp.db import db
from weekapp.geography import reference

Counts = dict[str, dict[str, int]]  # name of a filter -> value as it stands in an address -> how many
SEVERAL = ("dag", "gemeente", "provincie", "thema", "doelgroep", "taal")  # another value widens: counted without the filter itself


def facets(filters: Filters, days: Sequence[date]) -> Counts:
    """For each choice how many activities there are with it and all other filters; a choice that is missing gives none.

    One statement, and one more for each of SEVERAL that is asked for: those are counted as if they were not.
    """
    found: Counts = {name: {} for name in (*SEVERAL, *YES_WORDS)}
    asked = [name for name in SEVERAL if getattr(filters, name)]
    searches = [(filters, [name for name in found if name not in asked])]
    searches += [(without(filters, name), [name]) for name in asked]
    for search, names in searches:
        counted = select(Activity.id, Activity.theme, Activity.municipality_code, *flags()).where(*found_by(search)).cte("counted")
        parts = [part for name in names for part in counts_of(name, counted, search, days)]
        for name, value, many in db.session.execute(union_all(*parts)) if parts else ():
            found[name][value] = found[name].get(value, 0) + many
    return in_spelling_of_addresses(found)


def without(filters: Filters, name: str) -> Filters:
    """The same search without one of SEVERAL."""
    nothing: dict[str, Any] = {name: ()}
    return replace(filters, **nothing)


def flags() -> list[Any]:
    """The yes-filters as columns of 1 and 0."""
    return [cast(condition, Integer).label(name) for name, condition in YES_CONDITIONS.items()]


def counts_of(name: str, counted: CTE, search: Filters, days: Sequence[date]) -> list[Select[str, str, int]]:
    """Rows of (filter, value, how many) for one filter."""
    if name == "dag":
        return [on_day(day, counted) for day in days if (search.van or day) <= day <= (search.tot or day)]
    if name == "doelgroep":
        return [of_several(name, ActivityAudience.audience, ActivityAudience.activity_id, counted)]
    if name == "taal":
        return [of_several(name, ActivityLanguage.language, ActivityLanguage.activity_id, counted)]
    if name in YES_WORDS:
        return [select(literal(name), literal("1"), func.coalesce(func.sum(counted.c[name]), 0))]
    value = cast(counted.c.theme if name == "thema" else counted.c.municipality_code, String)
    return [select(literal(name), value, func.count()).where(value.is_not(None)).group_by(value)]


def of_several(name: str, value: Any, activity_id: Any, counted: CTE) -> Select[str, str, int]:
    """For a table with several values of each activity."""
    return select(literal(name), cast(value, String), func.count()).join(counted, counted.c.id == activity_id).group_by(value)


def on_day(day: date, counted: CTE) -> Select[str, str, int]:
    """How many have a moment that touches a Dutch day."""
    start, end = day_bounds(day)
    many = func.count(Occurrence.activity_id.distinct())
    touched = select(literal("dag"), literal(day.isoformat()), many).join(counted, counted.c.id == Occurrence.activity_id)
    return touched.where(Occurrence.starts_at < end, Occurrence.ends_at > start)


def in_spelling_of_addresses(found: Counts) -> Counts:
    """With slugs of municipalities and provinces in the place of codes."""
    rows = {row.code: row for row in reference.municipalities()}
    by_slug = {rows[code].slug: many for code, many in found["gemeente"].items() if code in rows}
    provinces: dict[str, int] = {}
    for code, many in found["provincie"].items():
        if code in rows:
            slug = slugify(rows[code].province)
            provinces[slug] = provinces.get(slug, 0) + many
    return found | {"gemeente": by_slug, "provincie": provinces}
