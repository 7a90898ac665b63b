"""Calendar entries are written before anybody asks for them, so that a feed only joins stored bytes."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from fulfilment import tasks
from tests.builders import make_activity, make_occurrence, make_user
from tests.processes import environment_for, running_valkey, running_worker, send_to, wait_until
from weekapp import cache
from weekapp.activities import service as activities
from weekapp.activities.models import Activity
from weekapp.activities.rules import State
from weekapp.config import Settings
from weekapp.db import db, transaction
from weekapp.editions import service as editions
from weekapp.feeds import calendar, service
from weekapp.feeds.models import CalendarEntry

BASE = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))


def stored():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(CalendarEntry))


def test_the_worker_writes_what_is_missing_once(app):
    with transaction():
        for _ in range(3):
            make_activity()
    assert (tasks.write_entries(), stored()) == (3, 3)
    assert tasks.write_entries() == 0


def test_more_than_fit_in_one_transaction_are_all_written(app, monkeypatch):
    monkeypatch.setattr(service, "AT_A_TIME", 2)
    with transaction():
        activity = make_activity()
        for day in range(6):
            make_occurrence(activity, datetime(2027, 10, 1 + day, 9, tzinfo=UTC))
    assert (service.write_ahead(BASE), stored()) == (7, 7)


def test_a_changed_moment_is_written_anew_and_no_other(app, at):
    with transaction():
        number = make_activity().id
        make_activity()
    tasks.write_entries()
    at(datetime(2027, 9, 1, 13, tzinfo=UTC))
    with transaction():
        activities.cancel(db.session.get(Activity, number), "Ziek", by=make_user())
    assert tasks.write_entries() == 1


def test_what_is_withdrawn_is_written_too_and_what_was_never_public_is_not(app):
    with transaction():
        make_activity(state=State.WITHDRAWN)
        make_activity(state=State.SUBMITTED, published_at=None)
    assert tasks.write_entries() == 1


def test_another_host_or_a_newer_program_has_all_of_them_written_anew(app):
    with transaction():
        make_activity()
    tasks.write_entries()
    with transaction():
        db.session.execute(update(CalendarEntry).values(recipe="older"))
    assert tasks.write_entries() == 1


def test_a_feed_of_entries_that_were_written_ahead_writes_none_itself(app, client, monkeypatch):
    with transaction():
        make_activity()
    lazily = client.get("/activiteiten.ics").data
    with transaction():
        db.session.query(CalendarEntry).delete()
    tasks.write_entries()
    cache.layer_of(app).forget()
    monkeypatch.setattr(calendar, "entry", lambda *_: pytest.fail("an entry was written"))
    assert client.get("/activiteiten.ics").data == lazily


def test_entries_that_cannot_be_stored_are_answered_all_the_same(app, client):
    """The moment is deleted between reading and storing."""
    with transaction():
        make_activity()
    fresh = service.written(service.queries.missing_entries("x", after=0, most=9), BASE)
    with transaction():
        db.session.delete(db.session.scalars(select(Activity)).one())
    service.keep(list(fresh.values()), BASE)
    assert stored() == 0


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
