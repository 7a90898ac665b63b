"""Home, the pages that every public site owes its readers, and what operators watch."""

from flask import Blueprint, Response, render_template

from weekapp import queue
from weekapp.access import operators, public
from weekapp.db import is_reachable
from weekapp.editions import queries as editions

bp = Blueprint("pages", __name__)


@bp.get("/")
@public
def home() -> str:
    """When the Week is, one search box, three ways to take part."""
    return render_template("pages/home.html", edition=editions.current())


@bp.get("/healthz")
@operators
def healthz() -> Response:
    """Alive: this process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@operators
def readyz() -> tuple[dict[str, bool], int]:
    """Ready: database and broker answer."""
    state = {"database": is_reachable(), "broker": queue.is_reachable()}
    return state, 200 if all(state.values()) else 503
