"""What making an answer anew costs after a change: each format by the views of the site, without the layer of stored answers."""

import gzip
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import Client

from tests.bench.installation import Installation
from weekapp.activities.filters import Filters
from weekapp.activities.queries import found_by
from weekapp.app import create_app
from weekapp.cache import layer_of
from weekapp.config import Settings
from weekapp.db import db
from weekapp.feeds import calendar, queries, service
from weekapp.feeds.models import CalendarEntry

T = TypeVar("T")
TIMES = 5
PATHS = {
    "/activiteiten.ics": "calendar",
    "/activiteiten.geojson": "points for the map",
    "/activiteiten.geojson?volledig=1": "everything as GeoJSON",
    "/activiteiten.json": "JSON",
    "/activiteiten.atom": "Atom",
    "/activiteiten.csv": "CSV",
    "/activiteiten": "page of the list",
    "/kaart": "page with the map",
}


@dataclass(frozen=True)
class Made:
    """One format; milliseconds of CPU time, which a busy machine does not blur, are the median of TIMES."""

    what: str
    activities: int
    moments: int
    milliseconds: float
    bytes: int
    gzip_bytes: int


def measure(where: Installation, activities: int) -> list[Made]:
    """Each format, and the parts of the calendar."""
    app = create_app(Settings.from_mapping(where.environment | {"WEEKAPP_FRESH_SECONDS": "3600"}))
    with app.app_context():
        written = first_calendar(app)
        moments = db.session.scalar(select(func.count()).select_from(CalendarEntry)) or 0
        rows = [
            Made("calendar, all entries written anew", activities, moments, written, 0, 0),
            Made("pieces of all other feeds, written anew", activities, moments, first_pieces(), 0, 0),
        ]
        rows += parts_of_calendar(activities, moments)
    browser = Client(layer_of(app).site)
    for path, name in PATHS.items():
        milliseconds, body = timed(lambda path=path: browser.get(path).data)  # type: ignore[misc]
        rows.append(Made(f"{name} ({path})", activities, moments, milliseconds, len(body), len(gzip.compress(body, 6))))
    with app.app_context():
        db.engine.dispose()
    return rows


def first_calendar(app: Flask) -> float:
    """Milliseconds of CPU time of the first calendar, for which every entry must be written."""
    browser = Client(layer_of(app).site)
    begin = time.process_time()
    assert browser.get("/activiteiten.ics").status_code == 200
    return (time.process_time() - begin) * 1000


def first_pieces() -> float:
    """Milliseconds of CPU time for what GeoJSON, JSON, Atom and CSV are joined from."""
    begin = time.process_time()
    assert service.pieces_ahead("http://127.0.0.1:8000") > 0
    return (time.process_time() - begin) * 1000


def parts_of_calendar(activities: int, moments: int) -> list[Made]:
    """Reading stored entries, and joining them."""
    base_url = "http://127.0.0.1:8000"
    which, filters = found_by(Filters()), Filters()
    reading, found = timed(lambda: queries.stored_moments(which, filters, calendar.recipe(base_url)))
    entries, _ = service.entries(which, filters, base_url)
    joining, body = timed(lambda: calendar.calendar("Kom erbij", f"{base_url}/activiteiten.ics", entries))
    assert 0 < len(found) <= moments
    return [
        Made("calendar: reading the stored entries", activities, moments, reading, 0, 0),
        Made("calendar: joining them", activities, moments, joining, len(body), 0),
    ]


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Milliseconds of CPU time (the median) and what was made."""
    spent = []
    for _ in range(TIMES):
        begin = time.process_time()
        made = work()
        spent.append((time.process_time() - begin) * 1000)
    return statistics.median(spent), made
