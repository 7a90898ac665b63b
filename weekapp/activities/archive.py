"""Activities of former editions: they stay readable (product.md, rule 1)."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import func, select

from weekapp import addresses
from weekapp.activities.models import Activity
from weekapp.activities.public import PublicActivity, load
from weekapp.activities.rules import VISIBLE, State
from weekapp.db import db
from weekapp.editions.models import Edition

MOST_ADDRESSES = 50_000  # in one sitemap (sitemaps.org)


def former_editions(today: date) -> list[tuple[Edition, int]]:
    """Editions that are over, the newest first, each with how many activities went on in it."""
    went_on = (Activity.edition_id == Edition.id, Activity.state == State.PUBLISHED)
    counted = select(func.count()).where(*went_on).correlate(Edition).scalar_subquery()
    found = db.session.execute(select(Edition, counted).where(Edition.last_day < today).order_by(Edition.first_day.desc()))
    return [(edition, many) for edition, many in found]


def counts_by_municipality(edition_id: int) -> dict[str, int]:
    """How many activities went on in each municipality (by code) in an edition."""
    chosen = (Activity.edition_id == edition_id, Activity.state == State.PUBLISHED)
    grouped = select(Activity.municipality_code, func.count()).where(*chosen).group_by(Activity.municipality_code)
    return {code: many for code, many in db.session.execute(grouped) if code}


def in_municipality(edition_id: int, code: str) -> list[PublicActivity]:
    """Activities of one municipality in an edition, in the order in which they began; those that were called off too."""
    chosen = [Activity.edition_id == edition_id, Activity.municipality_code == code, Activity.state.in_(VISIBLE)]
    return sorted((one for one in load(chosen) if one.moments), key=lambda one: (one.moments[0].starts_at, one.id))


def all_addresses() -> Iterator[tuple[str, datetime]]:
    """Pages of all activities that everyone may see, with when each changed last; those of the newest edition first."""
    columns = select(Activity.id, Activity.title, Activity.changed_at).join(Edition).where(Activity.state.in_(VISIBLE))
    for number, title, changed_at in db.session.execute(columns.order_by(Edition.first_day.desc(), Activity.id).limit(MOST_ADDRESSES)):
        yield addresses.activity(number, title), changed_at
