"""Keeping, showing and forgetting pictures."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import make_activity
from tests.pictures.drawing import photo
from weekapp import clock
from weekapp.activities import service as activities
from weekapp.activities.rules import State
from weekapp.db import db, transaction
from weekapp.pictures import links, queries, service

NOW = datetime(2027, 6, 15, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(at):
    at(NOW)


def test_a_picture_is_not_to_be_had_under_its_address_before_it_is_shown(client):
    with transaction():
        picture = service.keep(photo(), "Een lange tafel met soep")
    path = picture.path
    assert client.get(path).status_code == 404
    with transaction():
        service.show(picture)
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "image/jpeg"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_who_sent_it_sees_it_for_a_day(app, client, at):
    with transaction():
        picture = service.keep(photo(), "Een lange tafel met soep")
    with app.test_request_context():
        path = links.shown(picture).path
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(path.replace(".jpg", "x.jpg")).status_code == 404


def test_publishing_an_activity_shows_its_picture(session):
    picture = service.keep(photo(), "Een lange tafel met soep")
    activity = make_activity(state=State.SUBMITTED, picture_id=picture.id)
    activities.publish(activity, by=activity.initiator)
    assert queries.public_octets(picture.digest)


def test_a_picture_that_nothing_uses_is_forgotten_and_one_that_is_used_stays(session):
    used, unused = service.keep(photo(), "Een tafel").id, service.keep(photo(300), "Een stoel").id
    make_activity(picture_id=used)
    assert service.forget_unused(clock.now() + timedelta(hours=1)) == 1
    db.session.expire_all()
    assert queries.picture(used)
    assert queries.picture(unused) is None
