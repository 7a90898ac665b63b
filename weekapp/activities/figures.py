"""Public figures of an edition: counts of activities that go or went on, and of nothing about people."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from weekapp.activities import archive
from weekapp.activities.models import Activity
from weekapp.activities.rules import THEME_WORDS, State, Theme
from weekapp.db import db
from weekapp.geography import reference


@dataclass(frozen=True)
class Figures:
    """How much there is in an edition; every list has the largest first."""

    activities: int
    municipalities: int  # with at least one activity
    without_municipality: int  # of the activities: their place is not known
    by_province: list[tuple[str, int]]
    by_theme: list[tuple[str, int]]  # words of the theme
    can_come_alone: int
    free: int
    step_free: int


def of_edition(edition_id: int) -> Figures:
    """Counted from the activities that are public and not cancelled."""
    by_code = archive.counts_by_municipality(edition_id)
    total, alone, free, step_free = db.session.execute(
        select(
            func.count(),
            func.count().filter(Activity.can_come_alone),
            func.count().filter(Activity.is_free),
            func.count().filter(Activity.wheelchair),
        ).where(*going_on(edition_id))
    ).one()
    return Figures(
        activities=total,
        municipalities=len(by_code),
        without_municipality=total - sum(by_code.values()),
        by_province=by_province(by_code),
        by_theme=by_theme(edition_id),
        can_come_alone=alone,
        free=free,
        step_free=step_free,
    )


def going_on(edition_id: int) -> tuple[ColumnElement[bool], ...]:
    return Activity.edition_id == edition_id, Activity.state == State.PUBLISHED


def by_province(by_code: dict[str, int]) -> list[tuple[str, int]]:
    """Provinces without an activity are left out."""
    counts: dict[str, int] = {}
    for row in reference.municipalities():
        if many := by_code.get(row.code, 0):
            counts[row.province] = counts.get(row.province, 0) + many
    return largest_first(counts)


def by_theme(edition_id: int) -> list[tuple[str, int]]:
    """Themes without an activity are left out."""
    rows = db.session.execute(select(Activity.theme, func.count()).where(*going_on(edition_id)).group_by(Activity.theme))
    return largest_first({THEME_WORDS[Theme(theme)]: many for theme, many in rows})


def largest_first(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
