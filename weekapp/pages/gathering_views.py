"""Gatherings as everybody sees them: what is coming, what has been, and a page for each."""

from flask import Blueprint, Response, make_response, redirect, render_template

from weekapp import clock
from weekapp.access import public
from weekapp.editions import queries as editions
from weekapp.gatherings import queries, rules
from weekapp.gatherings.event_data import event_data
from weekapp.signups import queries as sign_ups
from weekapp.web import found, settings

bp = Blueprint("gatherings", __name__)
WORDS = {"kind_words": rules.KIND_WORDS, "audience_words": rules.AUDIENCE_WORDS, "attendance_words": rules.ATTENDANCE_WORDS}


@bp.get("")
@public
def index() -> str:
    """What is coming, the first one first; then what has been."""
    coming, been = queries.coming_and_been()
    feed = f"{settings().base_url}/bijeenkomsten.ics"
    return render_template("pages/gatherings.html", coming=coming, been=been, edition=editions.current(), feed=feed, **WORDS)


@bp.get("/<int:gathering_id>")
@public
def by_id(gathering_id: int) -> Response:
    """The short address leads to the readable one."""
    return make_response(redirect(found(queries.one_public(gathering_id)).path, 301))


@bp.get("/<int:gathering_id>-<slug>")
@public
def show(gathering_id: int, slug: str) -> Response:
    """What, when, where, for whom, and how many places are left; an old name in the address leads to the new one."""
    gathering = found(queries.one_public(gathering_id))
    if gathering.path != f"/bijeenkomsten/{gathering_id}-{slug}":
        return make_response(redirect(gathering.path, 301))
    now = clock.now()
    page = render_template(
        "pages/gathering.html",
        gathering=gathering,
        left=sign_ups.places_left(one.occurrence_id for one in gathering.sessions),
        is_over=gathering.ends_at <= clock.day_bounds(clock.today())[0],
        now=now,
        data=event_data(gathering, settings().base_url),
        **WORDS,
    )
    return make_response(page)
