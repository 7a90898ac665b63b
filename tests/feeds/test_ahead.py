"""Pieces of feeds are written before anybody asks for them, so that a feed only joins stored bytes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, datetime
from threading import Event

import pytest
from sqlalchemy import func, select, update

from fulfilment import tasks
from tests.builders import make_activity, make_occurrence, make_user
from tests.databases import SqliteDatabases
from tests.processes import environment_for, running_valkey, running_worker, send_to, wait_until
from weekapp import cache, clock
from weekapp.activities import changes
from weekapp.activities import service as activities
from weekapp.activities.models import Activity
from weekapp.activities.rules import State
from weekapp.activities.service import NewActivity
from weekapp.config import Settings
from weekapp.db import db, transaction
from weekapp.editions import service as editions
from weekapp.feeds import calendar, pieces, service
from weekapp.feeds.models import ActivityPiece, CalendarEntry
from weekapp.feeds.rules import Kind

BASE = "http://127.0.0.1:8000"
FEEDS = [f"/activiteiten.{ending}" for ending in ("ics", "geojson", "geojson?volledig=1", "json", "csv", "atom")]


def move(activity):
    new = NewActivity(**{field.name: getattr(activity, field.name, None) for field in fields(NewActivity)})
    told = {"town": "Nieuwegein", "audiences": [], "languages": [], "moments": []}
    changes.change(activity, replace(new, **told), [], by=make_user())


def call_off_the_first(activity):
    changes.cancel_moment(activity, activity.occurrences[0], "Ziek", by=make_user())


def say_something_else(activity):
    changes.set_texts(activity, {"title": "Samen taart eten", "description": "Met <slagroom> & aardbeien; of zonder."}, clock.now())


CHANGES = [
    pytest.param(lambda activity: activities.cancel(activity, "Ziek", by=make_user()), id="cancelled"),
    pytest.param(lambda activity: activities.postpone(activity, "Ziek", by=make_user()), id="postponed"),
    pytest.param(lambda activity: activities.withdraw(activity, by=make_user()), id="withdrawn"),
    pytest.param(call_off_the_first, id="one moment called off"),
    pytest.param(say_something_else, id="other texts"),
    pytest.param(move, id="elsewhere"),
]


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))


def stored(table=CalendarEntry):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


def forget(app):
    """All that was written once."""
    with transaction():
        db.session.query(CalendarEntry).delete()
        db.session.query(ActivityPiece).delete()
    cache.layer_of(app).forget()


def test_the_worker_writes_what_is_missing_once(app):
    with transaction():
        for _ in range(3):
            make_activity()
    assert tasks.write_entries() == 3 + 3 * len(Kind)
    assert (stored(), stored(ActivityPiece)) == (3, 3 * len(Kind))
    assert tasks.write_entries() == 0


def test_more_than_fit_in_one_transaction_are_all_written(app, monkeypatch):
    monkeypatch.setattr(service, "AT_A_TIME", 2)
    with transaction():
        activity = make_activity()
        for day in range(6):
            make_occurrence(activity, datetime(2027, 10, 1 + day, 9, tzinfo=UTC))
        for _ in range(4):
            make_activity()
    assert service.write_ahead(BASE) == 11 + 5 * len(Kind)
    assert (stored(), stored(ActivityPiece)) == (11, 5 * len(Kind))


def test_a_changed_moment_is_written_anew_and_no_other(app, at):
    with transaction():
        number = make_activity().id
        make_activity()
    tasks.write_entries()
    at(datetime(2027, 9, 1, 13, tzinfo=UTC))
    with transaction():
        activities.cancel(db.session.get(Activity, number), "Ziek", by=make_user())
    assert tasks.write_entries() == 1 + len(Kind)


def test_what_is_withdrawn_is_written_for_calendars_and_what_was_never_public_is_not(app):
    with transaction():
        make_activity(state=State.WITHDRAWN)
        make_activity(state=State.SUBMITTED, published_at=None)
    assert tasks.write_entries() == 1


@pytest.mark.parametrize(("table", "many"), [(CalendarEntry, 1), (ActivityPiece, len(Kind))])
def test_another_host_or_a_newer_program_has_all_of_them_written_anew(app, table, many):
    with transaction():
        make_activity()
    tasks.write_entries()
    with transaction():
        db.session.execute(update(table).values(recipe="older"))
    assert tasks.write_entries() == many


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_of_what_was_written_ahead_writes_nothing_itself(app, client, monkeypatch, path):
    with transaction():
        make_activity()
    lazily = client.get(path).data
    forget(app)
    tasks.write_entries()
    monkeypatch.setattr(calendar, "entry", lambda *_: pytest.fail("an entry was written"))
    monkeypatch.setattr(pieces, "pieces", lambda *_: pytest.fail("a piece was written"))
    assert client.get(path).data == lazily


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("change", CHANGES)
def test_after_each_kind_of_public_change_a_feed_is_as_if_written_anew(app, client, at, path, change):
    with transaction():
        number = make_activity().id
        make_occurrence(db.session.get(Activity, number), datetime(2027, 10, 2, 9, tzinfo=UTC))
    before = client.get(path).data
    at(datetime(2027, 9, 1, 13, tzinfo=UTC))
    with transaction():
        change(db.session.get(Activity, number))
    joined = client.get(path).data
    forget(app)
    assert joined == client.get(path).data
    says_nothing_of_it = change is call_off_the_first and path == "/activiteiten.geojson"  # slim: of moments only the first, by its time
    assert (joined == before) is says_nothing_of_it


def test_entries_that_cannot_be_stored_are_answered_all_the_same(app, client):
    """The moment is deleted between reading and storing."""
    with transaction():
        make_activity()
    fresh = service.written(service.queries.missing_entries("x", after=0, most=9), BASE)
    fresh_pieces = service.written_pieces(service.queries.missing_pieces("x", after=0, most=9), BASE)
    with transaction():
        db.session.delete(db.session.scalars(select(Activity)).one())
    service.keep(CalendarEntry, list(fresh.values()))
    service.keep(ActivityPiece, fresh_pieces)
    assert stored() == stored(ActivityPiece) == 0


def test_who_reads_a_feed_does_not_wait_for_who_writes(app, client, databases):
    with transaction():
        make_activity()
    has_begun, may_end = Event(), Event()

    def write_for_long():
        with app.app_context(), transaction():
            has_begun.set()
            may_end.wait(10)

    with ThreadPoolExecutor() as pool:
        writing = pool.submit(write_for_long)
        has_begun.wait()
        answers = [client.get(path) for path in FEEDS]
        may_end.set()
        writing.result()
    assert [answer.status_code for answer in answers] == [200] * len(FEEDS)
    many = (0, 0) if isinstance(databases, SqliteDatabases) else (1, len(Kind))
    assert (stored(), stored(ActivityPiece)) == many


@pytest.mark.processes
def test_after_a_public_change_a_real_worker_writes_its_entries_by_itself(app, databases, tmp_path):
    with running_valkey(tmp_path / "broker") as broker:
        environment = environment_for(tmp_path, databases.url, broker)
        former = app.config["SETTINGS"]
        send_to(Settings.from_mapping(environment))
        try:
            with running_worker(environment):
                with transaction():
                    activity = make_activity()
                    editions.touch(activity.edition_id)
                wait_until(lambda: stored() == 1)
        finally:
            send_to(former)
