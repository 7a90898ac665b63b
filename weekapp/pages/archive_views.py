"""The archive: what there was in former editions, by municipality."""

from flask import Blueprint, render_template

from weekapp import clock
from weekapp.access import public
from weekapp.activities import archive
from weekapp.activities.choices import municipalities_by_province
from weekapp.editions import queries
from weekapp.editions.models import Edition
from weekapp.geography import queries as geography
from weekapp.web import found

bp = Blueprint("archive", __name__)


@bp.get("")
@public
def index() -> str:
    """All editions that are over."""
    return render_template("pages/archive.html", editions=archive.former_editions(clock.today()))


@bp.get("/<int:year>")
@public
def edition(year: int) -> str:
    """Where there was something in an edition, and how much."""
    chosen = former(year)
    counts = archive.counts_by_municipality(chosen.id)
    provinces = {province: [row for row in rows if row.code in counts] for province, rows in municipalities_by_province().items()}
    return render_template(
        "pages/archive_edition.html",
        edition=chosen,
        counts=counts,
        total=sum(counts.values()),
        provinces={province: rows for province, rows in provinces.items() if rows},
    )


@bp.get("/<int:year>/<slug>")
@public
def municipality(year: int, slug: str) -> str:
    """What there was in one municipality."""
    chosen, place = former(year), found(geography.by_slug(slug))
    activities = archive.in_municipality(chosen.id, place.code)
    return render_template("pages/archive_municipality.html", edition=chosen, municipality=place, activities=activities)


def former(year: int) -> Edition:
    """An edition that is over, or 404."""
    chosen = found(queries.by_year(year) if year < 10_000 else None)
    return found(chosen if chosen.last_day < clock.today() else None)
