"""/cijfers: what anybody may know about how large the Week is."""

from flask import Blueprint, render_template

from weekapp import clock
from weekapp.access import public
from weekapp.activities import archive, figures
from weekapp.editions import queries
from weekapp.geography import reference

bp = Blueprint("figures", __name__)


@bp.get("")
@public
def index() -> str:
    """Figures of the edition that is near or going on, and one line for each former one."""
    edition = queries.current()
    return render_template(
        "pages/figures.html",
        edition=edition,
        figures=figures.of_edition(edition.id) if edition else None,
        all_municipalities=len(reference.municipalities()),
        former=[(one, many, len(archive.counts_by_municipality(one.id))) for one, many in archive.former_editions(clock.today())],
    )
